"""Publishing a workflow: from a draft that staff edit to a version that never changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from workflows import publishing
from workflows.blocks import (
    material_from_stream,
    steps_from_stream,
    stream_from_material,
    stream_from_steps,
)
from workflows.errors import CannotPublish
from workflows.models import WorkflowDefinition, WorkflowVersion
from workflows.rules import Step, digest_of, steps_from_plain, steps_to_plain


@transaction.atomic
def publish_workflow(
    *, definition: WorkflowDefinition, actor: User, staffed: bool = True
) -> WorkflowVersion:
    """Freeze the definition's steps as a new version; cases that run stay on theirs.

    Publishing the same steps again returns the version that is in force.

    :param staffed: false only where the ground is laid, before anybody holds a role. A case that
        nobody could decide is still refused when it is opened.
    :raises CannotPublish: with every problem in words.
    """
    definition = WorkflowDefinition.objects.select_for_update().get(pk=definition.pk)
    problems = publishing.problems_of(definition, on=timezone.localdate(), staffed=staffed)
    if problems:
        raise CannotPublish([problem.message for problem in problems])
    plain = steps_to_plain(steps_from_stream(definition.steps))
    material = material_from_stream(definition.material)
    digest = digest_of({"steps": plain, "material": material})
    current = definition.versions.filter(retired_at__isnull=True).order_by("-number").first()
    if current is not None and current.digest == digest:
        return current
    now = timezone.now()
    number = definition.versions.aggregate(last=Max("number"))["last"] or 0
    with operation("workflow.publish", actor=actor_of(actor), subject=definition.key):
        definition.versions.filter(retired_at__isnull=True).update(retired_at=now)
        return WorkflowVersion.objects.create(
            definition=definition,
            number=number + 1,
            steps=plain,
            material=material,
            digest=digest,
            published_at=now,
            published_by_name=actor.get_full_name(),
        )


@transaction.atomic
def retire_workflow(*, definition: WorkflowDefinition, actor: User, reason: str) -> None:
    """Let no new cases start; those that run go on to their end.

    :raises CannotPublish: when nothing is in force, or the reason is missing.
    """
    definition = WorkflowDefinition.objects.select_for_update().get(pk=definition.pk)
    in_force = definition.versions.filter(retired_at__isnull=True)
    if not in_force.exists():
        raise CannotPublish([_("No version is in force, so there is nothing to retire.")])
    if not says(reason):
        raise CannotPublish([_("Write why the workflow is retired.")])
    with operation(
        "workflow.retire", actor=actor_of(actor), subject=definition.key, reason=reason.strip()
    ):
        in_force.update(retired_at=timezone.now())


@transaction.atomic
def restore_version(*, version: WorkflowVersion, actor: User) -> WorkflowDefinition:
    """Put an older version's steps in the draft; nothing is published by it."""
    with operation(
        "workflow.restore",
        actor=actor_of(actor),
        subject=version.definition.key,
        reason=_("Version %(number)d") % {"number": version.number},
    ):
        return write_draft(
            WorkflowDefinition.objects.select_for_update().get(pk=version.definition_id),
            steps_from_plain(version.steps),
            version.material,
        )


def write_draft(
    definition: WorkflowDefinition, steps: Sequence[Step], material: Sequence[str]
) -> WorkflowDefinition:
    """Save the draft with these steps; inside the caller's operation."""
    field: Any = WorkflowDefinition._meta.get_field("steps")
    definition.steps = field.to_python(stream_from_steps(steps))
    other: Any = WorkflowDefinition._meta.get_field("material")
    definition.material = other.to_python(stream_from_material(material))
    definition.save()
    return definition
