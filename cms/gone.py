"""When a page about something that people are registered for is taken down: they are told.

Nothing hangs on the page: registrations, invitations and hours are the occasion's own. What
the registered cannot know is that, so they are told, unless another page still tells of it.
"""

from typing import Any

from django.db.models.signals import post_delete
from wagtail.signals import page_unpublished

from cms.models import EventPage, LecturePage
from programme.models import Occasion
from programme.registrations.following import tell_page_gone

KINDS = (EventPage, LecturePage)


def occasions_of(page: EventPage | LecturePage) -> list[int]:
    """What the page told of that no other live page of the kind tells of."""
    if isinstance(page, EventPage):
        others = EventPage.objects.live().filter(occasion=page.occasion_id)
        return [] if others.exclude(pk=page.pk).exists() else [page.occasion_id]
    others = LecturePage.objects.live().filter(lecture=page.lecture_id)
    if others.exclude(pk=page.pk).exists():
        return []
    live = Occasion.objects.filter(
        kind=Occasion.Kind.LECTURE, group=None, unit__lecture=page.lecture_id
    )
    return list(live.values_list("pk", flat=True))


def _time_up(page: EventPage | LecturePage) -> str:
    """The page and since when it was up: what is put up again and taken down is told again."""
    since = page.last_published_at
    return f"page {page.pk} {since:%Y%m%d%H%M%S%f}" if since else f"page {page.pk}"


def _unpublished(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    tell_page_gone(occasions_of(instance), _time_up(instance))


def _deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    # A page that was no longer published has been told of before; a draft told nobody anything.
    if instance.live:
        tell_page_gone(occasions_of(instance), _time_up(instance))


def connect() -> None:
    """Listen to the pages that people register from."""
    for kind in KINDS:
        page_unpublished.connect(_unpublished, sender=kind, dispatch_uid=f"cms.gone.{kind}")
        post_delete.connect(_deleted, sender=kind, dispatch_uid=f"cms.gone.deleted.{kind}")
