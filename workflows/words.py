"""A workflow in plain sentences, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import conditions
from people.models import Role
from workflows.kinds import kind_named
from workflows.rules import Mode, Step, Verdict


@dataclass(frozen=True)
class Names:
    """What keys are called: roles, and the data of a kind of case."""

    roles: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def role(self, key: str | None) -> str:
        """The role's name; an unknown key is shown as it is."""
        return self.roles.get(key or "", key or "").lower() or "…"

    def field(self, key: str) -> str:
        """The field's name."""
        return self.fields.get(key, key)


def names_for(case_kind: str) -> Names:
    """Names for the workflows of one kind of case."""
    kind = kind_named(case_kind)
    fields = kind.condition_fields() if kind else {}
    return Names(
        dict(Role.objects.values_list("key", "name")),
        {key: str(label) for key, label in fields.items()},
    )


@dataclass(frozen=True)
class Sentence:
    """Everything said about one step: a heading and its sentences."""

    step: Step
    lines: Sequence[str]


def in_words(steps: Sequence[Step], names: Names) -> list[Sentence]:
    """Every rule of every step as a sentence."""
    return [Sentence(step, sentences(step, names)) for step in steps]


def sentences(step: Step, names: Names) -> list[str]:
    """One step's rules, each as a whole sentence."""
    lines = [who_decides(step, names)]
    if step.condition is not None:
        lines.append(
            _("The step applies only when %(condition)s.")
            % {"condition": conditions.in_words(step.condition, names.fields)}
        )
    if step.met_by_submission:
        lines.append(_("It is approved at once when whoever starts the case holds the role."))
    if step.fallback_role:
        lines.append(
            _("When nobody else is left, %(role)s decides.")
            % {"role": names.role(step.fallback_role)}
        )
    lines += [*_about_time(step, names), verdicts_in_words(step)]
    if step.branch:
        lines.append(
            _("It goes on in the branch “%(branch)s”, beside the other branches.")
            % {"branch": step.branch}
        )
    return [f"{line[:1].upper()}{line[1:]}" for line in lines]


def who_decides(step: Step, names: Names) -> str:
    """«One department head decides within 5 working days.»"""
    who = {
        Mode.ANY: _("one %(role)s decides"),
        Mode.ALL: _("every %(role)s must approve"),
        Mode.K_OF_N: _("%(k)d of those who hold the role %(role)s must approve"),
    }[step.mode] % {"role": names.role(step.role), "k": step.k}
    if not step.working_days:
        return _("%(who)s the same day.") % {"who": who}
    days = ngettext("%d working day", "%d working days", step.working_days) % step.working_days
    return _("%(who)s within %(days)s.") % {"who": who, "days": days}


def verdicts_in_words(step: Step) -> str:
    """What can be answered."""
    known = {
        Verdict.APPROVE: _("approve"),
        Verdict.RETURN: _("return with questions"),
        Verdict.DECLINE: _("decline"),
    }
    return _("Possible answers: %(answers)s.") % {
        "answers": ", ".join(known[verdict] for verdict in step.verdicts) or "–"
    }


def _about_time(step: Step, names: Names) -> list[str]:
    lines = []
    if step.remind_before is not None:
        if step.remind_before:
            text = ngettext(
                "A reminder is sent %d working day before it is due.",
                "A reminder is sent %d working days before it is due.",
                step.remind_before,
            )
            lines.append(text % step.remind_before)
        else:
            lines.append(_("A reminder is sent on the day it is due."))
    else:
        lines.append(_("No reminder is sent."))
    if step.escalate_to:
        text = ngettext(
            "When it is %(days)d working day late, %(role)s may decide too.",
            "When it is %(days)d working days late, %(role)s may decide too.",
            step.escalate_after,
        )
        lines.append(text % {"days": step.escalate_after, "role": names.role(step.escalate_to)})
    if step.lapse_after is not None:
        text = ngettext(
            "After %d more working day of silence the case lapses; it is never approved by silence.",
            "After %d more working days of silence the case lapses; "
            "it is never approved by silence.",
            step.lapse_after,
        )
        lines.append(text % step.lapse_after)
    return lines


def material_in_words(material: Sequence[str], names: Names) -> str:
    """What makes earlier approvals void."""
    if not material:
        return _("No answer makes earlier approvals void.")
    return _("When one of these answers changes, earlier approvals hold no more: %(fields)s.") % {
        "fields": ", ".join(names.field(key) for key in material)
    }


@dataclass(frozen=True)
class Drawn:
    """A workflow as it can be compared: its steps and its material data."""

    steps: Sequence[Step]
    material: Sequence[str] = ()


def differences(before: Drawn, after: Drawn, names: Names) -> list[str]:
    """What differs, in words; empty when nothing does."""
    old = {step.key: step for step in before.steps}
    new = {step.key: step for step in after.steps}
    lines = [
        _("The step “%(step)s” is new: %(words)s")
        % {"step": step.name, "words": " ".join(sentences(step, names))}
        for key, step in new.items()
        if key not in old
    ]
    lines += [
        _("The step “%s” is taken away.") % step.name for key, step in old.items() if key not in new
    ]
    both = [key for key in old if key in new]
    for key in both:
        lines += _between(old[key], new[key], names)
    if both != [key for key in new if key in old]:
        order = ", ".join(new[key].name for key in new)
        lines.append(_("The order is another: %s.") % order)
    return lines + _material_between(before.material, after.material, names)


def _between(old: Step, new: Step, names: Names) -> list[str]:
    """One step's changed sentences: what was said, and what is said now."""
    lines = []
    if old.name != new.name:
        lines.append(
            _("The step “%(old)s” is now called “%(new)s”.") % {"old": old.name, "new": new.name}
        )
    said, says = sentences(old, names), sentences(new, names)
    lines += [
        _("“%(step)s” no longer says: %(line)s") % {"step": new.name, "line": line}
        for line in said
        if line not in says
    ]
    lines += [
        _("“%(step)s” now says: %(line)s") % {"step": new.name, "line": line}
        for line in says
        if line not in said
    ]
    return lines


def _material_between(old: Sequence[str], new: Sequence[str], names: Names) -> list[str]:
    lines = [
        _("A changed answer to “%s” now makes earlier approvals void.") % names.field(key)
        for key in new
        if key not in old
    ]
    return lines + [
        _("A changed answer to “%s” no longer makes earlier approvals void.") % names.field(key)
        for key in old
        if key not in new
    ]
