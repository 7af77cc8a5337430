"""Whom a case waits for, since when, why just them, and what silence leads to: in words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workdays import working_days_between
from people.models import Organisation, Role, RoleAssignment
from workflows import access, clock
from workflows.actions import engine
from workflows.models import Case, StepEvent, WorkItem
from workflows.rules import Position, Step


@dataclass(frozen=True)
class Waiting:
    """A step that waits now, and who may decide it."""

    step: Step
    item: WorkItem
    holders: Sequence[access.Decider]
    # Who would decide if it had not been handed over.
    by_role: access.Resolved | None = None


def waiting_in(run: engine.Run, position: Position) -> list[Waiting]:
    """The steps that wait, in the workflow's order."""
    if run.case.state != Case.State.WAITING:
        return []
    found = []
    for place in position.places:
        item = run.item(place.step.key)
        if item is not None:
            resolved = run.deciders(place.step)
            by_role = run.resolve([place.step], place.step).get(place.step.key)
            holders = resolved.holders if resolved else ()
            found.append(Waiting(place.step, item, holders, by_role))
    return found


def waiting_words(waiting: Waiting, today: datetime.date, *, name_step: bool) -> str:
    """«Waiting for department head: a name, 2 working days left», after the step's name."""
    words = _waiting_words(waiting.item, waiting.holders, today)
    return f"{waiting.step.name}: {words[:1].lower()}{words[1:]}" if name_step else words


def _waiting_words(item: WorkItem, holders: Sequence[access.Decider], today: datetime.date) -> str:
    if not holders:
        return _("Waiting, but nobody holds the role that decides. Ask the project office.")
    role = holders[0].role_name.lower()
    names = ", ".join(named(holder) for holder in holders[:3])
    if len(holders) > 3:
        names += " " + _("and %(more)d more") % {"more": len(holders) - 3}
    left = working_days_between(today, item.due_on)
    if left > 0:
        time = ngettext("%d working day left", "%d working days left", left) % left
    elif item.due_on < today:
        late = max(-left, 1)
        time = ngettext("%d working day late", "%d working days late", late) % late
    else:
        time = _("due today")
    return _("Waiting for %(role)s: %(names)s, %(time)s") % {
        "role": role,
        "names": names,
        "time": time,
    }


def named(holder: access.Decider) -> str:
    """The name, and whose deputy it is."""
    if not holder.for_name:
        return holder.name
    return _("%(deputy)s (deputy for %(name)s)") % {
        "deputy": holder.name,
        "name": holder.for_name,
    }


def notes(run: engine.Run, waiting: Sequence[Waiting]) -> list[str]:
    """Why just these people decide, and what comes if they do not; two or three reads."""
    if not waiting:
        return []
    usual = _usual_levels({role for each in waiting for role in each.step.roles()})
    line = {
        org.pk: org for org in Organisation.objects.filter(pk__in=run.case.organisation.lineage)
    }
    roles = dict(Role.objects.values_list("key", "name"))
    done: dict[tuple[int, str], dict[str, datetime.date]] = {}
    for event in run.case.step_events.all():
        days = done.setdefault((event.round, event.step_key), {})
        days[event.kind] = timezone.localdate(event.at)
    found = []
    for each in waiting:
        lines = [
            _handed_words(each.item),
            _level_words(run, each, usual, line, roles),
            _ahead_words(each, done.get((each.item.round, each.step.key), {}), roles),
        ]
        prefix = f"{each.step.name}: " if len(waiting) > 1 else ""
        found += [prefix + words for words in lines if words]
    return found


def _handed_words(item: WorkItem) -> str:
    if item.assigned_to is None:
        return ""
    return _("The step has been handed over to %(name)s.") % {
        "name": item.assigned_to.get_full_name()
    }


def _usual_levels(roles: set[str]) -> dict[str, str]:
    """At which kind of organisation each role is mostly held today."""
    rows = (
        RoleAssignment.objects.on(timezone.localdate())
        .filter(role_id__in=roles)
        .values("role_id", "organisation__kind")
        .annotate(n=Count("pk"))
        .order_by("n", "organisation__kind")
    )
    return {row["role_id"]: row["organisation__kind"] for row in rows}


def _level_words(
    run: engine.Run,
    each: Waiting,
    usual: Mapping[str, str],
    line: Mapping[int, Organisation],
    roles: Mapping[str, str],
) -> str:
    """Why somebody above the unit decides: nobody holds the role there, or they may not."""
    if each.by_role is None or each.item.assigned_to_id is not None:
        return ""
    wanted, by = each.step.role, each.by_role.holders[0]
    words = {
        "role": roles.get(wanted, wanted).lower(),
        "deciding": by.role_name.lower(),
        "above": by.organisation_name,
        "unit": run.case.organisation.name,
    }
    if by.role_key != wanted:
        return (
            _(
                "Nobody who is %(role)s can decide for %(unit)s, so %(deciding)s, %(above)s, decides."
            )
            % words
        )
    lineage = run.case.organisation.lineage
    below = lineage[lineage.index(by.organisation_id) + 1 :]
    for node in reversed(below):
        if (wanted, node) in run.levels:
            return _(
                "Whoever is %(role)s at %(where)s may not decide in this case, "
                "so %(deciding)s, %(above)s, decides."
            ) % {**words, "where": line[node].name}
        if line[node].kind == usual.get(wanted):
            return _("%(where)s has no %(role)s now, so %(deciding)s, %(above)s, decides.") % {
                **words,
                "where": line[node].name,
            }
    return ""


def _ahead_words(each: Waiting, done: Mapping[str, datetime.date], roles: Mapping[str, str]) -> str:
    """What happens on which day if nobody decides."""
    step, item = each.step, each.item
    opened = timezone.localdate(item.opened_at)
    coming = clock.ahead(clock.Waited(step, opened, item.due_on, done))
    today = timezone.localdate()
    parts = []
    if coming.reminder and coming.reminder >= today:
        parts.append(_("a reminder is sent %(day)s") % {"day": _day(coming.reminder)})
    if coming.escalation and step.escalate_to:
        parts.append(
            _("from %(day)s also %(role)s may decide")
            % {
                "day": _day(coming.escalation),
                "role": roles.get(step.escalate_to, step.escalate_to).lower(),
            }
        )
    if coming.lapse:
        parts.append(_("the case lapses %(day)s") % {"day": _day(coming.lapse)})
    if not parts:
        return ""
    return _("If nobody decides: %(what)s.") % {"what": "; ".join(parts)}


def _day(day: datetime.date) -> str:
    return date_format(day, "j b")


def late_words(event: StepEvent) -> str:
    """What has happened to a waiting step, for the timeline."""
    words = {"step": event.step_name, "to": event.to_words}
    return {
        StepEvent.Kind.REMINDED: _("Reminder about “%(step)s”."),
        StepEvent.Kind.ESCALATED: _("“%(step)s” is late: %(to)s may decide too."),
        StepEvent.Kind.OFFICE_TOLD: _("“%(step)s” stands still: the project office was told."),
        StepEvent.Kind.LAPSED: _("“%(step)s” stayed silent: the case has lapsed."),
        StepEvent.Kind.REASSIGNED: _("handed “%(step)s” over to %(to)s.")
        if event.by_name
        else _("“%(step)s” goes back to %(to)s."),
        StepEvent.Kind.MOVED: _("moved the case to %(to)s."),
    }[StepEvent.Kind(event.kind)] % words
