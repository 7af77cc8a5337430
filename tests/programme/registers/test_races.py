"""Two at once: one change holds and the other is told; numbers are given once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, QuerySet

from programme.errors import Stale
from programme.models import Entry
from programme.registers import actions
from tests.programme.registers.builders import Desk, add, raw
from tests.programme.registers.builders import desk as build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def committed() -> Desk:
    """The register, committed, so that other connections see it."""
    return build()


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run them in threads at once; exceptions are results."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = []

    def run(act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def changing(desk: Desk, entry: Entry, what: str) -> Callable[[], Any]:
    return lambda: actions.edit(
        entry_id=entry.pk, seen=1, raw=raw(what=what), chosen=[], actor=desk.writer
    )


def test_of_two_changes_at_once_one_holds_and_the_other_is_told(committed: Desk) -> None:
    entry = add(committed)
    results = together(changing(committed, entry, "A"), changing(committed, entry, "B"))
    assert len([one for one in results if isinstance(one, Stale)]) == 1
    entry.refresh_from_db()
    assert entry.edition == 2


def test_without_the_lock_both_would_hold(committed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same two with the row locks taken away."""
    entry = add(committed)

    def no_lock(self: QuerySet[Model], **kwargs: object) -> QuerySet[Model]:
        return self.all()

    meet = threading.Barrier(2)
    check = actions._ensure_current

    def both_past_the_check(found: Entry, seen: int) -> None:
        check(found, seen)
        meet.wait(timeout=40)

    monkeypatch.setattr(QuerySet, "select_for_update", no_lock)
    monkeypatch.setattr(actions, "_ensure_current", both_past_the_check)
    results = together(changing(committed, entry, "A"), changing(committed, entry, "B"))
    assert not [one for one in results if isinstance(one, Exception)]


def test_entries_added_at_once_get_numbers_of_their_own(committed: Desk) -> None:
    results = together(*[lambda: add(committed) for _number in range(4)])
    assert sorted(one.number for one in results) == [1, 2, 3, 4]
