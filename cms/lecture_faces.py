"""Ties lectures to their public pages: found for the room below, drafted with a new lecture.

Publishing the page opens the lecture, so that an editor publishes in one place. Taking the
page away closes nothing: participants go on, and staff close a lecture with a reason.
"""

from typing import Any

from django.urls import reverse
from wagtail.signals import page_published

from cms import addresses
from cms.lecture_moments import next_turn
from cms.pagecache import register_moment
from people.models import User
from programme.lectures import access, faces, making
from programme.lectures.faces import Face
from programme.models import Lecture


def plug_in() -> None:
    """Called once, when the room starts."""
    from cms.models import LecturePage

    faces.register(find, draft, catalogue)
    register_moment("lectures", next_turn)
    page_published.connect(open_published, sender=LecturePage, dispatch_uid="cms.open_lecture")


def find(lecture: Lecture) -> Face:
    """The lecture's page, a published one first."""
    from cms.models import LecturePage

    page = LecturePage.objects.filter(lecture=lecture).order_by("-live", "pk").first()
    if page is None:
        return Face()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return Face(address=page.url or "" if page.live else "", edit=edit, live=page.live)


def draft(lecture: Lecture, actor: User) -> None:
    """A first draft below the catalogue, with the lecture's own words."""
    from cms.models import LectureIndexPage, LecturePage

    index = LectureIndexPage.objects.filter(locale__language_code="sv").first()
    if index is None or LecturePage.objects.filter(lecture=lecture).exists():
        return
    page = LecturePage(
        title=lecture.unit.title,
        lead=lecture.summary,
        lecture=lecture,
        locale=index.locale,
        live=False,
    )
    index.add_child(instance=page)
    page.save_revision(user=actor)


def catalogue() -> str:
    """The address of the catalogue."""
    from cms.models import LectureIndexPage

    page = LectureIndexPage.objects.live().filter(locale__language_code="sv").first()
    return (page.url if page else "") or f"/{addresses.LECTURES}/"


def open_published(sender: Any, **kwargs: Any) -> None:
    """Whoever published the page opens the lecture, if the role allows it."""
    revision = kwargs.get("revision")
    user = getattr(revision, "user", None)
    if isinstance(user, User) and access.may_make(user):
        making.open_lecture(lecture_id=kwargs["instance"].lecture_id, actor=user)
