"""What is counted of those nominated and taking part: seats, hours, sex and age; pure rules."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


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
