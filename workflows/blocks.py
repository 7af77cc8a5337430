"""StreamField blocks that staff build workflows from, and reading them back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core import conditions
from core.editor import KeyBlock
from workflows.rules import ALL_VERDICTS, Mode, Step, Verdict

OPERATORS = [(operator.value, words) for operator, words in conditions.OPERATOR_WORDS.items()]
TEST_ALL, TEST_ANY = "all", "any"


def role_choices() -> list[tuple[str, str]]:
    """Every role that exists now; asked when the editor opens, not at import."""
    from people.models import Role

    return [(role.key, role.name) for role in Role.objects.order_by("name")]


def field_choices() -> list[tuple[str, str]]:
    """What conditions may ask about, from every kind of case."""
    from workflows.kinds import all_kinds

    return [
        (key, f"{label} ({kind.name})")
        for kind in all_kinds()
        for key, label in kind.condition_fields().items()
    ]


class LiveChoiceBlock(blocks.ChoiceBlock):
    """A choice among rows that exist now; to read a stored value asks the database nothing."""

    def normalize_choice(self, value: Any) -> Any:
        """The stored key as it is: whether it still exists is for the check before publishing."""
        return value


class RuleBlock(blocks.StructBlock):
    """One row of a condition."""

    field = LiveChoiceBlock(choices=field_choices, label=_("field"))
    operator = blocks.ChoiceBlock(choices=OPERATORS, label=_("operator"))
    value = blocks.CharBlock(
        label=_("value"), required=False, help_text=_("Several values are separated by commas.")
    )

    class Meta:
        icon = "list-ul"
        label = _("rule")


KEY_LENGTH = 59


def key_from(name: str) -> str:
    """A step's key made from its name, for staff who need not think one up."""
    words = slugify(name).replace("-", "_")
    return words[:58] if words[:1].isalpha() else f"s_{words}"[:58].rstrip("_")


class StepBlock(blocks.StructBlock):
    """One step of a workflow: who decides what, by when."""

    key = KeyBlock(
        label=_("key"),
        help_text=_("Made from the name the first time you save, and never changed afterwards."),
    )
    name = blocks.CharBlock(
        max_length=120, label=_("name"), help_text=_("What is done here, such as “Prioritise”.")
    )
    role = LiveChoiceBlock(choices=role_choices, label=_("who decides"))
    mode = blocks.ChoiceBlock(
        choices=[
            (Mode.ANY.value, _("one of those who hold the role")),
            (Mode.ALL.value, _("all who hold the role")),
            (Mode.K_OF_N.value, _("a number of those who hold the role")),
        ],
        default=Mode.ANY.value,
        label=_("how many approve"),
    )
    k = blocks.IntegerBlock(
        min_value=1, max_value=20, default=1, label=_("the number, where a number approves")
    )
    test = blocks.ChoiceBlock(
        choices=[(TEST_ALL, _("all rules are met")), (TEST_ANY, _("one of the rules is met"))],
        default=TEST_ALL,
        label=_("the step applies when"),
    )
    rules = blocks.ListBlock(
        RuleBlock(),
        default=[],
        required=False,
        label=_("rules"),
        help_text=_("Without rules the step always applies."),
    )
    working_days = blocks.IntegerBlock(
        min_value=0, max_value=60, default=5, label=_("working days until it is due")
    )
    verdicts = blocks.MultipleChoiceBlock(
        choices=[
            (Verdict.APPROVE.value, _("approve")),
            (Verdict.RETURN.value, _("return with questions")),
            (Verdict.DECLINE.value, _("decline")),
        ],
        default=[verdict.value for verdict in ALL_VERDICTS],
        label=_("possible answers"),
    )
    met_by_submission = blocks.BooleanBlock(
        required=False,
        default=False,
        label=_("met by the submission"),
        help_text=_("When whoever starts the case holds the role, the step is approved at once."),
    )
    fallback_role = LiveChoiceBlock(
        choices=role_choices,
        required=False,
        label=_("who decides when nobody is left"),
    )

    branch = blocks.CharBlock(
        max_length=40,
        required=False,
        label=_("branch"),
        help_text=_(
            "Steps in a row with branches go on beside each other, branch by branch. "
            "Leave empty for one step after the other."
        ),
    )
    remind_before = blocks.IntegerBlock(
        min_value=0,
        max_value=30,
        required=False,
        default=1,
        label=_("reminder, working days before it is due"),
        help_text=_("Leave empty for no reminder."),
    )
    escalate_to = LiveChoiceBlock(
        choices=role_choices, required=False, label=_("who may decide too when it is late")
    )
    escalate_after = blocks.IntegerBlock(
        min_value=0, max_value=60, default=2, label=_("working days late before that")
    )
    lapse_after = blocks.IntegerBlock(
        min_value=1,
        max_value=120,
        required=False,
        label=_("working days of silence after that until the case lapses"),
        help_text=_("Leave empty for never. Nothing is ever approved by silence."),
    )

    class Meta:
        icon = "user"
        label = _("step")

    def clean(self, value: Any) -> Any:
        """The step with a key: its own, or one made from its name."""
        cleaned = super().clean(value)
        if not cleaned.get("key"):
            cleaned["key"] = key_from(cleaned.get("name") or "")
        return cleaned


