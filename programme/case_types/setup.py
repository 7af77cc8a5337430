"""Case types that come with the portal, and laying out one from a definition file."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from audit.operations import operation
from forms_app.models import FormDefinition
from forms_app.setup import ensure_form
from people.access import actor_of
from people.models import Organisation, User
from programme.case_types.actions import take_into_use
from programme.case_types.forms import ensure_free
from programme.case_types.rules import PLAIN
from programme.models import CaseType
from programme.setup import read
from workflows.actions import publish_workflow
from workflows.kinds import forget_sources
from workflows.models import WorkflowDefinition
from workflows.setup import ensure_workflow


def load_case_types(*, actor: User | None = None) -> None:
    """Lay out what comes with the portal; what staff have changed since is theirs."""
    for bundle in read("case_types"):
        ensure_case_type(bundle, actor=actor)


@transaction.atomic
def ensure_case_type(
    bundle: Mapping[str, Any], *, actor: User | None = None, use: bool = True
) -> CaseType:
    """The type of a bundle with its form and workflow; what exists is left as it is.

    :param bundle: ``form``, ``type`` and ``workflow`` in their plain shape.
    :param actor: publishes and takes into use; without one all of it is only drafted.
    :param use: false leaves the workflow a draft and the type out of use.
    """
    plain = bundle["type"]
    who = actor_of(actor) if actor else None
    with operation("case_type.setup", actor=who, subject=plain["key"]):
        ensure_form(actor=actor, **bundle["form"])
        existing = CaseType.objects.filter(key=plain["key"]).first()
        if existing is not None:
            return existing
        ensure_free(plain["key"], plain["prefix"])
        made = CaseType.objects.create(
            key=plain["key"],
            form=FormDefinition.objects.get(key=bundle["form"]["key"]),
            organisation=_organisation(plain.get("organisation")),
            within=_organisation(plain.get("within")),
            **{name: plain[name] for name in PLAIN if name in plain},
        )
        # The workflow is drawn for the type, whose fields its rules ask about.
        forget_sources()
        made.workflow = _workflow(made.key, bundle["workflow"], actor if use else None)
        made.save(update_fields=["workflow"])
        if actor is not None and use:
            made = take_into_use(case_type=made, actor=actor)
        forget_sources()
    return made


def _workflow(
    case_kind: str, plain: Mapping[str, Any], publisher: User | None
) -> WorkflowDefinition:
    """The workflow with its material data; one that is here already is left as it is."""
    known = WorkflowDefinition.objects.filter(key=plain["key"]).first()
    if known is not None:
        return known
    ensure_workflow(key=plain["key"], name=plain["name"], case_kind=case_kind, steps=plain["steps"])
    made = WorkflowDefinition.objects.get(key=plain["key"])
    field: Any = WorkflowDefinition._meta.get_field("material")
    # A case whose amount has changed is not the case that was approved.
    made.material = field.to_python(
        [{"type": "field", "value": name} for name in plain.get("material", [])]
    )
    made.save(update_fields=["material"])
    if publisher is not None:
        publish_workflow(definition=made, actor=publisher, staffed=False)
    return made


def _organisation(code: str | None) -> Organisation | None:
    return Organisation.objects.get(code=code) if code else None
