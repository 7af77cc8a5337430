"""What these tests share: a course's template as days, and settings of a group."""

import datetime
from collections.abc import Callable

import pytest

from programme.groups.making import Day, Settings
from programme.models import Course
from tests.programme.builders import World
from tests.programme.training import units_of


@pytest.fixture
def settings_for(world: World) -> Callable[..., Settings]:
    """A group's settings in Farsta, with what a test changes."""

    def make(name: str = "Farsta 1", **extra: object) -> Settings:
        values: dict[str, object] = {
            "name": name,
            "district": world.farsta,
            "seats": 20,
            "wave": world.wave,
        }
        return Settings(**(values | extra))  # type: ignore[arg-type]

    return make


def days_of(course: Course, first: datetime.date = datetime.date(2027, 9, 14)) -> list[Day]:
    """The course's units every fifth week from the day, a Tuesday unless told, at nine."""
    return [
        Day(unit, first + datetime.timedelta(weeks=5 * n), datetime.time(9, 0))
        for n, unit in enumerate(units_of(course))
    ]
