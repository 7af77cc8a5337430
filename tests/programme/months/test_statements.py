"""Attested by the participant, checked by someone else, anew when hours change."""

import pytest

from people.models import User
from programme.errors import NotAllowed, ReasonNeeded, Stale
from programme.models import Statement
from programme.months import figures, rules, statements
from programme.months.errors import AttestedByYou, NotAttested, OwnHours, Registrar
from programme.months.rules import Line, Standing, digest_of
from tests.programme.builders import World
from tests.programme.hours.builders import mark, was_there
from tests.programme.months.builders import (
    MARCH,
    account_for,
    attended,
    finished,
    on_paper,
)


def standing(world: World, person_id: int) -> Standing:
    return figures.persons_of(world.programme.pk, MARCH, person_id=person_id)[0].standing


def digest(world: World, person_id: int) -> str:
    return figures.persons_of(world.programme.pk, MARCH, person_id=person_id)[0].digest


def test_the_digest_of_the_database_is_the_digest_of_the_rules(world: World) -> None:
    attended(world, MARCH, world.staff[:1])
    lines = statements.lines_of(world.programme.pk, world.staff[0].pk, MARCH)
    assert digest(world, world.staff[0].pk) == digest_of(
        Line(one.occasion_id, one.day, one.minutes) for one in lines
    )


def test_the_participant_attests_what_the_page_showed_and_twice_is_once(world: World) -> None:
    person = world.staff[0]
    me = account_for(person)
    attended(world, MARCH, [person])
    with pytest.raises(Stale):
        statements.attest(programme=world.programme, month=MARCH, seen="0" * 64, actor=me)
    for _ in range(2):
        statements.attest(
            programme=world.programme, month=MARCH, seen=digest(world, person.pk), actor=me
        )
    row = Statement.objects.get()
    assert (row.minutes, row.channel, standing(world, person.pk)) == (180, "web", "attested")


def test_hours_changed_after_the_attestation_must_be_attested_anew(
    world: World, checker: User
) -> None:
    person = world.staff[0]
    occasion = attended(world, MARCH, [person])
    finished(world, MARCH, [person], world.administrator, checker)
    assert standing(world, person.pk) == Standing.CHECKED
    was_there(occasion, person, "9.00", "10.00")
    assert standing(world, person.pk) == Standing.CHANGED
    outcome = statements.check(
        programme=world.programme, month=MARCH, persons=[person], actor=checker
    )
    assert isinstance(outcome.refused[person.pk], NotAttested)
    on_paper(world, MARCH, person, world.administrator)
    assert standing(world, person.pk) == Standing.ATTESTED
    assert Statement.objects.filter(replaced_at=None).get().minutes == 60
    assert Statement.objects.count() == 2


def test_whoever_registered_the_attendance_does_not_check_it(world: World, checker: User) -> None:
    mine, others = world.staff[:2]
    attended(world, MARCH, [mine], by=checker)
    attended(world, MARCH, [others], by=world.administrator)
    for person in (mine, others):
        on_paper(world, MARCH, person, world.administrator)
    outcome = statements.check(
        programme=world.programme, month=MARCH, persons=[mine, others], actor=checker
    )
    assert outcome.checked == [others.pk]
    assert isinstance(outcome.refused[mine.pk], Registrar)
    assert standing(world, mine.pk) == Standing.ATTESTED


def test_the_registrar_would_check_without_the_guard(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attended(world, MARCH, world.staff[:1], by=checker)
    on_paper(world, MARCH, world.staff[0], world.administrator)
    nobody = {person.pk: set[int]() for person in world.staff}
    monkeypatch.setattr(statements, "registrars_of", lambda *_: nobody)
    outcome = statements.check(
        programme=world.programme, month=MARCH, persons=world.staff[:1], actor=checker
    )
    assert outcome.checked == [world.staff[0].pk]


def test_a_time_recorded_by_the_checker_counts_as_registered(world: World, checker: User) -> None:
    occasion = attended(world, MARCH, world.staff[:1])
    was_there(occasion, world.staff[0], "9.00", "11.00", by=checker)
    on_paper(world, MARCH, world.staff[0], world.administrator)
    outcome = statements.check(
        programme=world.programme, month=MARCH, persons=world.staff[:1], actor=checker
    )
    assert isinstance(outcome.refused[world.staff[0].pk], Registrar)


def test_nobody_checks_or_notes_their_own_hours(world: World) -> None:
    person = world.staff[0]
    attended(world, MARCH, [person])
    me = account_for(person)
    from django.db import transaction

    from audit.operations import operation
    from people.models import RoleAssignment
    from tests.programme.builders import LONG_AGO
    from tests.programme.months.builders import city

    with transaction.atomic(), operation("test.role"):
        RoleAssignment.objects.create(
            user=me, role_id="ekonom", organisation=city(world), valid_from=LONG_AGO
        )
    with pytest.raises(OwnHours):
        on_paper(world, MARCH, person, me)
    on_paper(world, MARCH, person, world.administrator)
    outcome = statements.check(programme=world.programme, month=MARCH, persons=[person], actor=me)
    assert isinstance(outcome.refused[person.pk], OwnHours)


def test_whoever_noted_the_paper_does_not_check_it(world: World) -> None:
    attended(world, MARCH, world.staff[:1])
    on_paper(world, MARCH, world.staff[0], world.administrator)
    outcome = statements.check(
        programme=world.programme,
        month=MARCH,
        persons=world.staff[:1],
        actor=world.administrator,
    )
    assert isinstance(outcome.refused[world.staff[0].pk], AttestedByYou)


def test_the_paper_needs_a_note_and_a_role(world: World) -> None:
    attended(world, MARCH, world.staff[:1])
    with pytest.raises(ReasonNeeded):
        statements.attest_on_paper(
            programme=world.programme,
            month=MARCH,
            person=world.staff[0],
            note=" ",
            actor=world.administrator,
        )
    with pytest.raises(NotAllowed):
        on_paper(world, MARCH, world.staff[0], world.chief)
    assert not Statement.objects.exists()


def test_absence_leaves_nothing_to_attest(world: World) -> None:
    occasion = attended(world, MARCH, world.staff[:1])
    mark(occasion, world.staff[0], "absent")
    assert figures.persons_of(world.programme.pk, MARCH) == []


def test_what_is_due_when(world: World) -> None:
    import datetime as d

    cases = {
        (2026, 1): d.date(2026, 2, 28),
        (2026, 2): d.date(2026, 3, 28),
        (2026, 12): d.date(2027, 1, 28),
        (2028, 2): d.date(2028, 3, 28),
    }
    for (year, month), due in cases.items():
        assert rules.due_on(d.date(year, month, 1)) == due
