"""What changes the public pages, and therefore begins a new generation."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.images.models import Image
from wagtail.models import Collection, Locale, Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from cms.models import ContactMessage
from cms.pagecache import writes
from cms.pagecache.generation import renew, renew_on_commit
from people.models import Organisation, Role
from programme.models import (
    Booking,
    BudgetLine,
    Category,
    CategoryPlan,
    GuestList,
    LearningUnit,
    Lecture,
    LectureQuestion,
    LectureTag,
    Module,
    Nomination,
    Occasion,
    Place,
    Programme,
    Quota,
    Recording,
    Registration,
    SeatPlan,
    Setting,
    Venue,
    Wave,
)
from workflows.models import WorkflowDefinition

# Rows whose values stand on the public pages: figures, facts, goals, windows, settings.
SHOWN: tuple[type[Model], ...] = (
    Programme,
    Category,
    CategoryPlan,
    BudgetLine,
    Setting,
    Wave,
    Quota,
    Organisation,
    Nomination,
    Occasion,
    GuestList,
    Venue,
    Booking,
    Role,
    LearningUnit,
    LearningUnit.modules.through,
    Module,
    Lecture,
    LectureQuestion,
    LectureTag,
    Lecture.tags.through,
    Recording,
    Registration,
    SeatPlan,
    Place,
    Site,
    Locale,
    Image,
    Collection,
    # Read with a seat plan, on the page of an event.
    WorkflowDefinition,
)


def _changed(**kwargs: Any) -> None:
    renew_on_commit()


def _restricted(**kwargs: Any) -> None:
    """At once and when committed: between the two nobody may take the page for open."""
    renew()
    renew_on_commit()


def _row_of_this_room(sender: type[Model], **kwargs: Any) -> None:
    """Rows that pages show and that are no pages: documents, reports, whatever comes."""
    if sender._meta.app_label == "cms" and not issubclass(sender, (Page, ContactMessage)):
        renew_on_commit()


def _page_deleted(sender: type[Model], **kwargs: Any) -> None:
    if issubclass(sender, Page):
        renew_on_commit()


def connect() -> None:
    """Listen to everything that changes what visitors see."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(_changed, dispatch_uid="cms.pagecache")
    post_delete.connect(_page_deleted, dispatch_uid="cms.pagecache.deleted")
    for saved_or_deleted in (post_save, post_delete):
        saved_or_deleted.connect(_row_of_this_room, dispatch_uid="cms.pagecache.rows")
        saved_or_deleted.connect(
            _restricted, sender=PageViewRestriction, dispatch_uid="cms.pagecache.restricted"
        )
    writes.watch(*SHOWN)
    writes.connect()
