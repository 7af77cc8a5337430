"""The pages and documents that wait for somebody to read them, for «My work»."""

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision, TaskState

from cms.models import AnotherReadsTask
from cms.models.document import Publication
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


_COLUMNS = ("what", "thing", "title", "since", "first_name", "last_name")
_NAMES: dict[str, tuple[str | Promise, str]] = {
    "page": (_("Page"), "wagtailadmin_pages:edit"),
    "document": (_("Document"), "document_decide"),
}


def _pages(user: User) -> QuerySet[TaskState, dict[str, Any]]:
    title = Page.objects.filter(
        pk=Cast(OuterRef("workflow_state__object_id"), IntegerField())
    ).values("draft_title")
    found: QuerySet[TaskState, dict[str, Any]] = (
        waiting_for(user)
        .order_by()
        .annotate(
            what=Value("page"),
            thing=Cast("workflow_state__object_id", BigIntegerField()),
            title=Subquery(title),
            since=F("started_at"),
            first_name=Coalesce("workflow_state__requested_by__first_name", Value("")),
            last_name=Coalesce("workflow_state__requested_by__last_name", Value("")),
        )
        .values(*_COLUMNS)
    )
    return found


def _documents(user: User) -> QuerySet[Publication, dict[str, Any]]:
    """Versions that somebody else has put there and asked to be let out."""
    found: QuerySet[Publication, dict[str, Any]] = (
        Publication.objects.filter(state=Publication.State.WAITING)
        .exclude(asked_by=user)
        # Whoever put the file there does not decide; a file from the start has nobody.
        .exclude(version__created_by__isnull=False, version__created_by=user)
        .order_by()
        .annotate(
            what=Value("document"),
            thing=F("pk"),
            title=F("version__document__title"),
            since=F("asked_at"),
            first_name=F("asked_by__first_name"),
            last_name=F("asked_by__last_name"),
        )
        .values(*_COLUMNS)
    )
    return found


class ToPublish(Source):
    """Pages and documents that wait for a second person, beside the cases: one question for both."""

    key = "pages"
    name = _("Pages and documents to approve")

    def is_for(self, user: User) -> bool:
        """Only those who may approve are asked about at all."""
        held = held_by(user)
        return held.can(Capability.APPROVE_CONTENT) or held.can(Capability.MANAGE_CONTENT)

    def count(self, user: User, at_most: int) -> int:
        """How many wait, counted no further than asked."""
        return self._waiting(user)[:at_most].count()

    def rows(self, user: User, at_most: int) -> Sequence[Waiting]:
        """The things with where to read them, in one query however many there are."""
        return [_row(found) for found in self._waiting(user).order_by("since", "thing")[:at_most]]

    def _waiting(self, user: User) -> QuerySet[Any, dict[str, Any]]:
        held = held_by(user)
        parts: list[QuerySet[Any, dict[str, Any]]] = []
        if held.can(Capability.APPROVE_CONTENT):
            parts.append(_pages(user))
        # The right that ``cms.documents.actions`` asks for.
        if held.can(Capability.MANAGE_CONTENT):
            parts.append(_documents(user))
        return parts[0].union(*parts[1:], all=True)


def _row(found: dict[str, Any]) -> Waiting:
    word, address = _NAMES[found["what"]]
    return Waiting(
        title=found["title"] or "",
        kind=str(word),
        url=reverse(address, args=[found["thing"]]),
        since=found["since"],
        sent_by=f"{found['first_name']} {found['last_name']}".strip(),
    )
