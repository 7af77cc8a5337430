"""Everything dated that one may come to, with its page and its registration: for the page of events."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.models.base import in_language
from cms.models.lecture import LecturePage
from people.models import User
from programme.models import Lecture, Occasion, Venue
from programme.registrations import access
from programme.registrations.open_occasions import open_to, tags_of, taking_registrations
from programme.venues.booking import booked_venues, hours_in_words
from programme.venues.queries import State as Tag

#: What a visitor may choose among.
KINDS: tuple[tuple[str, str | Promise], ...] = (
    (Occasion.Kind.EVENT, _("Dissemination event")),
    (Occasion.Kind.LECTURE, _("Live lecture")),
    (Occasion.Kind.TRAINING, _("Open training occasion")),
)


@dataclass(frozen=True)
class Wanted:
    """What a visitor has asked to see; nonsense is nothing in particular."""

    past: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """One occasion."""

    occasion: Occasion
    title: str
    when: str
    # The venue with its address and town, or that it is held on line; empty when neither is decided.
    place: str
    kind: str
    # Its public page, when there is one.
    url: str
    cancelled: bool
    # Whether the reader may register now; nobody knows that of whoever has not signed in.
    registers: bool
    own: Tag | None


def wanted(request: HttpRequest) -> Wanted:
    """What the address asks for."""
    kind = request.GET.get("typ", "")
    return Wanted(
        past=request.GET.get("nar") == "tidigare",
        kind=kind if kind in dict(KINDS) else "",
    )


def occasions(
    pages: dict[int, Page], lectures: dict[int, Page], user: User | None, now: datetime.datetime
) -> "QuerySet[Occasion]":
    """What the reader may know of: what a page tells, and for those within what they may come to."""
    known = Q(pk__in=list(pages)) | Q(
        kind=Occasion.Kind.LECTURE, group=None, unit__lecture__in=list(lectures)
    )
    if user is not None and access.may_look(user):
        known |= Q(pk__in=taking_registrations(now).order_by().values("occasion"))
    return Occasion.objects.filter(known).select_related("unit__lecture")


def chosen(
    found: "QuerySet[Occasion]", choice: Wanted, now: datetime.datetime
) -> "QuerySet[Occasion]":
    """The coming ones, the first first, or those that are over, the latest first."""
    if choice.kind:
        found = found.filter(kind=choice.kind)
    if choice.past:
        return found.filter(ends_at__lte=now).order_by("-starts_at", "pk")
    return found.filter(ends_at__gt=now).order_by("starts_at", "pk")


def lecture_pages(locale_id: int) -> dict[int, Page]:
    """The page of each lecture that is open, by the lecture."""
    live = LecturePage.objects.live().public().filter(lecture__state=Lecture.State.OPEN)
    return {page.lecture_id: page for page in in_language(live, locale_id)}


def rows(
    found: list[Occasion],
    pages: dict[int, Page],
    lectures: dict[int, Page],
    request: HttpRequest,
    now: datetime.datetime,
) -> list[Row]:
    """The occasions as the page shows them; three queries, however many there are."""
    user = getattr(request, "user", None)
    person = access.person_of(user) if isinstance(user, User) else None
    own = tags_of(person, found)
    plans = taking_registrations(now).filter(occasion__in=found)
    if isinstance(user, User):
        plans = open_to(plans, person, now)
    open_now = set(plans.values_list("occasion", flat=True))
    venues = booked_venues(found)
    made = []
    for one in found:
        lecture = getattr(one.unit, "lecture", None) if one.unit else None
        page = pages.get(one.pk) or (lectures.get(lecture.pk) if lecture else None)
        made.append(
            Row(
                occasion=one,
                title=page.title if page else one.title,
                when=hours_in_words(one.starts_at, one.ends_at),
                place=_place(one, venues.get(one.pk)),
                kind=capfirst(str(one.get_kind_display())),
                url=(page.get_url(request) or "") if page else "",
                cancelled=one.state == Occasion.State.CANCELLED,
                registers=one.pk in open_now,
                own=own.get(one.pk),
            )
        )
    return made


def _place(occasion: Occasion, venue: Venue | None) -> str:
    """Where one goes, with the town; an address that tells it is not told it again."""
    if venue is None:
        return _now("Online") if occasion.online else ""
    place, town = f"{venue.name}, {venue.address}", venue.district.short_name
    return place if town.lower() in place.lower() else f"{place}, {town}"
