"""A case type as a file: with its form and its workflow, carried to another installation.

Only a type that is not here can be taken in, and it is not in use until somebody
who builds has looked at it and said so.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.conditions import BadCondition
from core.exchange import Kind
from forms_app import exchange as form_exchange
from forms_app.building import schema_of
from forms_app.models import FormDefinition
from people.models import Organisation, Role, User
from programme.case_types.rules import PLAIN
from programme.models import CaseType
from workflows import carrying
from workflows.blocks import material_from_stream, steps_from_stream
from workflows.kinds import collisions
from workflows.models import WorkflowDefinition
from workflows.rules import Step, steps_from_plain, steps_to_plain

KIND = "case_type"
_TEXT = {"type": "string", "maxLength": 4000}
_KEY = {"type": "string", "pattern": "^[a-z0-9_-]{1,60}$"}
_KEYS = {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 50}
# As in a workflow's own file; what has a value when it is not named may be left out.
STEP: dict[str, Any] = {
    **carrying.STEP,
    "required": ["key", "name", "role"],
    "properties": {
        **carrying.STEP["properties"],
        "condition": {"anyOf": [*carrying.STEP["properties"]["condition"]["anyOf"], carrying.RULE]},
    },
}

SCHEMA: dict[str, Any] = {
    "$defs": form_exchange.SCHEMA["$defs"],
    "type": "object",
    "additionalProperties": False,
    "required": ["form", "type", "workflow"],
    "properties": {
        # As a form's own file, and the key besides.
        "form": {
            "type": "object",
            "additionalProperties": False,
            "required": ["key", *form_exchange.SCHEMA["required"]],
            "properties": {"key": _KEY, **form_exchange.SCHEMA["properties"]},
        },
        "type": {
            "type": "object",
            "additionalProperties": False,
            "required": ["key", "name", "prefix"],
            "properties": {
                "key": {**_KEY, "pattern": "^[a-z0-9_-]{1,40}$"},
                "name": {"type": "string", "minLength": 1, "maxLength": 80},
                "description": _TEXT,
                "prefix": {"type": "string", "pattern": "^[A-ZÅÄÖ]{1,6}$"},
                "everyone": {"type": "boolean"},
                "starters": _KEYS,
                "readers": _KEYS,
                "belongs_to": {"enum": [one.value for one in CaseType.BelongsTo]},
                "organisation": {"type": ["string", "null"]},
                "within": {"type": ["string", "null"]},
                "organisation_field": {"type": "string", "maxLength": 60},
                "title_field": {"type": "string", "maxLength": 60},
                "subtitle_field": {"type": "string", "maxLength": 60},
                "person_field": {"type": "string", "maxLength": 60},
            },
        },
        "workflow": {
            "type": "object",
            "additionalProperties": False,
            "required": ["key", "name", "steps"],
            "properties": {
                "key": _KEY,
                "name": {"type": "string", "maxLength": 120},
                "material": {"type": "array", "items": {"type": "string", "maxLength": 60}},
                "steps": {"type": "array", "items": STEP, "maxItems": 60},
            },
        },
    },
}


def export(key: str) -> dict[str, Any] | None:
    """The type as it is being built, with its form and workflow."""
    found = (
        CaseType.objects.select_related("form", "workflow", "organisation", "within")
        .filter(key=key)
        .first()
    )
    if found is None or found.workflow is None:
        return None
    plain: dict[str, Any] = {"key": found.key, **{name: getattr(found, name) for name in PLAIN}}
    plain["organisation"] = found.organisation.code if found.organisation else None
    plain["within"] = found.within.code if found.within else None
    return {
        "form": {"key": found.form.key, **schema_of(found.form).to_plain()},
        "type": plain,
        "workflow": {
            "key": found.workflow.key,
            "name": found.workflow.name,
            "material": material_from_stream(found.workflow.material),
            "steps": steps_to_plain(steps_from_stream(found.workflow.steps)),
        },
    }


def problems(key: str, content: Mapping[str, Any]) -> list[str]:
    """What stops the type from being taken in here."""
    plain = content["type"]
    if plain["key"] != key:
        return [_("The file names two different keys.")]
    if CaseType.objects.filter(key=key).exists():
        return [
            _("There is a case type “%(key)s” here already. Change it in the editor.")
            % {"key": key}
        ]
    steps = _steps(content)
    if steps is None:
        return [_("The steps in the file cannot be read.")]
    form = content["form"]
    return [
        *collisions(key, plain["prefix"]).values(),
        *form_exchange.problems(form["key"], {k: v for k, v in form.items() if k != "key"}),
        *_unknown(plain, steps),
    ]


def _steps(content: Mapping[str, Any]) -> Sequence[Step] | None:
    try:
        return steps_from_plain(content["workflow"]["steps"])
    except (KeyError, TypeError, ValueError, AttributeError, BadCondition):
        return None


def _unknown(plain: Mapping[str, Any], steps: Sequence[Step]) -> Iterator[str]:
    named = {role for step in steps for role in step.roles()}
    named |= {*plain.get("starters", ()), *plain.get("readers", ())}
    for role in sorted(named - set(Role.objects.values_list("key", flat=True))):
        yield _("The role “%(role)s” does not exist.") % {"role": role}
    codes = {code for code in (plain.get("organisation"), plain.get("within")) if code}
    known = set(Organisation.objects.filter(code__in=codes).values_list("code", flat=True))
    for code in sorted(codes - known):
        yield _("There is no organisation “%(code)s” here.") % {"code": code}


def changes(key: str, content: Mapping[str, Any]) -> list[str]:
    """What taking it in would make, in words."""
    said = [
        _("The case type “%(name)s” is new. It is not in use.") % {"name": content["type"]["name"]}
    ]
    form, workflow = content["form"], content["workflow"]
    if FormDefinition.objects.filter(key=form["key"]).exists():
        said.append(
            _("The form “%(name)s” is here already and stays as it is.") % {"name": form["name"]}
        )
    if WorkflowDefinition.objects.filter(key=workflow["key"]).exists():
        said.append(
            _("The workflow “%(name)s” is here already and stays as it is.")
            % {"name": workflow["name"]}
        )
    return said


def take_in(key: str, content: Mapping[str, Any], actor: User) -> CaseType:
    """Lay the type out with its form and workflow, for somebody to check and take into use."""
    # The format is known when the application starts; what writes is loaded when it is used.
    from programme.case_types.actions import ensure_may_build
    from programme.case_types.setup import ensure_case_type

    ensure_may_build(actor)
    return ensure_case_type(content, actor=actor, use=False)


CASE_TYPE = Kind(
    key=KIND,
    name=gettext_lazy("Case type"),
    schema=SCHEMA,
    export=export,
    problems=problems,
    changes=changes,
    apply=take_in,
)
