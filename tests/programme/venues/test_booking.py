"""Bookings: no venue without its checklist, and never two at once, however many try."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from audit.operations import operation
from people.models import User
from programme.errors import NotAllowed, Refused
from programme.models import AccessibilityPoint, Booking, Occasion, Programme, Venue, VenueCheck
from programme.venues import accessibility, actions, booking, rules
from programme.venues.actions import Facts, Found
from programme.venues.errors import NotAccessible, NotInUse, SameVenue, VenueTaken
from programme.venues.rules import Point, verdict
from tests.clients import signed_in
from tests.programme.occasions.builders import Scene, build_scene, check, occasion_in, venue_in

PEOPLE = 40


def test_the_newest_check_is_held_against_the_checklist_of_today() -> None:
    points = [Point("Hiss", True), Point("Vilrum", False)]
    assert not verdict(points, None).accessible
    assert verdict(points, {"Hiss": "yes"}).accessible
    assert verdict(points, {"Hiss": "unknown"}).lacking == ("Hiss",)
    longer = [*points, Point("Slinga", True)]
    assert verdict(longer, {"Hiss": "yes"}).lacking == ("Slinga",)
    assert rules.is_crowded(20, 21)
    assert not rules.is_crowded(20, 20)


def unchecked(scene: Scene, answer: str = "") -> Venue:
    with transaction.atomic(), operation("test.venue"):
        venue = venue_in(scene.world.farsta, "Föreningslokalen")
        if answer:
            check(scene.world, venue, answer)
    return venue


@pytest.mark.parametrize("answer", ["", "no", "unknown"])
def test_a_venue_without_a_yes_is_booked_only_with_a_reason(scene: Scene, answer: str) -> None:
    venue = unchecked(scene, answer)
    with pytest.raises(NotAccessible) as refused:
        occasion_in(scene, venue=venue)
    assert AccessibilityPoint.objects.filter(needed=True)[0].text in refused.value.lacking
    assert not Occasion.objects.exists()
    occasion = occasion_in(scene, venue=venue, exception_reason="Ingen i gruppen behöver hiss")
    assert occasion.bookings.get().exception_reason == "Ingen i gruppen behöver hiss"


def test_a_new_question_asks_for_a_new_visit(scene: Scene) -> None:
    with transaction.atomic(), operation("test.point"):
        AccessibilityPoint.objects.create(programme=scene.world.programme, text="Nytt?", order=99)
    with pytest.raises(NotAccessible, match="Nytt"):
        occasion_in(scene, venue=scene.venue)


def test_without_the_verdict_any_venue_would_be_booked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = unchecked(scene)
    monkeypatch.setattr(accessibility, "verdict_of", lambda check, points: rules.Verdict(True))
    assert occasion_in(scene, venue=venue).bookings.get().exception_reason == ""


def test_a_venue_out_of_use_and_others_venues_are_refused(scene: Scene) -> None:
    with transaction.atomic(), operation("test.out"):
        Venue.objects.filter(pk=scene.venue.pk).update(in_use=False)
        other = venue_in(scene.world.skarholmen, "Skärholmens folkets hus")
        check(scene.world, other)
    with pytest.raises(NotInUse):
        occasion_in(scene, venue=scene.venue)
    with pytest.raises(NotAllowed):
        occasion_in(scene, venue=other, actor=scene.arranger)


def test_the_same_venue_twice_is_one_booking(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue)
    again = booking.book(venue_id=scene.venue.pk, occasion=occasion, actor=scene.office)
    assert again == occasion.bookings.get()


def test_a_collision_says_what_is_booked_and_touching_is_none(scene: Scene) -> None:
    occasion_in(scene, venue=scene.venue, title="Samtal i grupp")
    alone: dict[str, Any] = {
        "group": None,
        "programme": scene.world.programme,
        "venue": scene.venue,
    }
    with pytest.raises(VenueTaken, match=r"Samtal i grupp.*Grupp A.*9\.00"):
        occasion_in(scene, hour=11, **alone)
    assert occasion_in(scene, hour=12, **alone)


def test_the_register_is_changed_by_who_arranges_there(scene: Scene) -> None:
    facts = Facts("Biblioteket", "Gatan 1", scene.world.farsta, 30)
    venue = actions.save_venue(facts=facts, actor=scene.arranger)
    with pytest.raises(NotAllowed):
        actions.save_venue(facts=facts, actor=scene.trainer, venue_id=venue.pk)
    elsewhere = Facts("Biblioteket", "Gatan 1", scene.world.skarholmen, 30)
    with pytest.raises(NotAllowed):
        actions.save_venue(facts=elsewhere, actor=scene.arranger, venue_id=venue.pk)


def test_the_same_venue_is_not_registered_twice(scene: Scene) -> None:
    farsta = scene.world.farsta
    facts = Facts("Biblioteket", "Gatan 1", farsta, 30)
    first = actions.save_venue(facts=facts, actor=scene.arranger)
    again = Facts(" biblio teket", "GATAN  1", farsta, 12)
    with pytest.raises(SameVenue, match="Biblioteket, Gatan 1"):
        actions.save_venue(facts=again, actor=scene.arranger)
    # Out of use it is in nobody's way, and neither is the venue in its own.
    resting = replace(again, in_use=False)
    second = actions.save_venue(facts=resting, actor=scene.arranger)
    with pytest.raises(SameVenue):
        actions.save_venue(facts=again, actor=scene.arranger, venue_id=second.pk)
    bigger = replace(facts, name="BIBLIOTEKET", capacity=40)
    assert actions.save_venue(facts=bigger, actor=scene.arranger, venue_id=first.pk).capacity == 40
    elsewhere = replace(again, address="Gatan 2")
    actions.save_venue(facts=elsewhere, actor=scene.arranger)
    # Two that were the same before this was asked may still be mended, one by one.
    with transaction.atomic(), operation("test.before"):
        Venue.objects.filter(pk=second.pk).update(in_use=True)
    mended = replace(again, capacity=13)
    actions.save_venue(facts=mended, actor=scene.arranger, venue_id=second.pk)


def test_the_form_says_which_venue_is_there_already(scene: Scene) -> None:
    farsta = scene.world.farsta
    actions.save_venue(facts=Facts("Biblioteket", "Gatan 1", farsta, 30), actor=scene.arranger)
    sent = {
        "name": "biblioteket",
        "address": "Gatan 1",
        "district": farsta.public_id,
        "capacity": "12",
        "cost_a_day": "0",
        "directions": "En trappa upp",
        "in_use": "on",
    }
    answer = signed_in(scene.arranger).post(reverse("venues:new"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Biblioteket, Gatan 1 finns redan" in page
    assert 'href="#id_name"' in page
    assert "En trappa upp" in page


def test_a_check_is_kept_as_the_questions_read_that_day(scene: Scene) -> None:
    points = AccessibilityPoint.objects.filter(in_use=True)
    day = VenueCheck.objects.get().checked_on
    made = actions.record_check(
        venue_id=scene.venue.pk,
        programme=Programme.objects.get(),
        checked_on=day,
        found={points[0].pk: Found("no", "Trappa")},
        actor=scene.office,
    )
    assert made.answers[0] == {
        "text": points[0].text,
        "needed": True,
        "answer": "no",
        "note": "Trappa",
    }
    assert made.answers[1]["answer"] == "unknown"
    with pytest.raises(NotAccessible):
        occasion_in(scene, venue=scene.venue)
    with pytest.raises(Refused):
        actions.record_check(
            venue_id=scene.venue.pk,
            programme=Programme.objects.get(),
            checked_on=day.replace(year=day.year + 1),
            found={},
            actor=scene.office,
        )


def race(scene: Scene) -> list[str]:
    """Forty occasions at the same time, each booked into the same venue at the same moment."""
    made = [
        occasion_in(scene, title=f"Nr {n}", group=None, programme=scene.world.programme)
        for n in range(PEOPLE)
    ]
    barrier = threading.Barrier(PEOPLE)

    def one(occasion: Occasion) -> str:
        try:
            actor = User.objects.get(pk=scene.office.pk)
            barrier.wait(timeout=60)
            booking.book(venue_id=scene.venue.pk, occasion=occasion, actor=actor)
        except VenueTaken:
            return "taken"
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, made))


@pytest.mark.django_db(transaction=True)
def test_forty_who_book_at_once_give_one_booking() -> None:
    outcomes = race(build_scene())
    assert sorted(set(outcomes)) == ["booked", "taken"]
    assert outcomes.count("booked") == 1
    assert Booking.objects.filter(cancelled_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_all_forty_would_book() -> None:
    scene = build_scene()
    constraint = next(c for c in Booking._meta.constraints if c.name == booking.TAKEN)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, constraint)
    try:
        assert race(scene).count("booked") == PEOPLE
    finally:
        with connection.schema_editor() as editor:
            # The table is emptied first: the rows would not let the constraint come back.
            editor.execute("ALTER TABLE programme_booking DISABLE TRIGGER USER")
            editor.execute("DELETE FROM programme_booking")
            editor.execute("ALTER TABLE programme_booking ENABLE TRIGGER USER")
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, constraint)
