"""The clock's job: once whatever happens, in Stockholm's days, and never an approval."""

import datetime

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import Capability, Role
from tests.workflows.builders import World, answer, case_in, give, user, version_of
from tests.workflows.clocks import FULL, OPENED, STOCKHOLM, at, clock_answer, story, tick_at, told
from workflows import outbox, queries, tasks
from workflows.actions import CannotDecide, StaleDecision, clock
from workflows.clock import Tick
from workflows.kinds import Event
from workflows.models import Case, Message, StepEvent, WorkItem
from workflows.rules import Step, Verdict


@pytest.fixture
def case(world: World) -> Case:
    with time_machine.travel(OPENED, tick=False):
        return case_in(world, version_of(FULL))


def test_those_who_decide_are_reminded_before_the_due_day(case: Case) -> None:
    assert tick_at(at(5)) == {}
    assert tick_at(at(6)) == {Tick.REMIND: 1}
    assert told(case, "case.reminded") == {"Avdelning"}
    assert tick_at(at(6, hour=9)) == tick_at(at(7)) == tick_at(at(9)) == {}
    assert story(case) == ["reminded"]


def test_a_late_step_may_be_decided_by_the_role_called_in_too(world: World, case: Case) -> None:
    with pytest.raises(CannotDecide):
        answer(case, world["leader"])
    tick_at(at(6))
    assert tick_at(at(11)) == {Tick.ESCALATE: 1}
    assert told(case, "case.escalated") == {"Leader", "Deputy_leader"}
    item = case.work_items.get()
    assert (item.escalated_role_id, item.role_id) == ("projektledare", "avdelningschef")
    for who in ("avdelning", "leader"):
        assert [row.case for row in queries.inbox(world[who])] == [case]
    assert answer(case, world["leader"]).state == Case.State.APPROVED
    assert not queries.inbox(world["avdelning"]).exists()


def test_a_silent_case_lapses_and_is_never_approved(world: World, case: Case, kind: object) -> None:
    for day in (6, 11, 12, 13):
        tick_at(at(day))
    case.refresh_from_db()
    assert case.state == Case.State.WAITING
    assert tick_at(at(16)) == {Tick.LAPSE: 1}
    case.refresh_from_db()
    assert case.state == Case.State.LAPSED
    assert case.closed_at is not None
    assert not case.decisions.exists()
    assert not WorkItem.objects.filter(closed_at__isnull=True).exists()
    assert told(case, "case.lapsed") == {"Chef"}
    assert kind.events[-1] == (case.reference, Event.LAPSED)  # type: ignore[attr-defined]
    with pytest.raises(StaleDecision):
        clock_answer(case, world)


def test_the_office_is_told_once_when_the_help_is_silent_and_nothing_lapses(world: World) -> None:
    step = Step(
        key="prioritise",
        name="Prioritera",
        role="avdelningschef",
        escalate_to="avdelningschef",
        escalate_after=2,
    )
    give(user("Distrikt Chef"), "avdelningschef", world.farsta)
    with time_machine.travel(OPENED, tick=False):
        case = case_in(world, version_of(step))
    for day in (6, 11, 12, 13, 16, 17):
        tick_at(at(day))
    assert story(case) == ["reminded", "escalated", "office_told"]
    assert told(case, "case.escalated") == {"Distrikt"}
    assert told(case, "case.office_told") == {"Leader", "Deputy_leader"}


def test_the_office_is_not_told_of_its_own_cases(world: World) -> None:
    step = Step(key="admit", name="Anta", role="avdelningschef")
    with time_machine.travel(OPENED, tick=False):
        case = case_in(world, version_of(step), initiator="leader")
    for day in (6, 11):
        tick_at(at(day))
    assert told(case, "case.office_told") == {"Deputy_leader"}


def test_the_office_is_told_at_once_when_nobody_may_decide(world: World, case: Case) -> None:
    world["avdelning"].assignments.update(valid_to=datetime.date(2026, 11, 4))
    assert tick_at(at(6)) == {Tick.TELL_OFFICE: 1}
    assert told(case, "case.office_told") == {"Leader", "Deputy_leader"}
    assert not told(case, "case.reminded")


def test_run_a_hundred_times_it_does_everything_once(case: Case) -> None:
    with time_machine.travel(at(6), tick=False) as now:
        for _ in range(100):
            clock.tick()
            now.shift(datetime.timedelta(hours=4))
    assert story(case) == ["reminded", "escalated", "lapsed"]
    assert Message.objects.filter(kind="case.reminded").count() == 1
    assert Message.objects.filter(kind="case.escalated").count() == 2
    assert Message.objects.filter(kind="case.lapsed").count() == 1


def test_after_a_week_without_it_everything_is_done_once(case: Case) -> None:
    assert tick_at(at(18)) == {Tick.REMIND: 1, Tick.ESCALATE: 1}
    assert tick_at(at(18, hour=12)) == {}
    assert tick_at(at(23)) == {Tick.LAPSE: 1}


def test_a_clock_that_goes_backwards_does_nothing_twice(case: Case) -> None:
    tick_at(at(11))
    for moment in (at(11, hour=7), at(10), at(6), at(2)):
        assert tick_at(moment) == {}
    assert story(case) == ["reminded", "escalated"]


