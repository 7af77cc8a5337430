"""Planning: what is impossible refuses, what is unwise warns, those it concerns are told."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from audit.models import Operation
from audit.operations import operation
from programme.errors import NotAllowed, ReasonNeeded, Stale
from programme.hours.errors import MonthLocked
from programme.models import (
    Booking,
    Course,
    Invitation,
    LearningUnit,
    Month,
    Occasion,
    Segment,
)
from programme.occasions import changing, checks, planning, sending
from programme.occasions.changing import as_it_is
from programme.occasions.errors import HasTime, NotPossible, OtherCourse, Over, Unconfirmed
from programme.occasions.inviting import follow_group
from programme.occasions.rules import Finding, Findings
from programme.venues.errors import VenueTaken
from tests.programme.hours.builders import counted, mark, occasion_on
from tests.programme.occasions.builders import Scene, at, check, occasion_in, venue_in
from workflows.models import Message

QUARTER = datetime.timedelta(minutes=15)


def change(scene: Scene, occasion: Occasion, **changes: Any) -> Occasion:
    extra: dict[str, Any] = {
        name: changes.pop(name)
        for name in ("reason", "actor", "despite_warnings", "seen_sequence")
        if name in changes
    }
    usual: dict[str, Any] = {"reason": "Sal byts", "actor": scene.office, "despite_warnings": True}
    return changing.change(
        occasion_id=occasion.pk,
        wanted=as_it_is(occasion, **changes),
        **(usual | extra),
    ).occasion


def told(occasion: Occasion, kind: str) -> int:
    keys = [row.public_id for row in occasion.invitations.all()]
    return sum(
        Message.objects.filter(dedupe_key__startswith=f"occasion.{kind}:{key}").count()
        for key in keys
    )


def test_an_added_occasion_is_booked_and_invites_the_group(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue, trainers=[scene.trainer])
    assert occasion.bookings.get().venue == scene.venue
    assert list(occasion.trainers.all()) == [scene.trainer]
    invited = Invitation.objects.filter(occasion=occasion, withdrawn_at=None)
    assert {row.participation for row in invited} == set(scene.members)
    assert Operation.objects.filter(name="occasion.add", subject=occasion.public_id).exists()


def test_only_who_arranges_there_plans(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        occasion_in(scene, actor=scene.trainer)
    with pytest.raises(NotAllowed):
        occasion_in(scene, district=scene.world.skarholmen, actor=scene.arranger)
    assert occasion_in(scene, actor=scene.arranger)


def test_a_trainer_cannot_be_in_two_rooms(scene: Scene) -> None:
    occasion_in(scene, trainers=[scene.trainer])
    with pytest.raises(NotPossible, match="Samtal"):
        occasion_in(scene, group=None, programme=scene.world.programme, trainers=[scene.trainer])
    assert occasion_in(
        scene, group=None, programme=scene.world.programme, trainers=[scene.other_trainer]
    )


def test_without_the_check_a_trainer_would_be_in_two_rooms(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion_in(scene, trainers=[scene.trainer])
    monkeypatch.setattr(checks, "_trainers_busy", lambda occasion, trainers: ())
    second = occasion_in(
        scene, group=None, programme=scene.world.programme, trainers=[scene.trainer]
    )
    assert Occasion.objects.filter(trainers=scene.trainer, starts_at=second.starts_at).count() == 2


def test_a_member_cannot_be_in_two_rooms(scene: Scene) -> None:
    occasion_in(scene)
    with pytest.raises(NotPossible):
        occasion_in(scene, title="Samma tid", hour=10)
    assert occasion_in(scene, title="Efter", hour=12)


def test_without_the_check_a_member_would_be_in_two_rooms(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion_in(scene)
    monkeypatch.setattr(checks, "check", lambda plan, terms: Findings())
    assert occasion_in(scene, title="Samma tid", hour=10)
    twice = Invitation.objects.filter(person=scene.members[0].person, withdrawn_at=None)
    assert twice.count() == 2


def test_who_is_in_two_rooms_already_stops_a_move_but_no_other_change(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion_in(scene, trainers=[scene.other_trainer])
    with monkeypatch.context() as unchecked:
        unchecked.setattr(checks, "check", lambda plan, terms: Findings())
        other = occasion_in(scene, title="Samma tid", hour=10, trainers=[scene.trainer])
    assert change(scene, other, breaks=[[60, 75]], title="Grupp B").breaks == [[60, 75]]
    later = {name: getattr(other, name) + QUARTER for name in ("starts_at", "ends_at")}
    with pytest.raises(NotPossible):
        change(scene, other, **later)
    with pytest.raises(NotPossible):
        change(scene, other, trainers=(scene.trainer, scene.other_trainer))
    other.refresh_from_db()
    assert (other.title, other.starts_at + QUARTER) == ("Grupp B", later["starts_at"])
    assert list(other.trainers.all()) == [scene.trainer]


def test_warnings_ask_to_be_confirmed(scene: Scene) -> None:
    with pytest.raises(Unconfirmed):
        occasion_in(scene, 5, despite_warnings=False)  # a Saturday
    assert not Occasion.objects.exists()
    assert occasion_in(scene, 5)


def test_moving_takes_the_booking_along_and_asks_again(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue, trainers=[scene.trainer])
    sending.invite_now(occasion_id=occasion.pk, actor=scene.office)
    row = occasion.invitations.order_by("pk")[0]
    with transaction.atomic(), operation("test.answer"):
        Invitation.objects.filter(pk=row.pk).update(answer="coming")
    moved = change(scene, occasion, starts_at=at(2), ends_at=at(2, 12))
    booking = moved.bookings.get(cancelled_at=None)
    assert (booking.period.lower, booking.period.upper) == (at(2), at(2, 12))
    row.refresh_from_db()
    assert row.answer == ""
    assert moved.sequence == 1
    assert told(moved, "changed") == 3
    assert Message.objects.filter(kind="occasion.trainer_changed").count() == 1


def test_moving_to_a_taken_time_changes_nothing(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue)
    occasion_in(
        scene, 2, title="Upptaget", group=None, programme=scene.world.programme, venue=scene.venue
    )
    with pytest.raises(VenueTaken, match="Upptaget"):
        change(scene, occasion, starts_at=at(2), ends_at=at(2, 12))
    occasion.refresh_from_db()
    assert occasion.starts_at == at(1)
    assert occasion.bookings.get(cancelled_at=None).period.lower == at(1)


def test_a_move_that_leaves_recorded_time_outside_is_confirmed_first(scene: Scene) -> None:
    occasion = occasion_in(scene)
    others = {"despite_warnings": False}
    with transaction.atomic(), operation("test.times"):
        for number, one in enumerate(scene.members):
            Segment.objects.create(
                occasion=occasion,
                person=one.person,
                # A check-in before the start has lost nothing.
                began_at=at(1, 8, 50),
                ended_at=at(1, 10 + number),
                source=Segment.Source.LIST,
                recorded_at=timezone.now(),
            )
        Segment.objects.filter(ended_at=at(1, 12)).update(
            voided_at=timezone.now(), voided_by=scene.office, void_reason="Fel"
        )
    later = change(scene, occasion, starts_at=at(1, 9), ends_at=at(1, 12, 30), **others)
    with translation.override("sv"), pytest.raises(Unconfirmed) as shorter:
        change(scene, later, ends_at=at(1, 10, 30), **others)
    assert shorter.value.messages == [
        "Registrerad närvaro hamnar utanför tiden: 1 person förlorar timmar."
    ]
    with translation.override("sv"), pytest.raises(Unconfirmed) as moved:
        change(scene, later, starts_at=at(1, 13), ends_at=at(1, 16), **others)
    assert moved.value.messages == [
        "Registrerad närvaro hamnar utanför tiden: 2 personer förlorar timmar."
    ]
    # Another name leaves everybody's time where it was, and a read warning stops nothing.
    change(scene, later, title="Annat namn", despite_warnings=False)
    assert change(scene, later, ends_at=at(1, 10, 30), breaks=[], despite_warnings=True)


def test_another_venue_frees_the_first(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue)
    with transaction.atomic(), operation("test.venue"):
        other = venue_in(scene.world.farsta, "Biblioteket")
        check(scene.world, other)
    change(scene, occasion, venue=other)
    assert Booking.objects.get(cancelled_at=None).venue == other
    assert Booking.objects.exclude(cancelled_at=None).get().venue == scene.venue


def test_only_what_the_invited_see_is_told(scene: Scene) -> None:
    occasion = occasion_in(scene)
    sending.invite_now(occasion_id=occasion.pk, actor=scene.office)
    change(scene, occasion, trainers=(scene.trainer,))
    assert told(occasion, "changed") == 0
    change(scene, occasion, title="Nytt namn")
    assert told(occasion, "changed") == 3


def test_a_change_asks_for_a_reason_and_the_newest_page(scene: Scene) -> None:
    occasion = occasion_in(scene)
    with pytest.raises(ReasonNeeded):
        change(scene, occasion, title="Nytt", reason=" ")
    change(scene, occasion, title="Nytt")
    with pytest.raises(Stale):
        change(scene, occasion, title="Gammalt", seen_sequence=0)


def test_a_groups_occasion_teaches_its_own_course(scene: Scene) -> None:
    with transaction.atomic(), operation("test.course"):
        course = Course.objects.create(programme=scene.world.programme, key="annan", name="Annan")
        strange = LearningUnit.objects.create(course=course, number=1, title="Annat")
        own = LearningUnit.objects.create(course=scene.group.course, number=1, title="Eget")
    with pytest.raises(OtherCourse):
        occasion_in(scene, unit=strange)
    occasion = occasion_in(scene)
    with pytest.raises(OtherCourse):
        change(scene, occasion, unit=strange)
    assert change(scene, occasion, unit=own).unit == own
    # It is nothing that those invited see, so nobody is told.
    assert told(occasion, "changed") == 0


def test_a_later_unit_before_an_earlier_one_is_confirmed_first(scene: Scene) -> None:
    with transaction.atomic(), operation("test.units"):
        third, fourth = (
            LearningUnit.objects.create(course=scene.group.course, number=n, title=f"Moment {n}")
            for n in (3, 4)
        )
    occasion_in(scene, 30, unit=fourth)
    with pytest.raises(Unconfirmed, match="nummer"):
        occasion_in(scene, 60, unit=third, despite_warnings=False)
    before = occasion_in(scene, 1, unit=third)
    assert Finding.UNIT_ORDER not in dict(checks.look_ahead(before).found)


def test_another_unit_counts_the_hours_anew_but_not_in_a_locked_month(scene: Scene) -> None:
    person = scene.members[0].person
    first = occasion_on(scene.world, datetime.date(2026, 3, 3))
    second = occasion_on(scene.world, datetime.date(2026, 4, 7))
    with transaction.atomic(), operation("test.unit"):
        unit = LearningUnit.objects.create(
            course=scene.group.course, number=1, title="Eget", counts_once=True
        )
        Occasion.objects.update(unit=unit)
    mark(first, person)
    mark(second, person)

    def minutes() -> tuple[int, int]:
        return counted(first, person).minutes, counted(second, person).minutes

    def with_unit(occasion: Occasion, unit: LearningUnit | None) -> tuple[int, int]:
        occasion.refresh_from_db()
        change(scene, occasion, unit=unit)
        return minutes()

    assert minutes() == (180, 0)
    # The other occasion of the unit is free of this one …
    assert with_unit(first, None) == (180, 180)
    assert with_unit(first, unit) == (180, 0)
    # … and this one of the other.
    assert with_unit(second, None) == (180, 180)
    lock_month(scene, second)
    with pytest.raises(MonthLocked):
        with_unit(second, unit)
    assert minutes() == (180, 180)


def lock_month(scene: Scene, occasion: Occasion) -> None:
    first = timezone.localtime(occasion.starts_at).date().replace(day=1)
    with transaction.atomic(), operation("test.lock"):
        Month.objects.update_or_create(
            programme=scene.world.programme, first_day=first, defaults={"state": "locked"}
        )


def test_a_locked_month_refuses_adding_moving_and_cancelling(scene: Scene) -> None:
    occasion = occasion_in(scene)
    lock_month(scene, occasion)
    with pytest.raises(MonthLocked):
        occasion_in(scene, hour=13)
    with pytest.raises(MonthLocked):
        change(scene, occasion, starts_at=at(60), ends_at=at(60, 12))
    with pytest.raises(MonthLocked):
        changing.cancel(occasion_id=occasion.pk, reason="Sjuk", actor=scene.office)
    # What hours are not counted from may still be changed.
    assert change(scene, occasion, title="Nytt namn").title == "Nytt namn"


def test_without_the_guard_a_locked_month_would_move(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_in(scene)
    lock_month(scene, occasion)
    monkeypatch.setattr(changing, "ensure_open", lambda **_kwargs: None)
    monkeypatch.setattr(planning, "ensure_open", lambda **_kwargs: None)
    assert change(scene, occasion, starts_at=at(60), ends_at=at(60, 12)).starts_at == at(60)


def test_cancelling_frees_the_venue_and_tells_everyone_once(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue, trainers=[scene.trainer])
    sending.invite_now(occasion_id=occasion.pk, actor=scene.office)
    for _twice in range(2):
        changing.cancel(occasion_id=occasion.pk, reason="Utbildaren är sjuk", actor=scene.office)
    occasion.refresh_from_db()
    assert (occasion.state, occasion.sequence) == ("cancelled", 1)
    assert not Booking.objects.filter(cancelled_at=None).exists()
    assert told(occasion, "cancelled") == 3
    assert Message.objects.filter(kind="occasion.trainer_cancelled").count() == 1
    with pytest.raises(Over):
        change(scene, occasion, title="Nytt")


def test_an_occasion_where_someone_was_is_not_cancelled(scene: Scene) -> None:
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.segment"):
        Segment.objects.create(
            occasion=occasion,
            person=scene.members[0].person,
            began_at=occasion.starts_at,
            ended_at=occasion.ends_at,
            source="list",
        )
    with pytest.raises(HasTime):
        changing.cancel(occasion_id=occasion.pk, reason="Fel", actor=scene.office)


def test_other_arrangers_neither_change_nor_cancel(scene: Scene) -> None:
    occasion = occasion_in(scene, district=scene.world.skarholmen)
    with pytest.raises(NotAllowed):
        change(scene, occasion, title="Nytt", actor=scene.arranger)
    with pytest.raises(NotAllowed):
        changing.cancel(occasion_id=occasion.pk, reason="Nej", actor=scene.arranger)


def test_joining_twice_invites_once(scene: Scene) -> None:
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.again"):
        assert follow_group(group_id=scene.group.pk, actor=scene.office) == 0
    assert occasion.invitations.count() == 3
