"""Meeting reports: the same file from several at once is one import (B6)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from programme.attendance import access, importing
from programme.models import (
    CountedTime,
    Evidence,
    Occasion,
    Segment,
)
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room, room_of
from tests.programme.attendance.received import JOIN, LEAVE, LONG, receive
from tests.programme.builders import build_world


def four_times(room: Room, content: bytes) -> list[str]:
    """Send the same file in and confirm it, four at once, each in a thread of its own."""
    barrier = threading.Barrier(4)

    def one(_number: int) -> str:
        try:
            barrier.wait(timeout=60)
            evidence = receive(room, content)
            importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()
        return "counted"

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(one, range(4)))


@pytest.mark.django_db(transaction=True)
def test_the_same_file_four_times_at_once_is_one_import() -> None:
    room = room_of(build_world(staff=2))
    content = reports.teams([("A", JOIN, LEAVE, LONG, room.persons[0].email)])
    assert four_times(room, content) == ["ReportRefused"] * 3 + ["counted"]
    assert Evidence.objects.count() == Segment.objects.count() == 1
    assert CountedTime.objects.get(current=True).minutes == 260


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_has_to_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_of(build_world(staff=2))
    met = threading.Event()
    together = threading.Barrier(4, action=met.set)
    monkeypatch.setattr(
        access,
        "lock_open",
        lambda pk: Occasion.objects.select_related("programme", "district").get(pk=pk),
    )
    read = importing.read

    def all_read_before_anyone_writes(*args: Any) -> Any:
        found = read(*args)
        # Whoever wins reads once more to confirm, and then nobody else comes.
        if not met.is_set():
            together.wait(timeout=60)
        return found

    monkeypatch.setattr(importing, "read", all_read_before_anyone_writes)
    content = reports.teams([("A", JOIN, LEAVE, LONG, room.persons[0].email)])
    found = four_times(room, content)
    assert "IntegrityError" in found
