"""The rules alone: who may be nominated, how balances and gaps are counted."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from programme import figure_rules, rules
from programme.figure_rules import Meter
from programme.rules import Candidate, Chain, Level, ManagersFirst, Terms, Window

DAY = datetime.date(2026, 11, 20)
TERMS = Terms(
    day=DAY,
    opens_on=DAY - datetime.timedelta(days=5),
    closes_on=DAY,
    district_ids=frozenset({1}),
    for_managers=False,
)
GOOD = Candidate(
    district_id=1,
    employed_by_the_city=True,
    is_manager=False,
    key_function=False,
    manager_in_the_project=True,
    places_left=3,
)


def codes(terms: Terms, candidate: Candidate, level: Level = Level.STOP) -> list[str]:
    return [p.code for p in rules.check_nomination(terms, candidate) if p.level is level]


def test_a_suitable_person_can_be_nominated() -> None:
    assert rules.check_nomination(TERMS, GOOD) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-6, Window.BEFORE), (-5, Window.OPEN), (0, Window.OPEN), (1, Window.AFTER)],
)
def test_first_and_last_day_are_open(days: int, expected: Window) -> None:
    day = DAY + datetime.timedelta(days=days)
    assert rules.window_on(day, TERMS.opens_on, TERMS.closes_on) is expected
    stops = codes(replace(TERMS, day=day), GOOD)
    assert stops == ([] if expected is Window.OPEN else ["window"])


@pytest.mark.parametrize(
    ("terms", "candidate", "code"),
    [
        (TERMS, replace(GOOD, district_id=2), "district"),
        (TERMS, replace(GOOD, district_id=None), "district"),
        (TERMS, replace(GOOD, employed_by_the_city=False), "employer"),
        (TERMS, replace(GOOD, is_manager=True), "category"),
        (replace(TERMS, for_managers=True), GOOD, "category"),
        (TERMS, replace(GOOD, nominated_by_district_id=1), "twice"),
        (TERMS, replace(GOOD, nominated_by_district_id=2), "twice"),
        (replace(TERMS, key_functions_only=True), GOOD, "key_function"),
        (
            replace(TERMS, for_managers=True),
            replace(GOOD, is_manager=True, key_function=True),
            "key_function",
        ),
        (
            replace(TERMS, managers_first=ManagersFirst.BLOCK),
            replace(GOOD, manager_in_the_project=False),
            "managers_first",
        ),
    ],
)
def test_what_stops_a_nomination(terms: Terms, candidate: Candidate, code: str) -> None:
    assert codes(terms, candidate) == [code]


def test_what_is_only_said() -> None:
    without_manager = replace(GOOD, manager_in_the_project=False)
    assert codes(TERMS, without_manager, Level.NOTE) == ["managers_first"]
    off = replace(TERMS, managers_first=ManagersFirst.OFF)
    assert rules.check_nomination(off, without_manager) == []
    assert codes(TERMS, replace(GOOD, places_left=0), Level.NOTE) == ["full"]
    assert codes(replace(TERMS, uses_quota=False), replace(GOOD, places_left=0), Level.NOTE) == []


def test_quotas_are_compared_with_the_plan() -> None:
    staff, managers = figure_rules.quota_balance(
        {"medarbetare": 1000, "chef": 140},
        [("medarbetare", 600), ("medarbetare", 300), ("chef", 150)],
    )
    assert (staff.allotted, staff.difference) == (900, 100)
    assert (managers.allotted, managers.difference) == (150, -10)


def test_a_meter_never_shows_places_below_none() -> None:
    meter = Meter(places=2, waiting=4, approved=3, reserve=1)
    assert (meter.left, meter.nominated) == (0, 8)


def test_few_persons_have_no_balance() -> None:
    assert figure_rules.gender_balance(4, 4, baseline_percent=78, at_least=5) is None
    balance = figure_rules.gender_balance(3, 5, baseline_percent=78, at_least=5)
    assert balance is not None
    assert balance.share_percent == Decimal("60.0")
    assert (balance.missing, balance.men_missing) == (1, 0)
    balance = figure_rules.gender_balance(9, 10, baseline_percent=78, at_least=5)
    assert balance is not None
    assert (balance.missing, balance.men_missing) == (-1, 1)


def test_without_the_limit_a_single_person_would_show() -> None:
    balance = figure_rules.gender_balance(1, 1, baseline_percent=78, at_least=0)
    assert balance is not None
    assert balance.share_percent == Decimal("100.0")


def bands(ages: list[int], **known: int) -> list[tuple[int | None, int | None, int]]:
    """Each band with its number."""
    shares = figure_rules.age_shares(ages, **{"under_30": 0, "from_55": 0, "at_least": 5} | known)
    return [(share.first, share.below, share.number) for share in shares]


def test_ages_are_shown_against_the_workforce() -> None:
    ages = [29] * 10 + [30] * 20 + [54] * 20 + [55] * 10
    young, between, older = figure_rules.age_shares(ages, under_30=20, from_55=15, at_least=5)
    assert (young.number, between.number, older.number) == (10, 40, 10)
    assert [band.share_percent for band in (young, between, older)] == [
        Decimal("16.7"),
        Decimal("66.7"),
        Decimal("16.7"),
    ]
    # 12, 39 and 9 of sixty would mirror the workforce.
    assert [band.missing for band in (young, between, older)] == [2, -1, -1]
    assert between.baseline_percent == 65


def test_without_the_workforces_ages_nothing_is_said_to_be_missing() -> None:
    for known in ({"under_30": 20}, {"from_55": 15}, {}):
        shares = figure_rules.age_shares(
            [25] * 5 + [60] * 5,
            **{"under_30": 0, "from_55": 0, "at_least": 5} | known,
        )
        assert {(band.baseline_percent, band.missing) for band in shares} == {(None, 0)}


def test_a_band_that_would_tell_of_persons_is_counted_with_the_next() -> None:
    assert bands([25] * 4 + [40] * 9 + [60] * 5) == [(None, 55, 13), (55, None, 5)]
    assert bands([25] * 5 + [40] * 9 + [60] * 4) == [(None, 30, 5), (30, None, 13)]
    assert bands([25] * 5 + [40] * 4 + [60] * 9) == [(None, 55, 9), (55, None, 9)]
    assert bands([25] * 4 + [40] * 9 + [60] * 4) == []
    assert bands([25] * 9) == bands([]) == []
    # The control: with a limit of one the small band is there.
    assert bands([25] * 4 + [40] * 9 + [60] * 5, at_least=1)[0] == (None, 30, 4)


def test_a_birthday_counts_on_the_day() -> None:
    born = datetime.date(1996, 3, 2)
    assert figure_rules.age_on(born, datetime.date(2026, 3, 1)) == 29
    assert figure_rules.age_on(born, datetime.date(2026, 3, 2)) == 30


@pytest.mark.parametrize(
    ("managers", "keys", "expected"),
    [(0, 0, (5, 5)), (1, 0, (0, 5)), (1, 1, (0, 1)), (0, 2, (5, 0)), (1, 2, None)],
)
def test_everyone_needs_a_manager_and_another_key_function(
    managers: int, keys: int, expected: tuple[int, int] | None
) -> None:
    gaps = rules.support_gaps([Chain(1, "Enheten", 5, managers, keys)])
    assert [(gap.without_manager, gap.without_key_function) for gap in gaps] == (
        [expected] if expected else []
    )


def test_a_unit_with_only_a_manager_lacks_nothing() -> None:
    assert rules.support_gaps([Chain(1, "Enheten", 0, 1, 0)]) == []


def test_moving_in_a_line() -> None:
    assert rules.moved_to([1, 2, 3], 3, 1) == [3, 1, 2]
    assert rules.moved_to([1, 2, 3], 1, 3) == [2, 3, 1]


def test_repeated_persons_point_to_their_first_row() -> None:
    assert rules.repeated([(2, "a"), (3, "b"), (4, "a"), (9, "a")]) == {4: 2, 9: 2}
