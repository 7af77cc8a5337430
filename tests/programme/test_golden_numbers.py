"""The golden numbers of the application, held against the real data and the real code.

Each test names the check it carries.
"""

import datetime
import itertools
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import Client
from django.urls import reverse

from core import figures
from people import identity
from people.models import Identity
from people.rules import luhn_holds, organisation_number
from programme import figure_rules, queries, terms
from programme.demo_story import plan
from programme.models import Course, HourRules, Programme, Quota, Rate
from programme.months.rules import due_on, next_month, worth
from programme.setup import read
from tests.programme.builders import World

RATE = Decimal(417)
HOURS_A_YEAR, YEARS = 1720, 3


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    """The programme as it is carried with the code."""
    read_facts: dict[str, Any] = read("programme")
    return read_facts


@pytest.fixture(scope="module")
def lines(facts: dict[str, Any]) -> dict[str, int]:
    """The budget's lines by name."""
    return {line["name"]: line["amount"] for line in facts["budget"]["lines"]}


def whole(value: Decimal) -> int:
    """Whole kronor, half up."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def group_sum(facts: dict[str, Any], group: str) -> int:
    """The sum of one group of budget lines."""
    return sum(line["amount"] for line in facts["budget"]["lines"] if line["group"] == group)


def test_g01_to_g03_budget_lines_sum_to_the_direct_costs(facts: dict[str, Any]) -> None:
    assert group_sum(facts, "Personal") == 7_318_996
    assert group_sum(facts, "Externa tjänster") == 6_820_000
    assert group_sum(facts, "Utrustning, materiel och deltagarlokaler") == 100_000
    total = sum(line["amount"] for line in facts["budget"]["lines"])
    assert total == facts["budget"]["direct_total"] == 14_238_996


def test_g04_and_g05_participants_and_what_each_costs(world: World, facts: dict[str, Any]) -> None:
    planned = {c.key: c.planned_persons for c in world.programme.categories.all()}
    assert planned == {"medarbetare": 1000, "chef": 140}
    persons = sum(planned.values())
    assert persons == 1140
    each = Decimal(facts["budget"]["direct_total"]) / persons
    assert whole(each) == int(each) == facts["budget"]["cost_per_participant"] == 12_490


def test_g06_planned_hours(world: World) -> None:
    assert figure_rules.planned_hours([(1000, 26)]) == 26_000
    assert figure_rules.planned_hours([(140, 18)]) == 2_520
    assert queries.hours(world.programme).planned == 28_520


def test_g07_to_g10_co_financing_is_hours_at_the_dated_rate(
    world: World, facts: dict[str, Any]
) -> None:
    rate = Rate.objects.get(programme=world.programme, kind="participant")
    assert rate.amount == RATE
    rows = {row["category"]: row for row in facts["budget"]["co_financing"]}
    for key, amount in (("medarbetare", 10_842_000), ("chef", 1_050_840)):
        row = rows[key]
        minutes = row["persons"] * row["hours_each"] * 60
        assert worth(minutes, rate.amount) == row["amount"] == amount
        assert Decimal(amount) / (minutes // 60) == RATE
    assert worth(28_520 * 60, rate.amount) == facts["budget"]["co_financing_total"] == 11_892_840


def test_g11_and_g12_total_cost_and_shares(world: World, facts: dict[str, Any]) -> None:
    """The own share is what the planned hours earn at the rate that is decided."""
    rate = Rate.objects.get(programme=world.programme, kind="participant").amount
    own = worth(queries.hours(world.programme).planned * 60, rate)
    direct = Decimal(sum(line["amount"] for line in facts["budget"]["lines"]))
    assert own == 11_892_840
    assert direct + own == 26_131_836
    assert figures.percent(terms.own_share(own, direct)) == "45,51\xa0%"
    assert figures.percent(terms.own_share(direct, own)) == "54,49\xa0%"
    # The control: a share of the direct costs alone would be another figure altogether.
    assert figures.percent(Decimal(100) * own / direct) == "83,52\xa0%"
    assert terms.own_share(Decimal(0), Decimal(0)) == 0


def test_g12_what_an_exact_46_per_cent_would_need(world: World, facts: dict[str, Any]) -> None:
    rate = Rate.objects.get(programme=world.programme, kind="participant").amount
    own = worth(queries.hours(world.programme).planned * 60, rate)
    direct = Decimal(facts["budget"]["direct_total"])
    needed = terms.own_needed(direct, Decimal(46))
    assert figures.kronor(needed, 2) == "12\xa0129\xa0515,11\xa0kr"
    missing = terms.shortfall(needed, own)
    assert figures.kronor(missing, 2) == "236\xa0675,11\xa0kr"
    hours = terms.hours_worth(missing, rate)
    assert figures.grouped(hours, 2) == "567,57"
    # With those hours the share is reached, and with a hundredth of an hour less it is not.
    step = Decimal("0.01")
    assert terms.own_share(own + hours * rate, direct) >= 46
    assert terms.own_share(own + (hours - step) * rate, direct) < 46


def test_g13_to_g19_staff_costs_follow_from_rates_with_overhead(
    facts: dict[str, Any], lines: dict[str, int]
) -> None:
    hours = HOURS_A_YEAR * YEARS
    cost = {
        row["level"]: Decimal(row["sek_per_hour"] * hours * (100 + row["overhead_percent"])) / 100
        for row in facts["budget"]["staff_rates_derived"]
    }
    assert {row["hours_per_year"] for row in facts["budget"]["staff_rates_derived"]} == {1720}
    assert cost[5] == lines["Projektledare"] == 3_690_948
    assert cost[3] == lines["Projektadministratör"] == 2_889_858
    assert whole(cost[5] / 5) == lines["Projektekonom"] == 738_190
    assert cost[5] / hours == Decimal("715.30")
    assert cost[3] / hours == Decimal("560.05")
    base = 622 * hours + 622 * hours // 5 + 487 * hours
    assert base == 6_364_344
    assert whole(Decimal(base) * 115 / 100) == 7_318_996


def test_g20_to_g22_groups_and_occasions(world: World) -> None:
    values = queries.settings_on(world.programme, world.programme.starts_on)
    groups, occasions = 1000 // values["group_size"], values["series_occasions"]
    assert (groups, groups * occasions, groups * occasions * values["group_size"]) == (
        50,
        300,
        6000,
    )
    assert 140 // values["group_size"] == 7
    told = plan.group_plans()
    assert sum(one.course == plan.SERIES for one in told) == 50
    assert sum(one.course == plan.MANAGERS for one in told) == 7


def test_g21_an_occasion_of_the_series_is_four_hours_and_twenty_minutes(world: World) -> None:
    def net(key: str) -> list[int]:
        units = Course.objects.get(programme=world.programme, key=key).units.all()
        return [unit.minutes - sum(b - a for a, b in unit.breaks) for unit in units]

    assert net("serie") == [260] * 6
    assert sum(net("serie")) == 26 * 60
    assert sum(net("chefsutbildning")) == 18 * 60


def test_g23_value_of_a_planned_person() -> None:
    assert worth(26 * 60, RATE) == Decimal(10_842)
    assert worth(18 * 60, RATE) == Decimal(7_506)


def test_g24_averages_of_the_plan() -> None:
    assert figures.grouped(Decimal(28_520) / 1140, 2) == "25,02"
    assert figures.kronor(Decimal(11_892_840) / 1140, 2) == "10\xa0432,32\xa0kr"


def test_g25_and_g26_monthly_cost_and_full_time_staff(
    facts: dict[str, Any], lines: dict[str, int]
) -> None:
    monthly = {name: figures.grouped(Decimal(amount) / 36, 2) for name, amount in lines.items()}
    assert monthly["Projektledare"] == "102\xa0526,33"
    assert monthly["Projektadministratör"] == "80\xa0273,83"
    assert monthly["Projektekonom"] == "20\xa0505,28"
    staff = [line for line in facts["budget"]["lines"] if line["group"] == "Personal"]
    share = sum(Decimal(line["share_percent"]) / 100 for line in staff)
    assert {line["months"] for line in staff} == {facts["period"]["months"]} == {36}
    assert share == Decimal("2.2")
    assert share * 36 == Decimal("79.2")
    assert share * HOURS_A_YEAR * YEARS == 11_352


def test_g27_average_month() -> None:
    assert figures.grouped(Decimal(28_520) / 36, 1) == "792,2"
    assert figures.grouped(Decimal(1140) / 36, 1) == "31,7"
    assert figures.kronor(Decimal(11_892_840) / 36, 2) == "330\xa0356,67\xa0kr"


def test_g28_shares_of_the_direct_cost(facts: dict[str, Any]) -> None:
    total = facts["budget"]["direct_total"]
    shares = [
        figures.percent(Decimal(100 * group_sum(facts, group)) / total)
        for group in (
            "Personal",
            "Externa tjänster",
            "Utrustning, materiel och deltagarlokaler",
        )
    ]
    assert shares == ["51,40\xa0%", "47,90\xa0%", "0,70\xa0%"]


def test_g29_coverage(world: World) -> None:
    values = queries.settings_on(world.programme, world.programme.starts_on)
    assert figures.percent(Decimal(100 * 1140) / values["workforce"]) == "8,77\xa0%"


def test_g30_quotas_share_the_plan_evenly_between_districts(world: World) -> None:
    for category, least, most in (("medarbetare", 90, 91), ("chef", 12, 13)):
        places: dict[int, int] = {}
        for quota in Quota.objects.filter(category__key=category):
            places[quota.organisation_id] = places.get(quota.organisation_id, 0) + quota.places
        assert len(places) == 11
        assert least <= min(places.values()) <= max(places.values()) <= most


def test_g31_expected_women() -> None:
    for total, expected in ((1140, 889), (20, 16)):
        balance = figure_rules.gender_balance(0, total, baseline_percent=78, at_least=5)
        assert balance is not None
        assert balance.missing == expected
    assert (Decimal(1140) * 78 / 100, Decimal(20) * 78 / 100) == (Decimal("889.2"), Decimal("15.6"))


def test_g32_the_threshold_is_never_rounded_up() -> None:
    assert terms.reaches(800, 1000, 80)
    assert not terms.reaches(799, 1000, 80)
    assert terms.share_shown(800, 1000) == Decimal("80.0")
    assert terms.share_shown(799, 1000) == Decimal("79.9")
    # The control: the nearest whole per cent would let them through.
    assert terms.share_shown(7_999, 10_000) == Decimal("79.9")
    assert round(Decimal(7_999) / 100) == 80
    assert not terms.reaches(7_999, 10_000, 80)
    assert not terms.reaches(0, 0, 80)


def test_g33_the_fewest_that_reach_three_quarters() -> None:
    assert terms.needed(75, 800) == 600
    assert terms.reaches(600, 800, 75)
    assert not terms.reaches(599, 800, 75)


def test_g34_what_hours_do_not_cover_is_cash(facts: dict[str, Any]) -> None:
    planned = Decimal(facts["budget"]["co_financing_total"])
    earned = worth(25_000 * 60, RATE)
    assert earned == 10_425_000
    assert terms.shortfall(planned, earned) == 1_467_840
    assert terms.shortfall(planned, planned + 1) == 0
    assert terms.falls_short(planned, earned, 5)
    assert not terms.falls_short(Decimal(100), Decimal(95), 5)
    assert terms.falls_short(Decimal(100), Decimal("94.99"), 5)


def test_g35_only_one_pair_of_rates_explains_both_staff_sums() -> None:
    hours = HOURS_A_YEAR * YEARS
    found = [
        (percent, high, low)
        for percent in range(41)
        for high in range(500, 716)
        if high * hours * (100 + percent) == 3_690_948 * 100
        for low in range(300, 561)
        if low * hours * (100 + percent) == 2_889_858 * 100
    ]
    assert found == [(15, 622, 487)]


@pytest.mark.parametrize(
    ("month", "opens", "due"),
    [
        ("2026-01-01", "2026-02-01", "2026-02-28"),
        ("2026-02-01", "2026-03-01", "2026-03-28"),
        ("2026-12-01", "2027-01-01", "2027-01-28"),
        ("2028-02-01", "2028-03-01", "2028-03-28"),
    ],
)
def test_g36_when_a_month_is_reported(month: str, opens: str, due: str) -> None:
    first = datetime.date.fromisoformat(month)
    assert next_month(first).isoformat() == opens
    assert due_on(first).isoformat() == due


def test_g37_half_time(world: World, facts: dict[str, Any]) -> None:
    programme = Programme.objects.get(pk=world.programme.pk)
    middle = terms.half_time(programme.starts_on, programme.ends_on)
    assert middle == datetime.date(2027, 7, 2)
    assert facts["period"]["months"] == 36


def test_g38_payment_term(facts: dict[str, Any]) -> None:
    days = facts["terms"]["payment_days"]
    assert terms.paid_by(datetime.date(2026, 6, 15), days) == datetime.date(2026, 9, 3)


def test_g39_check_digits() -> None:
    number = identity.parse("701063-2391", datetime.date(2026, 1, 1))
    assert number.kind == Identity.Kind.SAMORDNINGSNUMMER
    assert number.born == datetime.date(1970, 10, 3)
    assert int(number.number12[10]) % 2 == 1
    for text in ("212000-0142", "202100-5224"):
        assert organisation_number(text) == text
    for text in ("7010632391", "2120000142", "2021005224"):
        assert luhn_holds(text)
        for place, digit in itertools.product(range(10), "0123456789"):
            changed = text[:place] + digit + text[place + 1 :]
            assert luhn_holds(changed) == (changed == text)


@pytest.mark.parametrize(
    ("paid", "kept"),
    [
        ("2024-10-31", "2029-12-31"),
        ("2029-03-31", "2034-12-31"),
        ("2029-12-31", "2034-12-31"),
        ("2030-01-01", "2035-12-31"),
    ],
)
def test_g40_documents_are_kept_five_years_from_the_end_of_the_year(
    facts: dict[str, Any], paid: str, kept: str
) -> None:
    years = facts["terms"]["retention_years"]
    assert terms.kept_until(datetime.date.fromisoformat(paid), years).isoformat() == kept


def test_g41_formats_as_templates_write_them(facts: dict[str, Any]) -> None:
    """The filters that every page uses, on the application's own figures."""
    own, direct = facts["budget"]["co_financing_total"], facts["budget"]["direct_total"]
    page = engines["django"].from_string(
        "{% load portal %}{{ direct|kronor }};{{ share|percent }};{{ day|iso }};{{ moment|iso }}"
    )
    shown = page.render(
        {
            "direct": direct,
            "share": terms.own_share(Decimal(own), Decimal(direct)),
            "day": datetime.date(2026, 2, 28),
            # Half past midnight in Stockholm is still the day before in UTC.
            "moment": datetime.datetime(2026, 2, 27, 23, 30, tzinfo=datetime.UTC),
        }
    )
    assert shown.split(";")[:3] == ["14\xa0238\xa0996\xa0kr", "45,51\xa0%", "2026-02-28"]
    assert shown.split(";")[3].startswith("2026-02-28")
    # The control: without the filters the figures come out otherwise.
    bare = (
        engines["django"]
        .from_string("{{ direct }};{{ day }}")
        .render({"direct": direct, "day": datetime.date(2026, 2, 28)})
    )
    assert "14\xa0238\xa0996\xa0kr" not in bare


