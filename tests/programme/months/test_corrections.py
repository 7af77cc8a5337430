"""Corrections of a locked month: reason, effect first, two persons, everything follows."""

from typing import Any

import pytest
from django.db import transaction

from audit.operations import operation
from people.models import Person, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.hours.errors import MonthLocked
from programme.models import Correction, CountedTime, Occasion, Segment
from programme.months import corrections, figures, following, statements
from programme.months.errors import OwnHours, SamePerson
from programme.months.rules import Standing
from tests.programme.builders import World
from tests.programme.hours.builders import at, counted, was_there
from tests.programme.months.builders import (
    MARCH,
    attended,
    locked,
    on_paper,
    proposed,
)

MAY = MARCH.replace(month=5)


@pytest.fixture
def occasion(world: World, checker: User) -> Occasion:
    """An occasion of a locked month, three hours for one person."""
    found = attended(world, MARCH, world.staff[:1])
    locked(world, MARCH, world.staff[:1], world.administrator, checker)
    return found


def test_the_effect_is_shown_before_anything_is_written(world: World, occasion: Occasion) -> None:
    effect = corrections.effect_of(
        occasion=occasion,
        person=world.staff[0],
        mark="present",
        times=[(at(MARCH.replace(day=3), "9.00"), at(MARCH.replace(day=3), "10.00"))],
    )
    assert (effect.minutes_before, effect.minutes_after) == (180, 60)
    assert effect.kronor == -834
    assert effect.months == ["2026-03"]
    assert not Segment.objects.exists()


def test_only_later_months_with_hours_have_a_file_that_follows(
    world: World, occasion: Occasion, checker: User
) -> None:
    # April has no hours; locking May locks it too.
    attended(world, MAY, world.staff[:1])
    locked(world, MAY, world.staff[:1], world.administrator, checker)
    day = MARCH.replace(day=3)
    effect = corrections.effect_of(
        occasion=occasion,
        person=world.staff[0],
        mark="present",
        times=[(at(day, "9.00"), at(day, "10.00"))],
    )
    assert effect.months == ["2026-03", "2026-05"]


def test_an_approved_correction_counts_anew_and_asks_for_attest_and_check(
    world: World, occasion: Occasion, checker: User
) -> None:
    person = world.staff[0]
    made = proposed(occasion, person, world.administrator)
    assert counted(occasion, person).minutes == 180
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    assert counted(occasion, person).minutes == 60
    assert CountedTime.objects.get(current=False).minutes == 180
    row = figures.persons_of(world.programme.pk, MARCH)[0]
    assert (row.standing, row.minutes) == (Standing.CHANGED, 60)
    assert row.kronor == 417
    on_paper(world, MARCH, person, world.administrator)
    outcome = statements.check(
        programme=world.programme, month=MARCH, persons=[person], actor=checker
    )
    assert outcome.checked == [person.pk]


def test_the_proposer_does_not_decide(world: World, occasion: Occasion) -> None:
    made = proposed(occasion, world.staff[0], world.administrator)
    with pytest.raises(SamePerson):
        corrections.decide(correction_id=made.pk, approve=True, actor=world.administrator)
    assert counted(occasion, world.staff[0]).minutes == 180


def test_the_database_refuses_the_proposer_too(world: World, occasion: Occasion) -> None:
    from django.db import IntegrityError, transaction

    from audit.operations import operation

    made = proposed(occasion, world.staff[0], world.administrator)
    with pytest.raises(IntegrityError), transaction.atomic(), operation("test"):
        Correction.objects.filter(pk=made.pk).update(
            state="approved", decided_by=world.administrator
        )


