"""Calendar files: one occasion for one person, and a person's whole subscription.

An entry's identity is the invitation's, so it stays the same through every change; its
number grows with each. An entry names nobody but the portal, and for a protected person
neither what nor where.
"""

import datetime
from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from programme.models import Invitation, Occasion, Venue

# The library's own definition puts the spring change an hour late; this is the rule since 1996.
STOCKHOLM = """BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def address() -> str:
    """The portal's own address, which stands as organiser."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def uid(row: Invitation) -> str:
    """The entry's identity in every calendar, for ever."""
    return f"{row.public_id}@{domain()}"


def domain() -> str:
    """The domain that entries' identities end with."""
    return address().rpartition("@")[2] or "localhost"


def is_off(row: Invitation) -> bool:
    """Whether the entry is cancelled: the occasion is, or this person is not expected."""
    return row.withdrawn_at is not None or row.occasion.state == Occasion.State.CANCELLED


def file_of(row: Invitation, venue: Venue | None, page: str) -> bytes:
    """One occasion as a file for the person's calendar.

    :param page: the absolute address where the person signs in and reads more.
    """
    method = "CANCEL" if is_off(row) else "PUBLISH"
    calendar = _calendar(method)
    calendar.add_component(_event(row, venue, page))
    return bytes(calendar.to_ical())


def public_file(occasion: Occasion, venue: Venue | None, page: str) -> bytes:
    """An event for anybody's calendar; nobody's entry, so it names nobody.

    :param page: the absolute address of the event's own page.
    """
    off = occasion.state == Occasion.State.CANCELLED
    calendar = _calendar("CANCEL" if off else "PUBLISH")
    event = _framed(occasion, f"{occasion.public_id}@{domain()}", occasion.sequence, off, page)
    event.add("class", "PUBLIC")
    _described(event, occasion, venue)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def subscription(rows: Iterable[tuple[Invitation, Venue | None, str]]) -> bytes:
    """Everything a person is expected at; what is off stays, marked as cancelled."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", settings.WAGTAIL_SITE_NAME)
    calendar.add("x-wr-calname", settings.WAGTAIL_SITE_NAME)
    calendar.add("refresh-interval", datetime.timedelta(hours=6))
    for row, venue, page in rows:
        calendar.add_component(_event(row, venue, page))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(STOCKHOLM))
    return calendar


def _event(row: Invitation, venue: Venue | None, page: str) -> Event:
    occasion = row.occasion
    event = _framed(occasion, uid(row), occasion.sequence + row.sequence, is_off(row), page)
    event.add("class", "PRIVATE")
    if row.person.protected:
        event.add("summary", _("Training"))
        return event
    _described(event, occasion, venue)
    return event


def _framed(occasion: Occasion, identity: str, sequence: int, off: bool, page: str) -> Event:
    """Identity, time and sender: what an entry holds whatever may be said of it."""
    event = Event()
    event.add("uid", identity)
    event.add("sequence", sequence)
    event.add("dtstamp", timezone.now().astimezone(datetime.UTC))
    event.add("dtstart", timezone.localtime(occasion.starts_at))
    event.add("dtend", timezone.localtime(occasion.ends_at))
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("url", page)
    organiser = vCalAddress(f"mailto:{address()}")
    organiser.params["cn"] = vText(settings.WAGTAIL_SITE_NAME)
    event.add("organizer", organiser)
    return event


def _described(event: Event, occasion: Occasion, venue: Venue | None) -> None:
    event.add("summary", occasion.title)
    if occasion.online:
        event.add("location", _("Online"))
    elif venue is not None:
        event.add("location", f"{venue.name}, {venue.address}")