def test_g41_formats_on_a_real_page(world: World) -> None:
    client = Client()
    client.force_login(world.administrator)
    page = client.get(reverse("economy:overview")).content.decode()
    assert "11\xa0892\xa0840\xa0kr" in page
    assert "28\xa0520\xa0tim" in page
    # No amount has an ordinary space within it or before its unit, where a line could break.
    text = re.sub(r"<[^>]+>", "|", page)
    assert not re.search(r"\d kr\b|\d %|\d{1,3} \d{3}(?!\d)", text)


def test_g42_budget_date_and_record_number(world: World) -> None:
    programme = Programme.objects.get(pk=world.programme.pk)
    assert programme.budget_date == datetime.date(2025, 9, 25)
    assert programme.record_number == "25-021-S02"
    programme.clean_fields()
    programme.record_number = "25-021-502"
    with pytest.raises(ValidationError) as refused:
        programme.clean_fields()
    assert list(refused.value.message_dict) == ["record_number"]


def test_rates_and_rules_are_dated_rows_from_the_first_day(world: World) -> None:
    first = world.programme.starts_on
    assert Rate.objects.get(programme=world.programme).valid_from == first
    assert HourRules.objects.get(programme=world.programme).valid_from == first
    assert (world.programme.ends_on - first).days == 1095
