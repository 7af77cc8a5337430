"""Published versions: read once a process, because they never change."""

from functools import lru_cache

from django.utils.translation import gettext as _

from workflows.errors import CannotOpen
from workflows.models import WorkflowDefinition, WorkflowVersion
from workflows.rules import Step, steps_from_plain


@lru_cache(maxsize=512)
def steps_of(version_id: int) -> tuple[Step, ...]:
    """The frozen steps of a version, in order."""
    plain = WorkflowVersion.objects.values_list("steps", flat=True).get(pk=version_id)
    return steps_from_plain(plain)


@lru_cache(maxsize=512)
def material_of(version_id: int) -> tuple[str, ...]:
    """The keys whose change makes approvals void in cases of a version."""
    return tuple(WorkflowVersion.objects.values_list("material", flat=True).get(pk=version_id))


def step_named(version_id: int, key: str) -> Step | None:
    """One step of a version by its key."""
    return next((step for step in steps_of(version_id) if step.key == key), None)


def current_version(definition_key: str) -> WorkflowVersion:
    """The version that new cases start on.

    :raises CannotOpen: when nothing has been published, or the workflow is retired.
    """
    version = (
        WorkflowVersion.objects.filter(definition__key=definition_key, retired_at__isnull=True)
        .order_by("-number")
        .first()
    )
    if version is None:
        definition = WorkflowDefinition.objects.filter(key=definition_key).first()
        if definition is not None and definition.versions.exists():
            raise CannotOpen(
                _("The workflow “%s” is retired: no new cases start. Ask the project office.")
                % definition.name
            )
        raise CannotOpen(_("The workflow “%s” has not been published yet.") % definition_key)
    return version
