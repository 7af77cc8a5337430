"""Persons are taken before the month, everywhere: whoever counts the same person only waits.

A viewing holds its viewer when it comes to a month; a correction that held the month first
and then wanted the viewer would wait for it while it waits for the correction.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme.models import Correction, Occasion
from programme.months import corrections
from tests.programme.builders import World
from tests.programme.months.builders import MARCH, attended, locked, proposed, staff_account

pytestmark = pytest.mark.django_db


def taken(do: Callable[[], object]) -> list[str]:
    """The two tables, in the order in which their rows were first locked."""
    with CaptureQueriesContext(connection) as queries:
        do()
    found = [
        table
        for query in queries
        for table in ("people_person", "programme_month")
        if f'FROM "{table}"' in query["sql"] and " FOR " in query["sql"].rpartition("WHERE")[2]
    ]
    return list(dict.fromkeys(found))


@pytest.fixture
def occasion(world: World) -> Occasion:
    found = attended(world, MARCH, world.staff[:1])
    locked(world, MARCH, world.staff[:1], world.administrator, staff_account(world, "ekonom"))
    return found


def test_a_correction_takes_the_person_and_then_the_month(world: World, occasion: Occasion) -> None:
    person, second = world.staff[0], staff_account(world, "projektledare")

    def ask() -> None:
        asked.append(proposed(occasion, person, world.administrator))

    asked: list[Correction] = []
    assert taken(ask) == ["people_person", "programme_month"]

    def decide() -> None:
        corrections.decide(correction_id=asked[0].pk, approve=True, actor=second)

    assert taken(decide) == ["people_person", "programme_month"]


def test_without_it_the_month_would_be_first(
    world: World, occasion: Occasion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(corrections, "hold", lambda person_id: None)
    found = taken(lambda: proposed(occasion, world.staff[0], world.administrator))
    assert found[0] == "programme_month"
