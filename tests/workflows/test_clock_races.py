"""Several clocks at once, and a clock beside somebody who decides."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from audit.models import Operation
from audit.operations import operation as open_operation
from tests.workflows.builders import World, case_in, version_of
from tests.workflows.clocks import FULL, OPENED, at, clock_answer, story
from tests.workflows.test_races import all_at_once
from workflows.actions import StaleDecision, clock
from workflows.models import Case, Message, StepEvent


@pytest.fixture
def racing(committed_world: World) -> Iterator[Case]:
    with time_machine.travel(OPENED, tick=False), transaction.atomic(), open_operation("test"):
        case = case_in(committed_world, version_of(FULL))
    with time_machine.travel(at(11), tick=False):
        yield case


@pytest.mark.django_db(transaction=True)
def test_eight_clocks_at_once_do_everything_once(racing: Case) -> None:
    assert all_at_once(lambda index: clock.tick(), 8) == []
    assert sorted(story(racing)) == ["escalated", "reminded"]
    assert Message.objects.filter(kind="case.escalated").count() == 2
    assert Operation.objects.filter(name="case.clock").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_constraint_still_holds(
    racing: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_lock(monkeypatch)
    all_at_once(lambda index: clock.tick(), 4)
    assert sorted(story(racing)) == ["escalated", "reminded"]
    assert Message.objects.filter(kind="case.escalated").count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraint_it_happens_twice(
    racing: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_lock(monkeypatch)
    table = StepEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX step_event_once")
    try:
        all_at_once(lambda index: clock.tick(), 4)
        assert len(story(racing)) > 2
    finally:
        constraint = next(c for c in StepEvent._meta.constraints if c.name == "step_event_once")
        with connection.cursor() as cursor, connection.schema_editor() as editor:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'DELETE FROM "{table}"')
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            editor.add_constraint(StepEvent, constraint)


def _without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everyone has read before anyone writes: the worst moment."""
    import threading

    together = threading.Barrier(4)

    def unlocked(pks: set[int]) -> list[Case]:
        return list(Case.objects.filter(pk__in=pks).select_related("organisation", "concerns"))

    original = clock._write

    def write(found: object) -> object:
        together.wait(timeout=30)
        return original(found)  # type: ignore[arg-type]

    def safely(ids: list[int]) -> object:
        try:
            return clock._batch(ids)
        except IntegrityError:
            from collections import Counter

            return Counter()

    monkeypatch.setattr(clock, "_locked", unlocked)
    monkeypatch.setattr(clock, "_write", write)
    monkeypatch.setattr(clock, "_safely", safely)


@pytest.mark.django_db(transaction=True)
def test_a_case_that_someone_is_deciding_is_left_to_the_next_run(racing: Case) -> None:
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=racing.pk)
        assert all_at_once(lambda index: clock.tick(), 1) == []
        assert story(racing) == []
    assert clock.tick().total() == 2


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_the_end_at_once_make_one_of_them(
    committed_world: World, racing: Case
) -> None:
    clock.tick()
    # Read outside, so that only the locks decide the order.
    with time_machine.travel(at(16), tick=False):
        work: list[Callable[[], object]] = [
            lambda: clock_answer(racing, committed_world),
            clock.tick,
        ]
        errors = all_at_once(lambda index: work[index](), 2)
    racing.refresh_from_db()
    decided = racing.decisions.exists()
    assert (racing.state == Case.State.LAPSED) is not decided
    assert [type(error) for error in errors] == ([] if decided else [StaleDecision])