def test_a_correction_needs_a_reason_and_a_locked_month(world: World, occasion: Occasion) -> None:
    day = MARCH.replace(day=3)
    what: dict[str, Any] = {
        "person": world.staff[0],
        "mark": "present",
        "times": [(at(day, "9.00"), at(day, "10.00"))],
        "actor": world.administrator,
    }
    with pytest.raises(ReasonNeeded):
        corrections.propose(occasion=occasion, reason=" ", **what)
    open_one = attended(world, MARCH.replace(month=4), world.staff[:1])
    with pytest.raises(Refused, match=r"(?i)open|öppen"):
        corrections.propose(occasion=open_one, reason="Fel", **what)
    with pytest.raises(Refused):
        corrections.propose(
            occasion=occasion,
            reason="Fel",
            **{**what, "times": [(at(day, "10.00"), at(day, "9.00"))]},
        )
    with pytest.raises(Refused):
        corrections.propose(occasion=occasion, reason="Fel", **{**what, "times": []})
    assert not Correction.objects.exists()


def test_own_hours_are_neither_proposed_nor_decided(
    world: World, occasion: Occasion, checker: User
) -> None:
    person = world.staff[0]
    made = proposed(occasion, person, world.administrator)
    with transaction.atomic(), operation("test.account"):
        Person.objects.filter(pk=person.pk).update(user=checker)
    with pytest.raises(OwnHours):
        corrections.decide(correction_id=made.pk, approve=True, reason="", actor=checker)
    with pytest.raises(OwnHours):
        proposed(occasion, person, checker)
    assert Correction.objects.get().state == Correction.State.PROPOSED


def test_nor_are_those_of_a_name_that_turned_out_to_be_oneself(
    world: World, occasion: Occasion, checker: User
) -> None:
    name, oneself = world.staff[:2]
    made = proposed(occasion, name, world.administrator)
    with transaction.atomic(), operation("test.merged"):
        Person.objects.filter(pk=oneself.pk).update(user=checker)
        Person.objects.filter(pk=name.pk).update(merged_into=oneself)
    with pytest.raises(OwnHours):
        corrections.decide(correction_id=made.pk, approve=True, reason="", actor=checker)
    with pytest.raises(OwnHours):
        proposed(occasion, name, checker)


def test_attendance_changed_since_the_proposal_is_not_overwritten(
    world: World, occasion: Occasion, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.staff[0]
    made = proposed(occasion, person, world.administrator)
    was_there(occasion, person, "9.30", "11.00", count=False)
    with pytest.raises(Stale):
        corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    assert Correction.objects.get().state == Correction.State.PROPOSED


def test_a_locked_month_takes_no_attendance_outside_corrections(
    world: World, occasion: Occasion
) -> None:
    with pytest.raises(MonthLocked):
        was_there(occasion, world.staff[0], "9.00", "10.00")


def test_a_declined_one_needs_a_reason_and_changes_nothing(
    world: World, occasion: Occasion, checker: User
) -> None:
    made = proposed(occasion, world.staff[0], world.administrator)
    with pytest.raises(ReasonNeeded):
        corrections.decide(correction_id=made.pk, approve=False, actor=checker)
    corrections.decide(correction_id=made.pk, approve=False, reason="Nej", actor=checker)
    assert counted(occasion, world.staff[0]).minutes == 180
    with pytest.raises(Stale):
        corrections.decide(correction_id=made.pk, approve=True, actor=checker)


def test_what_follows_is_told_in_the_same_transaction(
    world: World, occasion: Occasion, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = proposed(occasion, world.staff[0], world.administrator)
    told: list[str] = []
    monkeypatch.setattr(following, "_FOLLOWERS", [lambda month: told.append(str(month))])
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    assert told == ["2026-03"]


def test_what_no_one_can_see_is_no_reason(
    world: World, occasion: Occasion, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {
        "occasion": occasion,
        "person": world.staff[0],
        "mark": "absent",
        "times": [],
        "reason": "\u200b \u202e",
        "actor": world.administrator,
    }
    with pytest.raises(ReasonNeeded):
        corrections.propose(**asked)
    assert not Correction.objects.exists()
    # The control: cutting spaces alone lets it pass.
    monkeypatch.setattr(corrections, "says", lambda text: bool(text.strip()))
    assert corrections.propose(**asked).pk
