"""Nobody publishes their own words."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, WorkflowState

from people.models import User

OWN_WORK = _("You have written this yourself. Somebody else approves it.")


def has_written(page: Any, user: User | AnonymousUser) -> bool:
    """Whether the user wrote anything since the page was last published, or sent it in."""
    unpublished = Revision.objects.for_instance(page)
    if page.live and page.live_revision_id:
        unpublished = unpublished.filter(pk__gt=page.live_revision_id)
    if unpublished.filter(user=user).exists():
        return True
    running = WorkflowState.objects.for_instance(page).filter(
        status=WorkflowState.STATUS_IN_PROGRESS
    )
    return bool(running.filter(requested_by=user).exists())
