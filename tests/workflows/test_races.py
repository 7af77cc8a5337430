"""Many at once: one decision, one notice, one audit event."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from audit.models import Operation
from audit.operations import operation as open_operation
from people.models import User
from tests.workflows.builders import World, case_in, give, user, version_of
from workflows.actions import StaleDecision, decide, engine
from workflows.models import Case, Decision, Message
from workflows.rules import Step

APPROVERS = 40
ONE_STEP = Step(key="admit", name="Anta", role="projektledare")


def all_at_once(work: Callable[[int], object], n: int) -> list[BaseException]:
    """Run ``work`` in n threads that start together; the exceptions they ended with."""
    barrier = threading.Barrier(n)
    errors: list[BaseException] = []

    def run(index: int) -> None:
        close_old_connections()
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            work(index)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def crowd(world: World) -> tuple[Case, list[User]]:
    """A case that forty people may decide."""
    with transaction.atomic(), open_operation("test"):
        version = version_of(ONE_STEP)
        people = [user(f"Nummer Person{index}") for index in range(APPROVERS)]
        for account in people:
            give(account, "projektledare", world.city)
        return case_in(world, version), people


def race(case: Case, people: list[User]) -> list[BaseException]:
    return all_at_once(
        lambda index: decide(
            case_id=case.pk, step_key="admit", round=1, verdict="approve", actor=people[index]
        ),
        APPROVERS,
    )


@pytest.mark.django_db(transaction=True)
def test_forty_racing_approvers_make_one_decision(committed_world: World) -> None:
    case, people = crowd(committed_world)
    errors = race(case, people)
    assert len(errors) == APPROVERS - 1
    assert {type(error) for error in errors} == {StaleDecision}
    assert Decision.objects.filter(case=case).count() == 1
    assert Message.objects.filter(case=case, kind="case.approved").count() == 1
    assert Operation.objects.filter(name="case.decide", subject=case.reference).count() == 1
    assert Decision.history.filter(case_id=case.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_constraint_still_holds(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, people = crowd(committed_world)
    _without_lock(monkeypatch)
    errors = race(case, people)
    assert Decision.objects.filter(case=case).count() == 1
    assert any(isinstance(error, IntegrityError) for error in errors)


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraint_several_decide(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, people = crowd(committed_world)
    _without_lock(monkeypatch)
    table = Decision._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT decision_once_a_seat')
    try:
        race(case, people)
        assert Decision.objects.filter(case=case).count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'DELETE FROM "{table}"')
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            cursor.execute(
                f'ALTER TABLE "{table}" ADD CONSTRAINT decision_once_a_seat'
                " UNIQUE (case_id, round, step_key, seat)"
            )


def _without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same action with a plain read where the lock is taken."""
    together = threading.Barrier(APPROVERS)

    def unlocked(case_id: int) -> engine.Run:
        case = Case.objects.select_related("organisation", "concerns", "initiator").get(pk=case_id)
        run = engine.read(case)
        # Everyone has read before anyone writes: the worst moment.
        together.wait(timeout=60)
        return run

    monkeypatch.setattr(engine, "locked", unlocked)


@pytest.mark.django_db(transaction=True)
def test_cases_opened_at_once_get_a_dense_series(committed_world: World) -> None:
    with transaction.atomic(), open_operation("test"):
        version = version_of(ONE_STEP)
    errors = all_at_once(lambda index: case_in(committed_world, version), 12)
    assert errors == []
    numbers = sorted(int(ref[-4:]) for ref in Case.objects.values_list("reference", flat=True))
    assert numbers == list(range(1, 13))
