"""Calendars: the same entry through every change, right over summer time, and nobody's name."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from audit.operations import operation
from programme.models import CalendarFeed, Invitation, Occasion
from programme.occasions import calendar, changing, feeds
from programme.occasions.inviting import withdraw
from tests.clients import signed_in
from tests.programme.occasions.builders import STOCKHOLM, Scene, at, occasion_in

PAGE = "https://example.org/tillfallen/x/svar/"


def event_of(content: bytes) -> Any:
    parsed = Calendar.from_ical(content)
    return next(part for part in parsed.walk("VEVENT"))


def row_of(scene: Scene, occasion: Occasion) -> Invitation:
    return Invitation.objects.select_related("occasion", "person").get(
        occasion=occasion, person=scene.members[0].person
    )


def entry(scene: Scene, occasion: Occasion) -> Any:
    return event_of(calendar.file_of(row_of(scene, occasion), scene.venue, PAGE))


def test_the_entry_is_the_same_through_changes_and_its_number_grows(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue)
    first = entry(scene, occasion)
    changing.change(
        occasion_id=occasion.pk,
        wanted=changing.as_it_is(occasion, starts_at=at(2), ends_at=at(2, 12)),
        reason="Salen byts",
        actor=scene.office,
        despite_warnings=True,
    )
    second = entry(scene, occasion)
    changing.cancel(occasion_id=occasion.pk, reason="Sjukdom", actor=scene.office)
    third = entry(scene, occasion)
    assert first["uid"] == second["uid"] == third["uid"]
    assert [int(one["sequence"]) for one in (first, second, third)] == [0, 1, 2]
    assert second["dtstart"].dt == at(2)
    assert [one["status"] for one in (first, third)] == ["CONFIRMED", "CANCELLED"]
    assert first["location"] == f"{scene.venue.name}, {scene.venue.address}"


def test_a_withdrawn_invitation_cancels_only_that_persons_entry(scene: Scene) -> None:
    occasion = occasion_in(scene)
    row = row_of(scene, occasion)
    with transaction.atomic(), operation("test.withdraw"):
        withdraw(row, "Byter grupp")
    content = calendar.file_of(row, None, PAGE)
    assert Calendar.from_ical(content)["method"] == "CANCEL"
    assert event_of(content)["status"] == "CANCELLED"
    other = Invitation.objects.select_related("occasion", "person").exclude(pk=row.pk)[0]
    kept = calendar.file_of(other, None, PAGE)
    assert Calendar.from_ical(kept)["method"] == "PUBLISH"


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [("2026-03-28", 8), ("2026-03-29", 7), ("2026-10-24", 7), ("2026-10-25", 8)],
)
def test_nine_o_clock_stays_nine_o_clock_over_summer_time(
    scene: Scene, day: str, utc_hour: int
) -> None:
    nine = datetime.datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=STOCKHOLM)
    occasion = Occasion(title="Samtal", starts_at=nine, ends_at=nine + datetime.timedelta(hours=3))
    row = Invitation(occasion=occasion, person=scene.members[0].person)
    content = calendar.file_of(row, None, PAGE)
    start = event_of(content)["dtstart"].dt
    assert (start.hour, start.astimezone(datetime.UTC).hour) == (9, utc_hour)
    zone: Any = next(iter(Calendar.from_ical(content).walk("VTIMEZONE")))
    zone = zone.to_tz()
    assert nine.replace(tzinfo=zone).utcoffset() == nine.utcoffset()


def test_an_entry_names_nobody_and_tells_nothing_of_the_protected(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue, trainers=[scene.trainer])
    text = calendar.file_of(row_of(scene, occasion), scene.venue, PAGE).decode()
    assert "ATTENDEE" not in text
    people = [*(one.person.last_name for one in scene.members), scene.trainer.first_name]
    assert not any(name in text for name in people)
    with transaction.atomic(), operation("test.protect"):
        person = scene.members[0].person
        person.protected = True
        person.save()
    text = calendar.file_of(row_of(scene, occasion), scene.venue, PAGE).decode()
    assert occasion.title not in text
    assert scene.venue.name not in text


def token(scene: Scene) -> str:
    person = scene.members[0].person
    assert person.user is not None
    return feeds.token_of(feeds.open_feed(person=person, actor=person.user))


def fetch(token: str) -> tuple[int, bytes]:
    response = Client().get(reverse("occasions:feed", args=[token]))
    return response.status_code, response.content


def test_the_secret_address_opens_without_signing_in_until_renewed(scene: Scene) -> None:
    occasion_in(scene)
    occasion_in(scene, 20)
    old = token(scene)
    status, content = fetch(old)
    assert status == 200
    assert len(list(Calendar.from_ical(content).walk("VEVENT"))) == 2
    person = scene.members[0].person
    assert person.user is not None
    feeds.renew(person=person, actor=person.user)
    assert fetch(old)[0] == 404
    assert fetch(token(scene))[0] == 200


def test_a_guessed_address_opens_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    right = token(scene)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert [fetch(one)[0] for one in (wrong, right[:12], "x", right[:12] + "0" * 40)] == [404] * 4
    monkeypatch.setattr(feeds, "constant_time_compare", lambda a, b: True)
    assert fetch(wrong)[0] == 200


def test_whoever_may_not_sign_in_may_not_read_this_way(scene: Scene) -> None:
    right = token(scene)
    person = scene.members[0].person
    assert person.user is not None
    with transaction.atomic(), operation("test.off"):
        person.user.is_active = False
        person.user.save()
    assert fetch(right)[0] == 404


def test_neither_the_database_nor_history_gives_the_address_away(scene: Scene) -> None:
    right = token(scene)
    feed = CalendarFeed.objects.get()
    assert feed.secret not in right
    assert not hasattr(feed.history.get(), "secret")


def test_a_subscription_keeps_what_is_cancelled_and_skips_recordings(scene: Scene) -> None:
    occasion = occasion_in(scene)
    occasion_in(scene, kind=Occasion.Kind.RECORDING, title="Inspelad")
    changing.cancel(occasion_id=occasion.pk, reason="Sjukdom", actor=scene.office)
    _status, content = fetch(token(scene))
    assert [part["status"] for part in Calendar.from_ical(content).walk("VEVENT")] == ["CANCELLED"]


def test_only_the_invited_fetch_the_file(scene: Scene) -> None:
    occasion = occasion_in(scene)
    address = reverse("occasions:file", args=[occasion.public_id])
    person = scene.members[0].person
    assert person.user is not None
    response = signed_in(person.user).get(address)
    assert (response.status_code, response["Content-Type"][:13]) == (200, "text/calendar")
    assert signed_in(scene.world.chief).get(address).status_code == 404
    assert timezone.is_aware(event_of(response.content)["dtstart"].dt)
