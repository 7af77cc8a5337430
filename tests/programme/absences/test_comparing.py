"""The register's list against what the portal has: more, less, different, and nothing overwritten."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import User
from programme.absences import actions, comparing
from programme.absences.comparing import Compared, Days, compare
from programme.models import Absence, AbsenceList
from tests.programme.absences.test_lists import HEAD, away, taken_in
from tests.programme.builders import World, number_of


def days(person: str, first: int, last: int, percent: int = 100) -> Days:
    return Days(person, datetime.date(2026, 3, first), datetime.date(2026, 3, last), percent)


def test_the_same_the_other_and_the_missing_are_told_apart() -> None:
    listed = [(2, days("a", 2, 4)), (3, days("b", 2, 4)), (4, days("c", 9, 9))]
    kept = [days("a", 2, 4), days("b", 4, 6), days("d", 3, 3), days("d", 20, 20)]
    assert compare(listed, kept) == Compared({3: (days("b", 4, 6),)}, (days("d", 3, 3),))
    assert compare([], kept) == Compared({}, ())


def test_another_extent_is_a_difference_and_a_known_row_hides_nothing() -> None:
    assert compare([(2, days("a", 2, 4, 50))], [days("a", 2, 4)]).different == {
        2: (days("a", 2, 4),)
    }
    # Days beside the known ones are neither different nor missing.
    assert compare([(2, days("a", 2, 4))], [days("a", 2, 4), days("a", 5, 5)]) == Compared({}, ())


def page_of(checker: User, kept: AbsenceList) -> str:
    client = Client()
    client.force_login(checker)
    return client.get(reverse("absences:preview", args=[kept.public_id])).content.decode()


def test_the_preview_shows_what_differs_and_taking_in_overwrites_nothing(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(world, checker, f"{number_of(1)};;2026-03-02;2026-03-04;;\n")
    away(world, checker, f"{number_of(2)};;2026-03-03;2026-03-03;50;\n")
    before = set(Absence.objects.values_list("pk", "first_day", "last_day", "percent"))
    kept = taken_in(f"{HEAD}{number_of(1)};;2026-03-03;2026-03-06;;\n", checker)
    page = page_of(checker, kept)
    assert "Skiljer sig från det som är känt" in page
    assert "2026-03-02–2026-03-04" in page
    only_here = page.partition('id="bara-har"')[2].partition("</section>")[0]
    assert world.staff[1].last_name in only_here
    assert world.staff[0].last_name not in only_here
    actions.confirm(list_id=kept.pk, actor=checker)
    assert before < set(Absence.objects.values_list("pk", "first_day", "last_day", "percent"))
    # The control: without the comparison the row is only new, and nothing is missed.
    again = taken_in(f"{HEAD}{number_of(1)};;2026-03-05;2026-03-07;;\n", checker)
    assert "Skiljer sig" in page_of(checker, again)
    monkeypatch.setattr(comparing, "compare", lambda listed, kept: Compared({}, ()))
    page = page_of(checker, again)
    assert "Skiljer sig" not in page
    assert "bara-har" not in page


def test_what_is_set_aside_is_not_missed(world: World, checker: User) -> None:
    away(world, checker, f"{number_of(2)};;2026-03-03;2026-03-03;50;\n")
    actions.set_aside(absence_id=Absence.objects.get().pk, reason="Fel", actor=checker)
    kept = taken_in(f"{HEAD}{number_of(1)};;2026-03-02;2026-03-06;;\n", checker)
    assert comparing.of_list(kept, checker) == Compared({}, ())


def test_the_price_of_the_comparison_does_not_grow(world: World, checker: User) -> None:
    kept = taken_in(f"{HEAD}{number_of(1)};;2026-03-01;2026-03-31;;\n", checker)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            page_of(checker, kept)
        return len(found)

    away(world, checker, f"{number_of(2)};;2026-03-02;2026-03-02;;\n")
    cost()
    few = cost()
    for number in (3, 4, 5):
        away(world, checker, f"{number_of(number)};;2026-03-02;2026-03-02;;\n")
    assert cost() == few
