"""Sending meeting reports in, for the tests of them."""

import io
from typing import Any

from programme.attendance import importing
from programme.models import (
    Evidence,
    ReportRow,
)
from tests.programme.attendance.conftest import Room

JOIN, LEAVE, LONG = "9/15/2026, 9:00:00 AM", "9/15/2026, 2:00:00 PM", "5h"


def receive(room: Room, content: bytes, **extra: Any) -> Evidence:
    """Send the file in."""
    return importing.receive(
        occasion_id=room.occasion.pk,
        name="rapport.csv",
        file=io.BytesIO(content),
        actor=extra.get("actor", room.trainer),
    )


def counted(room: Room, content: bytes) -> Evidence:
    """Send the file in and confirm it."""
    return importing.confirm(
        evidence_id=receive(room, content).pk, actor=room.trainer, of_nobody_known=True
    )


def hows(evidence: Evidence) -> list[tuple[str, int | None]]:
    """How each row was matched, and to whom."""
    return list(ReportRow.objects.filter(evidence=evidence).values_list("how", "person_id"))
