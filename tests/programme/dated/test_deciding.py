"""Values that hold from a day on: added, never changed, never back into a locked month."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from core.models import Job
from programme import queries
from programme.dated import actions, reading
from programme.dated.preview import preview
from programme.dated.reading import Kind
from programme.dated.rules import Holds, holding
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.groups import editing
from programme.hours import dating
from programme.hours.dating import DatedBack
from programme.models import CompletionRule, HourRules, Month, Rate, Setting
from programme.months import figures
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.hours.builders import counted, mark, occasion_on
from tests.programme.months.builders import MARCH, staff_account
from tests.programme.training import course_of

NOW = datetime.datetime(2026, 5, 20, 10, tzinfo=datetime.UTC)
MAY = datetime.date(2026, 5, 1)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def lock_march(world: World) -> None:
    with transaction.atomic(), operation("test.lock"):
        Month.objects.create(programme=world.programme, first_day=MARCH, state=Month.State.LOCKED)


def decide(world: World, valid_from: str, value: int = 9, **other: Any) -> Setting:
    asked: dict[str, Any] = {
        "programme": world.programme,
        "key": "answer_days",
        "value": value,
        "valid_from": day(valid_from),
        "decision": "Styrgruppen 2026-05-12",
        "actor": world.administrator,
    }
    return actions.decide_setting(**(asked | other))


def values_of(world: World) -> list[tuple[str, str, str]]:
    found = reading.everything(world.programme, day("2026-05-20"))
    subject = next(one for one in found if one.key == "answer_days")
    return [(v.valid_from.isoformat(), v.said[0], v.holds) for v in subject.values]


def test_the_latest_begun_value_holds() -> None:
    days = [day("2026-01-01"), day("2026-05-20"), day("2026-05-21")]
    assert dict(holding(days, day("2026-05-20"))) == {
        days[0]: Holds.PAST,
        days[1]: Holds.NOW,
        days[2]: Holds.COMING,
    }


def test_a_value_is_added_and_earlier_days_keep_theirs(world: World) -> None:
    before = Setting.objects.get(key="answer_days")
    decide(world, "2026-06-01")
    assert [one[2] for one in values_of(world)] == [Holds.COMING, Holds.NOW]
    before.refresh_from_db()
    assert (before.value, before.valid_from) == (10, day("2026-01-01"))
    for on, value in (("2026-05-31", 10), ("2026-06-01", 9)):
        assert queries.settings_on(world.programme, day(on))["answer_days"] == value


def test_nothing_is_changed_that_holds_from_the_same_day(world: World) -> None:
    decide(world, "2026-06-01")
    with pytest.raises(Refused):
        decide(world, "2026-06-01", 12)
    assert Setting.objects.get(key="answer_days", valid_from=day("2026-06-01")).value == 9


def test_a_value_dated_into_a_locked_month_is_refused_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_march(world)
    assert dating.first_open_day(world.programme) == day("2026-04-01")
    with pytest.raises(DatedBack) as refused:
        decide(world, "2026-03-31")
    assert "2026-03" in str(refused.value)
    assert "2026-04-01" in str(refused.value)
    assert Setting.objects.filter(key="answer_days").count() == 1
    for outside in ("2025-12-31", "2029-01-01"):
        with pytest.raises(DatedBack):
            decide(world, outside)
    decide(world, "2026-04-01")
    # The control: without the guard the locked month would get another value.
    monkeypatch.setattr(actions, "ensure_may_hold_from", lambda programme, day: None)
    assert decide(world, "2026-03-31").pk


@pytest.mark.parametrize("what", ["rate", "plan", "hours", "completion"])
def test_every_kind_asks_the_same_guard(world: World, what: str) -> None:
    lock_march(world)
    dated: Any = {
        "valid_from": day("2026-03-15"),
        "decision": "Beslut",
        "actor": world.administrator,
    }
    rows = (Rate, HourRules, CompletionRule)
    before = [model.objects.count() for model in rows]
    programme = world.programme
    chefs: Any = {
        "category": world.categories["chef"],
        "planned_persons": 1,
        "planned_hours_each": 1,
    }
    series: Any = {"course_id": course_of(world).pk, "least_units": 1, "least_percent": 1}
    doing: dict[str, Callable[[], object]] = {
        "rate": lambda: actions.decide_rate(
            programme=programme, kind="participant", amount=Decimal(420), **dated
        ),
        "plan": lambda: actions.decide_plan(**chefs, **dated),
        "hours": lambda: actions.decide_hour_rules(programme=programme, values={}, **dated),
        "completion": lambda: editing.decide_completion(**series, **dated),
    }
    with pytest.raises(DatedBack):
        doing[what]()
    assert [model.objects.count() for model in rows] == before


def test_only_the_office_decides_and_always_with_a_decision(world: World) -> None:
    for who in (world.head, world.auditor, world.chief):
        with pytest.raises(NotAllowed):
            decide(world, "2026-06-01", actor=who)
    with pytest.raises(ReasonNeeded):
        decide(world, "2026-06-01", decision="  ")
    for impossible in (0, 61, "x", True):
        with pytest.raises(Refused):
            decide(world, "2026-06-01", impossible)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        decide(world, "2026-06-01", key="finns_inte")


def test_what_is_to_come_can_be_taken_back_and_what_holds_cannot(world: World) -> None:
    row = decide(world, "2026-06-01")
    now = Setting.objects.get(key="answer_days", valid_from=day("2026-01-01"))
    asked: Any = {
        "programme": world.programme,
        "rows": reading.rows_of(world.programme, Kind.SETTING, "answer_days"),
        "actor": world.administrator,
    }
    with pytest.raises(Refused):
        actions.take_back(row_id=now.pk, reason="Fel", **asked)
    with pytest.raises(ReasonNeeded):
        actions.take_back(row_id=row.pk, reason=" ", **asked)
    actions.take_back(row_id=row.pk, reason="Fel dag", **asked)
    assert [one[0] for one in values_of(world)] == ["2026-01-01"]
    told = reading.happenings(world.programme, Kind.SETTING, "answer_days")
    assert [(one.taken_back, one.why) for one in told][:2] == [
        (True, "Fel dag"),
        (False, "Styrgruppen 2026-05-12"),
    ]
    assert told[0].who == world.administrator.get_full_name()


def test_a_rate_counts_from_its_own_day_to_the_ore(world: World) -> None:
    person = world.staff[0]
    for on in ("2026-05-04", "2026-05-18"):
        mark(occasion_on(world, day(on)), person)
    actions.decide_rate(
        programme=world.programme,
        kind="participant",
        amount=Decimal("420.50"),
        valid_from=day("2026-05-18"),
        decision="Beslut 2",
        actor=world.administrator,
    )
    sums = figures.months_of(world.programme.pk, MAY, MAY)[MAY]
    assert sums.kronor == 3 * Decimal(417) + 3 * Decimal("420.50")


def test_a_changed_plan_is_the_plan_from_its_day(world: World) -> None:
    actions.decide_plan(
        category=world.categories["chef"],
        planned_persons=120,
        planned_hours_each=20,
        valid_from=day("2026-05-20"),
        decision="Ändringsbeslut",
        actor=world.administrator,
    )
    assert queries.hours(world.programme).planned == 26_000 + 2_400
    before = queries.plans_on(world.programme, day("2026-05-19"))
    assert before[world.categories["chef"].pk].persons == 140


RULES: dict[str, Any] = {"breaks_count": True}


def test_other_rules_are_shown_before_they_are_decided_and_then_counted(world: World) -> None:
    person = world.staff[0]
    occasions = [
        occasion_on(world, day(on), breaks=[[60, 90]])
        for on in ("2026-04-14", "2026-05-04", "2026-05-18")
    ]
    for occasion in occasions:
        mark(occasion, person)
    effect = preview(programme=world.programme, values=RULES, valid_from=MAY)
    assert not effect.example
    assert [(m.month, m.before, m.after, m.persons) for m in effect.months] == [(MAY, 300, 360, 1)]
    assert effect.kronor == Decimal(417)
    assert HourRules.objects.count() == 1
    assert [counted(one, person).minutes for one in occasions] == [150, 150, 150]
    row = actions.decide_hour_rules(
        programme=world.programme,
        values=RULES,
        valid_from=MAY,
        decision="Styrgruppen",
        actor=world.administrator,
    )
    assert row.decision == "Styrgruppen"
    assert Job.objects.get().owner == f"user:{world.administrator.pk}"


def test_rules_to_come_are_tried_on_what_has_been(world: World) -> None:
    mark(occasion_on(world, day("2026-04-14"), breaks=[[60, 90]]), world.staff[0])
    effect = preview(programme=world.programme, values=RULES, valid_from=day("2026-09-01"))
    assert effect.example
    assert [(one.before, one.after) for one in effect.months] == [(150, 180)]


def test_the_price_of_the_preview_does_not_grow(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            preview(programme=world.programme, values=RULES, valid_from=MAY)
        return len(found)

    mark(occasion_on(world, day("2026-05-04")), world.staff[0])
    few = asked()
    for number in range(5, 9):
        occasion = occasion_on(world, datetime.date(2026, 5, number))
        for person in world.staff:
            mark(occasion, person)
    assert asked() == few


def test_the_pages_show_decide_and_take_back(world: World) -> None:
    office, economist = signed_in(world.administrator), signed_in(staff_account(world, "ekonom"))
    address = "/installningar/varde/answer_days/"
    sent = {"value": "9", "valid_from": "2026-06-01", "decision": "Styrgruppen § 4"}
    assert economist.get(address).status_code == 200
    assert economist.post(address, sent).status_code == 404
    assert office.post(address, sent | {"value": "999"}).status_code == 422
    assert office.post(address, sent | {"valid_from": "2025-01-01"}).status_code == 422
    assert office.post(address, sent).status_code == 302
    page = office.get(address).content.decode()
    assert "Styrgruppen § 4" in page
    assert world.administrator.get_full_name() in page
    assert "Styrgruppen § 4" not in office.get("/installningar/varde/group_size/").content.decode()
    assert "2026-06-01" in office.get("/installningar/").content.decode()
    assert office.get("/installningar/varde/finns-inte/").status_code == 404
    row = Setting.objects.get(key="answer_days", valid_from=day("2026-06-01"))
    economist.post(f"{address}{row.pk}/ta-tillbaka/", {"reason": "Fel"})
    assert Setting.objects.filter(pk=row.pk).exists()
    office.post(f"{address}{row.pk}/ta-tillbaka/", {"reason": "Fel"})
    assert not Setting.objects.filter(pk=row.pk).exists()


def test_rules_for_hours_are_decided_only_after_the_preview(world: World) -> None:
    mark(occasion_on(world, day("2026-05-04"), breaks=[[60, 90]]), world.staff[0])
    office = signed_in(world.administrator)
    sent = {
        "breaks_count": "on",
        "late_minutes_forgiven": "0",
        "gap_minutes_forgiven": "0",
        "mark_counts_whole": "on",
        "rounding": "none",
        "rounding_minutes": "15",
        "month_rounding": "none",
        "month_rounding_minutes": "60",
        "most_minutes_a_day": "600",
        "valid_from": "2026-05-01",
        "decision": "Styrgruppen § 5",
    }
    shown = office.post("/installningar/timregler/alla/", sent | {"action": "preview"})
    assert shown.status_code == 200
    assert shown.context["effect"].minutes == 30
    assert HourRules.objects.count() == 1
    assert office.post("/installningar/timregler/alla/", sent | {"action": "decide"}).status_code
    assert HourRules.objects.get(valid_from=MAY).breaks_count
    assert Job.objects.count() == 1


@pytest.mark.parametrize("address", ["plan/chef/", "timpris/participant/", "timregler/alla/"])
def test_every_kind_has_its_page(world: World, address: str) -> None:
    page = signed_in(world.administrator).get(f"/installningar/{address}")
    assert page.status_code == 200
    assert page.context["subject"].now is not None


@pytest.mark.parametrize("written", ["433,33", "433.33"])
def test_a_rate_is_written_with_a_comma_or_a_point(world: World, written: str) -> None:
    client = signed_in(world.administrator)
    address = "/installningar/timpris/participant/"
    page = client.get(address)
    field = str(page.context["form"]["amount"])
    assert 'type="text"' in field
    assert 'inputmode="decimal"' in field
    data = {"amount": written, "valid_from": "2026-07-01", "decision": "Styrgruppen"}
    assert client.post(address, data).status_code == 302
    assert Rate.objects.get(valid_from=day("2026-07-01")).amount == Decimal("433.33")
