"""Decisions about nominations, places and balances: pure functions over frozen values."""

import datetime
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Level(enum.Enum):
    """Whether a problem stops the nomination or is only said."""

    STOP = "stop"
    NOTE = "note"


class Window(enum.Enum):
    """Where a day lies in relation to a nomination window."""

    BEFORE = "before"
    OPEN = "open"
    AFTER = "after"


class ManagersFirst(enum.Enum):
    """What happens when staff are nominated before their manager (R-026)."""

    OFF = "off"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True)
class Problem:
    """One thing that speaks against a nomination, tied to the field to change."""

    code: str
    message: str | Promise
    field: str = "person"
    level: Level = Level.STOP


@dataclass(frozen=True)
class Terms:
    """What a wave and a kind of nomination ask for, on one day."""

    day: datetime.date
    opens_on: datetime.date
    closes_on: datetime.date
    district_ids: frozenset[int]
    for_managers: bool
    key_functions_only: bool = False
    uses_quota: bool = True
    managers_first: ManagersFirst = ManagersFirst.WARN


@dataclass(frozen=True)
class Candidate:
    """What the rules need to know of the person; no name and no number."""

    district_id: int | None
    employed_by_the_city: bool
    is_manager: bool
    key_function: bool
    # The administration of a live nomination of the same kind, if there is one.
    nominated_by_district_id: int | None = None
    key_function_in_the_series: bool = False
    manager_in_the_project: bool = False
    places_left: int | None = None
    # The last day of employment, when one is written down.
    last_day: datetime.date | None = None


def window_on(day: datetime.date, opens_on: datetime.date, closes_on: datetime.date) -> Window:
    """Both the first and the last day count as open."""
    if day < opens_on:
        return Window.BEFORE
    return Window.OPEN if day <= closes_on else Window.AFTER


def check_window(terms: Terms) -> list[Problem]:
    """Nominations are taken only inside the window."""
    match window_on(terms.day, terms.opens_on, terms.closes_on):
        case Window.BEFORE:
            return [Problem("window", _("The wave has not opened for nominations yet."), "")]
        case Window.AFTER:
            return [Problem("window", _("The wave's nomination period has ended."), "")]
        case Window.OPEN:
            return []


def check_nomination(terms: Terms, candidate: Candidate) -> list[Problem]:
    """Everything that speaks against nominating the person, worst first."""
    problems = [
        *check_window(terms),
        *_check_eligible(terms, candidate),
        *_check_not_twice(candidate),
        *_check_managers_first(terms, candidate),
    ]
    if terms.uses_quota and candidate.places_left is not None and candidate.places_left <= 0:
        problems.append(
            Problem(
                "full",
                _(
                    "All places of your administration in this wave are taken. The nomination"
                    " competes for the reserve list."
                ),
                level=Level.NOTE,
            )
        )
    return sorted(problems, key=lambda problem: problem.level is not Level.STOP)


def stopping(problems: Iterable[Problem]) -> list[Problem]:
    """Those that must be solved before the nomination can be sent."""
    return [problem for problem in problems if problem.level is Level.STOP]


def _check_eligible(terms: Terms, candidate: Candidate) -> list[Problem]:
    problems = []
    if candidate.last_day is not None and candidate.last_day < terms.day:
        problems.append(Problem("left", _("The person's employment has ended.")))
    elif candidate.last_day is not None:
        problems.append(
            Problem(
                "leaves",
                _("The person's employment is about to end."),
                level=Level.NOTE,
            )
        )
    if candidate.district_id not in terms.district_ids:
        problems.append(
            Problem("district", _("The person's administration does not take part in this wave."))
        )
    if not candidate.employed_by_the_city:
        problems.append(
            Problem("employer", _("Only people employed by the city can be nominated."))
        )
    if terms.for_managers and not candidate.is_manager:
        problems.append(
            Problem("category", _("The course is for managers, and this person is not a manager."))
        )
    if not terms.for_managers and candidate.is_manager:
        problems.append(
            Problem("category", _("The person is a manager. Nominate to the managers' course."))
        )
    if terms.key_functions_only and not candidate.key_function_in_the_series:
        problems.append(
            Problem(
                "key_function",
                _(
                    "The in-depth course is for key functions who are nominated to or take part"
                    " in the training series."
                ),
            )
        )
    if terms.for_managers and candidate.key_function:
        problems.append(
            Problem("key_function", _("Only staff can be key functions."), "key_function")
        )
    return problems


def _check_not_twice(candidate: Candidate) -> list[Problem]:
    if candidate.nominated_by_district_id is None:
        return []
    # Another administration's name and manager are not this nominator's business.
    if candidate.nominated_by_district_id == candidate.district_id:
        message = _("The person is already nominated.")
    else:
        message = _("The person is already nominated by another administration.")
    return [Problem("twice", message)]


def _check_managers_first(terms: Terms, candidate: Candidate) -> list[Problem]:
    if terms.for_managers or candidate.manager_in_the_project:
        return []
    if terms.managers_first is ManagersFirst.OFF:
        return []
    block = terms.managers_first is ManagersFirst.BLOCK
    return [
        Problem(
            "managers_first",
            _("No manager of the unit is nominated yet. Managers are to take part first."),
            level=Level.STOP if block else Level.NOTE,
        )
    ]


@dataclass(frozen=True)
class Chain:
    """Who takes part in one unit."""

    unit_id: int
    unit_name: str
    staff: int
    managers: int
    key_functions: int


@dataclass(frozen=True)
class Gap:
    """What a unit's staff lack for the support that the indicator promises (I5)."""

    unit_id: int
    unit_name: str
    staff: int
    without_manager: int
    without_key_function: int


def support_gaps(chains: Sequence[Chain]) -> list[Gap]:
    """Units where someone lacks a participating manager or another key function.

    A key function does not support itself: a unit's only one lacks another.
    """
    gaps = []
    for chain in chains:
        if chain.staff == 0:
            continue
        without_manager = 0 if chain.managers else chain.staff
        if chain.key_functions == 0:
            without_key_function = chain.staff
        else:
            without_key_function = 1 if chain.key_functions == 1 else 0
        if without_manager or without_key_function:
            gaps.append(
                Gap(
                    chain.unit_id,
                    chain.unit_name,
                    chain.staff,
                    without_manager,
                    without_key_function,
                )
            )
    return gaps


def moved_to(ids: Sequence[int], moving: int, position: int) -> list[int]:
    """The order when one of them goes to a position counted from 1."""
    rest = [each for each in ids if each != moving]
    rest.insert(max(0, position - 1), moving)
    return rest


def repeated(rows: Iterable[tuple[int, str]]) -> dict[int, int]:
    """Row numbers that repeat an earlier row's person, each with that first row."""
    first: dict[str, int] = {}
    again = {}
    for number, person in rows:
        if person in first:
            again[number] = first[person]
        else:
            first[person] = number
    return again


def units_without_manager(
    units: Mapping[int, tuple[str, int | None]], manager_units: frozenset[int]
) -> dict[int, str]:
    """Units whose staff would go before any manager of theirs, by key with their name.

    :param units: name and the organisation above, by the unit's key; a manager of the
        department above is a manager of the unit.
    :param manager_units: where a manager has started the managers' course or completed it.
    """
    return {
        pk: name
        for pk, (name, above) in units.items()
        if pk not in manager_units and above not in manager_units
    }
