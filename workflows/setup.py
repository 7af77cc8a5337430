"""Workflows that a room brings with it; staff own them from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from audit.operations import operation
from people.access import actor_of
from people.models import User
from workflows.actions.definitions import publish_workflow
from workflows.blocks import stream_from_steps
from workflows.models import MessagePlan, MessageReview, WorkflowDefinition, WorkflowVersion
from workflows.rules import Step, steps_from_plain


@transaction.atomic
def ensure_workflow(
    *,
    key: str,
    name: str,
    case_kind: str,
    steps: Sequence[Step] | Sequence[Mapping[str, Any]],
    actor: User | None = None,
) -> WorkflowVersion | None:
    """Create and publish the workflow if there is none with the key.

    What staff have changed since is never overwritten, and what they have retired stays
    retired. Without an actor the definition is only drafted, for someone to publish.

    :returns: the version in force, if any.
    :raises CannotPublish: when the steps have problems, such as a role that does not exist.
    """
    definition = WorkflowDefinition.objects.filter(key=key).first()
    if definition is None:
        frozen = [step if isinstance(step, Step) else steps_from_plain([step])[0] for step in steps]
        with operation("workflow.setup", actor=actor_of(actor) if actor else None, subject=key):
            definition = WorkflowDefinition(key=key, name=name, case_kind=case_kind)
            field: Any = WorkflowDefinition._meta.get_field("steps")
            definition.steps = field.to_python(stream_from_steps(frozen))
            definition.save(force_insert=True)
    version = definition.versions.filter(retired_at__isnull=True).order_by("-number").first()
    if actor is not None and not definition.versions.exists():
        # Roles are granted once the ground is laid; the daily check says where nobody decides.
        version = publish_workflow(definition=definition, actor=actor, staffed=False)
    return version


@transaction.atomic
def ensure_message_plan(*, valid_from: str, drafts: Sequence[str] = (), **values: Any) -> None:
    """Decide quiet hours from the day on, unless something is decided already.

    :param drafts: kinds of decisions whose messages wait for a colleague, unless staff have
        decided about any kind.
    """
    if not MessageReview.objects.exists():
        with operation("message.review", reason=str(values["decision"])):
            for kind in drafts:
                MessageReview.objects.create(
                    kind=kind, waits=True, decision=str(values["decision"])
                )
    if not MessagePlan.objects.exists():
        with operation("message.plan", reason=str(values["decision"])):
            MessagePlan.objects.create(valid_from=valid_from, **values)
