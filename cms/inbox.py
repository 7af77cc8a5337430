"""The pages that wait for somebody to read them, for «My work»."""

from collections.abc import Sequence

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision, TaskState

from cms.models import AnotherReadsTask
from people.access import held_by
from people.models import Capability, User
from workflows.sources import Source, Waiting


def waiting_for(user: User) -> QuerySet[TaskState]:
    """The pages that wait for this person, those that have waited longest first.

    What the person has written since the last publication, or sent in, is not among it.
    """
    tasks = AnotherReadsTask.objects.filter(active=True, groups__in=user.groups.all())
    live = Page.objects.filter(
        pk=Cast(OuterRef(OuterRef("workflow_state__object_id")), IntegerField())
    ).values("live_revision_id")
    written = Revision.objects.filter(
        user=user,
        base_content_type=OuterRef("workflow_state__base_content_type"),
        object_id=OuterRef("workflow_state__object_id"),
        pk__gt=Coalesce(Subquery(live), Value(0)),
    )
    states: QuerySet[TaskState] = (
        TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__in=tasks)
        .exclude(workflow_state__requested_by=user)
        .filter(~Exists(written))
        .order_by("started_at", "pk")
    )
    return states


class PagesToRead(Source):
    """Page approvals, beside the cases."""

    key = "pages"
    name = _("Pages to approve")

    def is_for(self, user: User) -> bool:
        """Only those who may approve are asked about at all."""
        return held_by(user).can(Capability.APPROVE_CONTENT)

    def count(self, user: User, at_most: int) -> int:
        """How many pages wait, counted no further than asked."""
        return waiting_for(user).order_by()[:at_most].count()

    def rows(self, user: User, at_most: int) -> Sequence[Waiting]:
        """The pages with where to read them, in one query however many there are."""
        title = Page.objects.filter(
            pk=Cast(OuterRef("workflow_state__object_id"), IntegerField())
        ).values("draft_title")
        states = (
            waiting_for(user)
            .select_related("workflow_state__requested_by")
            .annotate(title=Coalesce(Subquery(title), Value("")))[:at_most]
        )
        return [
            Waiting(
                title=state.title,
                kind=str(_("Page")),
                url=reverse("wagtailadmin_pages:edit", args=[state.workflow_state.object_id]),
                since=state.started_at,
                sent_by=_name(state.workflow_state.requested_by),
            )
            for state in states
        ]


def _name(user: User | None) -> str:
    return user.get_full_name() if user else ""