@pytest.mark.parametrize(
    ("opened", "before", "after"),
    [
        # The last Sunday of March: 02.00 becomes 03.00. Due on Wednesday the 1st of April.
        ("2026-03-25T16:00", "2026-03-30T23:59:59", "2026-03-31T00:00"),
        # The last Sunday of October: 03.00 becomes 02.00. Due on Wednesday the 28th.
        ("2026-10-21T16:00", "2026-10-26T23:59:59", "2026-10-27T00:00"),
        # Opened a minute before midnight, which is the day before in UTC as well.
        ("2026-10-21T23:59", "2026-10-26T23:59:59", "2026-10-27T00:00"),
        # Opened a minute after midnight, when it is still yesterday in UTC.
        ("2026-10-21T00:01", "2026-10-26T23:59:59", "2026-10-27T00:00"),
    ],
)
def test_the_day_begins_at_midnight_in_stockholm(
    world: World, opened: str, before: str, after: str
) -> None:
    def moment(text: str) -> datetime.datetime:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)

    with time_machine.travel(moment(opened), tick=False):
        case_in(world, version_of(FULL))
    assert tick_at(moment(before)) == {}
    assert tick_at(moment(after)) == {Tick.REMIND: 1}


@pytest.mark.parametrize("sunday", [datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)])
def test_through_the_nights_of_the_changed_clock_it_does_everything_once(
    world: World, sunday: datetime.date
) -> None:
    start = datetime.datetime.combine(
        sunday - datetime.timedelta(days=9), datetime.time(9), STOCKHOLM
    )
    with time_machine.travel(start, tick=False) as now:
        case = case_in(world, version_of(FULL))
        for _ in range(24 * 21):
            clock.tick()
            now.shift(datetime.timedelta(hours=1))
    assert story(case) == ["reminded", "escalated", "lapsed"]
    when = [event.at.astimezone(STOCKHOLM) for event in case.step_events.all()]
    assert {moment.hour for moment in when} == {0}


def test_a_decision_in_time_stops_the_clock(world: World, case: Case) -> None:
    answer(case, world["avdelning"])
    assert tick_at(at(30)) == {}
    assert not case.step_events.exists()


def test_a_returned_case_is_left_alone_and_its_next_round_gets_its_own_days(
    world: World, case: Case
) -> None:
    from workflows.actions import complete

    tick_at(at(6))
    with time_machine.travel(at(9), tick=False):
        answer(case, world["avdelning"], Verdict.RETURN)
    assert tick_at(at(30)) == {}
    with time_machine.travel(at(30, hour=9), tick=False):
        complete(case_id=case.pk, data={"place": "x"}, actor=world["chef"])
    assert tick_at(at(4, 12)) == {Tick.REMIND: 1}
    assert [event.round for event in case.step_events.all()] == [1, 2]


def test_a_crash_in_the_middle_leaves_nothing_and_the_next_run_does_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(rows: object) -> None:
        raise OSError("the process dies")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue_rows", crash)
        assert tick_at(at(11)) == {}
    assert story(case) == []
    assert case.work_items.get().escalated_role_id is None
    assert tick_at(at(11)) == {Tick.REMIND: 1, Tick.ESCALATE: 1}
    assert story(case) == ["reminded", "escalated"]


def test_a_case_that_fails_does_not_stop_the_others(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(OPENED, tick=False):
        bad = case_in(world, case.version)
    original = clock.event_of

    def refuse(one: Case, *rest: object, **words: str) -> StepEvent:
        if one.pk == bad.pk:
            raise RuntimeError("a fault in one case")
        return original(one, *rest, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(clock, "event_of", refuse)
    assert tick_at(at(6)) == {Tick.REMIND: 1}
    assert (story(case), story(bad)) == (["reminded"], [])


def test_the_queries_of_a_batch_do_not_grow_with_its_cases(world: World, case: Case) -> None:
    def queries_at(moment: datetime.datetime) -> int:
        with CaptureQueriesContext(connection) as few:
            tick_at(moment)
        return len(few)

    with time_machine.travel(OPENED, tick=False):
        case_in(world, case.version)
    few = queries_at(at(11))
    with time_machine.travel(OPENED, tick=False):
        for _ in range(22):
            case_in(world, case.version)
    assert queries_at(at(11)) == few
    assert StepEvent.objects.filter(kind="escalated").count() == 24


def test_the_task_runs_in_small_batches_too(world: World, case: Case) -> None:
    with time_machine.travel(OPENED, tick=False):
        for _ in range(4):
            case_in(world, case.version)
    with time_machine.travel(at(6), tick=False):
        assert clock.tick(batch=2).total() == 5
        assert tasks.tick() == 0


def test_the_database_keeps_a_second_event_of_the_same_kind_away(case: Case) -> None:
    tick_at(at(6))
    event = case.step_events.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.event_of(case, case.work_items.get(), "reminded", event.at).save()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        StepEvent.objects.update(reason="annat")


def test_the_office_is_those_who_look_after_cases(world: World) -> None:
    held = Role.objects.get(key="projektledare").capabilities
    assert Capability.MANAGE_PROGRAMME in held
