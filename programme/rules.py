"""Decisions about nominations, places and balances: pure functions over frozen values."""

import datetime
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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
class Meter:
    """How far a quota is filled."""

    places: int
    waiting: int = 0
    approved: int = 0
    reserve: int = 0

    @property
    def left(self) -> int:
        """Places nobody holds yet; nominations that wait do not hold one."""
        return max(0, self.places - self.approved)

    @property
    def nominated(self) -> int:
        """Everyone who is in, or on the way in."""
        return self.waiting + self.approved + self.reserve


@dataclass(frozen=True)
class QuotaBalance:
    """A category's plan against what has been shared out."""

    category: str
    planned: int
    allotted: int

    @property
    def difference(self) -> int:
        """Positive: that many places are not shared out yet; negative: too many are."""
        return self.planned - self.allotted


def quota_balance(
    planned: Mapping[str, int], quotas: Iterable[tuple[str, int]]
) -> list[QuotaBalance]:
    """Quotas over all waves against the plan, category by category (R-044)."""
    allotted = dict.fromkeys(planned, 0)
    for category, places in quotas:
        allotted[category] = allotted.get(category, 0) + places
    return [QuotaBalance(key, planned.get(key, 0), total) for key, total in allotted.items()]


def planned_hours(parts: Iterable[tuple[int, int]]) -> int:
    """Persons times hours each, summed: 1 000 × 26 and 140 × 18 are 28 520."""
    return sum(persons * hours for persons, hours in parts)


@dataclass(frozen=True)
class GenderBalance:
    """Women among those nominated against the share in the workforce."""

    women: int
    total: int
    baseline_percent: int
    share_percent: Decimal
    # How many more women (positive) or men (negative) would mirror the workforce.
    missing: int

    @property
    def men_missing(self) -> int:
        """How many more men would mirror the workforce; none where women are missing."""
        return max(-self.missing, 0)


def gender_balance(
    women: int, total: int, *, baseline_percent: int, at_least: int
) -> GenderBalance | None:
    """The balance, or nothing when so few are counted that it would tell of persons."""
    if total < at_least:
        return None
    share = (Decimal(100 * women) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
    missing = _expected(total, baseline_percent) - women
    return GenderBalance(women, total, baseline_percent, share, missing)


def age_on(born: datetime.date, day: datetime.date) -> int:
    """Whole years on the day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class AgeShare:
    """Those of some ages among the nominated, in years; no end where the band is open."""

    first: int | None
    below: int | None
    number: int
    share_percent: Decimal
    # The workforce's share, when it is known, and how many more would mirror it.
    baseline_percent: int | None = None
    missing: int = 0


# The ages that regulation (EU) 2021/1057, annex I, counts participants in.
AGE_LIMITS = (30, 55)


def age_shares(
    ages: Iterable[int], *, under_30: int, from_55: int, at_least: int
) -> tuple[AgeShare, ...]:
    """How many are young, between and older; never a band so small that it tells of persons.

    A small band is counted together with the next one; with too few in all, nothing is said.

    :param under_30: the workforce's share in per cent, like `from_55`; 0 while it is not known.
    """
    counted = list(ages)
    young, older = AGE_LIMITS
    known = under_30 > 0 and from_55 > 0
    bands: list[_Band] = [
        (None, young, sum(age < young for age in counted), under_30),
        (young, older, sum(young <= age < older for age in counted), 100 - under_30 - from_55),
        (older, None, sum(age >= older for age in counted), from_55),
    ]
    while len(bands) > 1 and (small := _smallest(bands))[2] < at_least:
        at = bands.index(small)
        first = max(at - 1, 0)
        one, other = bands[first], bands[first + 1]
        bands[first : first + 2] = [(one[0], other[1], one[2] + other[2], one[3] + other[3])]
    if len(bands) < 2:
        return ()
    total = len(counted)
    return tuple(
        AgeShare(
            first,
            below,
            number,
            (Decimal(100 * number) / total).quantize(Decimal("0.1"), ROUND_HALF_UP),
            percent if known else None,
            _expected(total, percent) - number if known else 0,
        )
        for first, below, number, percent in bands
    )


_Band = tuple[int | None, int | None, int, int]


def _smallest(bands: Sequence[_Band]) -> _Band:
    return min(bands, key=lambda band: band[2])


def _expected(total: int, percent: int) -> int:
    """How many of the total the share is, in whole persons; half goes up."""
    return int((Decimal(total * percent) / 100).quantize(Decimal(1), ROUND_HALF_UP))


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
