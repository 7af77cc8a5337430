"""Workflows carried between installations: their draft, material data and test cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.operations import operation
from core import conditions, exchange
from people.access import actor_of
from people.models import Role, User
from workflows.actions.definitions import write_draft
from workflows.blocks import material_from_stream, steps_from_stream, stream_from_steps
from workflows.kinds import kind_named
from workflows.models import WorkflowDefinition, WorkflowTest
from workflows.rules import Mode, Step, Verdict, steps_from_plain, steps_to_plain
from workflows.words import Drawn, differences, names_for

KEY: dict[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,58}$"}
FIELD: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 120}
ROLE: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 60}
TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 120}


def _whole(minimum: int, maximum: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": minimum, "maximum": maximum}


def _or_nothing(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [dict(schema), {"type": "null"}]}


def _object(properties: Mapping[str, Any], optional: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
    }


RULE = _object(
    {
        "field": FIELD,
        "operator": {"enum": [operator.value for operator in conditions.Operator]},
        "value": {
            "anyOf": [
                {"type": ["string", "number", "boolean", "null"]},
                {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
            ]
        },
    },
    optional=["value"],
)
RULES = {"type": "array", "minItems": 1, "maxItems": 50, "items": RULE}
STEP = _object(
    {
        "key": KEY,
        "name": TEXT,
        "role": ROLE,
        "mode": {"enum": [mode.value for mode in Mode]},
        "k": _whole(1, 20),
        # The editor's one list of rules; it knows no deeper tree.
        "condition": {
            "anyOf": [_object({"all": RULES}), _object({"any": RULES}), {"type": "null"}]
        },
        "working_days": _whole(0, 60),
        "verdicts": {
            "type": "array",
            "uniqueItems": True,
            "items": {"enum": [verdict.value for verdict in Verdict]},
        },
        "met_by_submission": {"type": "boolean"},
        "fallback_role": _or_nothing(ROLE),
        "branch": {"type": "string", "maxLength": 40},
        "remind_before": _or_nothing(_whole(0, 30)),
        "escalate_to": _or_nothing(ROLE),
        "escalate_after": _whole(0, 60),
        "lapse_after": _or_nothing(_whole(1, 120)),
    }
)
TEST = _object(
    {
        "name": TEXT,
        "data": {
            "type": "object",
            "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"]},
        },
        "turns": {
            "type": "array",
            "items": _object(
                {"step": KEY, "verdict": {"enum": [verdict.value for verdict in Verdict]}}
            ),
        },
        "path": {"type": "array", "items": KEY},
        "outcome": {"enum": WorkflowTest.Outcome.values},
    }
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        {
            "name": TEXT,
            "case_kind": {"type": "string", "minLength": 1, "maxLength": 40},
            "steps": {"type": "array", "items": STEP, "maxItems": 60},
            "material": {"type": "array", "uniqueItems": True, "items": FIELD},
            "tests": {"type": "array", "items": TEST, "maxItems": 200},
        }
    ),
}


def export(key: str) -> dict[str, Any] | None:
    """The draft as plain values; nothing when there is no such workflow."""
    definition = WorkflowDefinition.objects.filter(key=key).first()
    return _plain(definition) if definition else None


def _plain(definition: WorkflowDefinition) -> dict[str, Any]:
    return {
        "name": definition.name,
        "case_kind": definition.case_kind,
        "steps": steps_to_plain(steps_from_stream(definition.steps)),
        "material": material_from_stream(definition.material),
        "tests": [
            {
                "name": test.name,
                "data": test.data,
                "turns": test.turns,
                "path": test.path,
                "outcome": test.outcome,
            }
            for test in definition.tests.order_by("name")
        ],
    }


def problems(key: str, content: Mapping[str, Any]) -> list[str]:
    """Roles, kinds and fields that are missing here, one sentence each."""
    found = []
    kind = kind_named(content["case_kind"])
    if kind is None:
        found.append(_("There is no kind of case called “%s” here.") % content["case_kind"])
    here = WorkflowDefinition.objects.filter(key=key).first()
    if here is not None and here.case_kind != content["case_kind"] and here.versions.exists():
        found.append(
            _("The workflow “%(name)s” is here for another kind of case.") % {"name": here.name}
        )
    steps = steps_from_plain(content["steps"])
    roles = set(Role.objects.values_list("key", flat=True))
    found += [
        _("“%(step)s” names the role “%(role)s”, which does not exist.")
        % {"step": step.name, "role": role}
        for step in steps
        for role in step.all_roles()
        if role not in roles
    ]
    if kind is not None:
        found += _unknown_fields(steps, content["material"], frozenset(kind.condition_fields()))
    names = [test["name"] for test in content["tests"]]
    if len(set(names)) < len(names):
        found.append(_("Two test cases have the same name."))
    return found


def _unknown_fields(
    steps: Sequence[Step], material: Sequence[str], fields: frozenset[str]
) -> list[str]:
    if not fields:
        return []
    found = [
        _("“%(step)s” asks about “%(field)s”, which the case does not have.")
        % {"step": step.name, "field": name}
        for step in steps
        for name in sorted(conditions.fields_of(step.condition) - fields)
    ]
    return found + [
        _("The material data “%(field)s” is not something the case has.") % {"field": name}
        for name in material
        if name not in fields
    ]


def changes(key: str, content: Mapping[str, Any]) -> list[str]:
    """What would be different in the draft here, in words."""
    before = export(key)
    names = names_for(content["case_kind"])
    steps = _as_drafted(steps_from_plain(content["steps"]))
    after = Drawn(steps, content["material"])
    if before is None:
        return differences(Drawn(()), after, names)
    found = []
    if before["name"] != content["name"]:
        found.append(_("The workflow is called “%s”.") % content["name"])
    if before["case_kind"] != content["case_kind"]:
        found.append(_("The workflow is for another kind of case: “%s”.") % content["case_kind"])
    old = Drawn(steps_from_plain(before["steps"]), before["material"])
    return (
        found + differences(old, after, names) + _tests_between(before["tests"], content["tests"])
    )


def _tests_between(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    was, now = {one["name"]: one for one in old}, {one["name"]: one for one in new}
    found = [_("The test case “%s” is new.") % name for name in now if name not in was]
    found += [_("The test case “%s” is taken away.") % name for name in was if name not in now]
    return found + [
        _("The test case “%s” is another.") % name
        for name in now
        if name in was and was[name] != now[name]
    ]


def _as_drafted(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps as the editor gives them back: a lone rule is a list of one."""
    field: Any = WorkflowDefinition._meta.get_field("steps")
    return steps_from_stream(field.to_python(stream_from_steps(steps)))


def apply(key: str, content: Mapping[str, Any], actor: User) -> WorkflowDefinition:
    """Write the draft and its test cases; nothing is published by it."""
    with transaction.atomic(), operation("workflow.import", actor=actor_of(actor), subject=key):
        definition = WorkflowDefinition.objects.select_for_update().filter(
            key=key
        ).first() or WorkflowDefinition(key=key)
        definition.name, definition.case_kind = content["name"], content["case_kind"]
        write_draft(definition, steps_from_plain(content["steps"]), content["material"])
        definition.tests.exclude(name__in=[test["name"] for test in content["tests"]]).delete()
        stored = {test.name: test for test in definition.tests.all()}
        for plain in content["tests"]:
            test = stored.get(plain["name"]) or WorkflowTest(definition=definition)
            for name, value in plain.items():
                setattr(test, name, value)
            test.save()
    return definition


WORKFLOW = exchange.Kind(
    key="workflow",
    name=gettext_lazy("workflow"),
    schema=SCHEMA,
    export=export,
    problems=problems,
    changes=changes,
    apply=apply,
)