class MaterialBlock(LiveChoiceBlock):
    """A field of the case whose change makes earlier approvals void."""

    choices = staticmethod(field_choices)

    class Meta:
        icon = "lock"
        label = _("field")


def material_from_stream(stream: Iterable[Any]) -> list[str]:
    """The drafted material fields, each once, in order."""
    return list(dict.fromkeys(str(child.value) for child in stream if child.value))


def steps_from_stream(stream: Iterable[Any]) -> tuple[Step, ...]:
    """The drafted steps as the rules know them."""
    return tuple(_step(child.value) for child in stream)


def _step(value: Any) -> Step:
    """One step; also of a form that is still being filled in, whose numbers are text."""
    rules = [_rule(rule) for rule in value.get("rules") or [] if rule.get("field")]
    condition: conditions.Condition | None = None
    if rules:
        together = conditions.AnyOf if value.get("test") == TEST_ANY else conditions.AllOf
        condition = together(tuple(rules))
    return Step(
        key=value.get("key") or "",
        name=value.get("name") or "",
        role=value.get("role") or "",
        mode=Mode(value.get("mode") or Mode.ANY),
        k=_number(value.get("k")) or 1,
        condition=condition,
        working_days=_number(value.get("working_days")) or 0,
        verdicts=tuple(Verdict(verdict) for verdict in value.get("verdicts") or ()),
        met_by_submission=bool(value.get("met_by_submission")),
        fallback_role=value.get("fallback_role") or None,
        branch=(value.get("branch") or "").strip(),
        remind_before=_number(value.get("remind_before")),
        escalate_to=value.get("escalate_to") or None,
        escalate_after=_number(value.get("escalate_after")) or 0,
        lapse_after=_number(value.get("lapse_after")),
    )


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _rule(value: Any) -> conditions.Rule:
    text = (value.get("value") or "").strip()
    operator = value.get("operator") or conditions.Operator.EQUALS
    parts: Any = text
    if operator == conditions.Operator.IS_ONE_OF:
        parts = tuple(part.strip() for part in text.split(",") if part.strip())
    return conditions.Rule(value["field"], operator, parts)


def stream_from_steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Raw StreamField data for the steps, for the workflows a room sets up.

    :raises ValueError: for a condition deeper than the editor's one list of rules.
    """
    return [{"type": "step", "value": _raw(step)} for step in steps]


def stream_from_material(material: Iterable[str]) -> list[dict[str, Any]]:
    """Raw StreamField data for the material fields."""
    return [{"type": "field", "value": key} for key in material]


def _raw(step: Step) -> dict[str, Any]:
    test, rules = _rows(step.condition)
    return {
        "key": step.key,
        "name": step.name,
        "role": step.role,
        "mode": step.mode.value,
        "k": step.k,
        "test": test,
        "rules": [{"type": "item", "id": str(uuid.uuid4()), "value": rule} for rule in rules],
        "working_days": step.working_days,
        "verdicts": [verdict.value for verdict in step.verdicts],
        "met_by_submission": step.met_by_submission,
        "fallback_role": step.fallback_role or "",
        "branch": step.branch,
        "remind_before": step.remind_before,
        "escalate_to": step.escalate_to or "",
        "escalate_after": step.escalate_after,
        "lapse_after": step.lapse_after,
    }


def _rows(condition: Any) -> tuple[str, list[dict[str, Any]]]:
    match condition:
        case None:
            return TEST_ALL, []
        case conditions.Rule():
            return TEST_ALL, [_row(condition)]
        case conditions.AllOf(parts) | conditions.AnyOf(parts):
            if not all(isinstance(part, conditions.Rule) for part in parts):
                raise ValueError("the editor knows one list of rules, not a tree")
            test = TEST_ANY if isinstance(condition, conditions.AnyOf) else TEST_ALL
            return test, [_row(part) for part in parts if isinstance(part, conditions.Rule)]
    raise ValueError(f"not a condition: {condition!r}")


def _row(rule: conditions.Rule) -> dict[str, Any]:
    value = rule.value
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, tuple | list):
        text = ", ".join(str(part) for part in value)
    else:
        text = "" if value is None else str(value)
    return {"field": rule.field, "operator": rule.operator, "value": text}
