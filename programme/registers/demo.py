"""Believable entries of the registers for the demo; roles and no persons, days counted from today."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from people.models import User
from programme.models import Entry, Register
from programme.registers import actions
from programme.registers.targets import TARGETS

DATA = Path(__file__).resolve().parent.parent / "data" / "demo_registers.json"
DEMO = Actor(id="demo", name="Demo")
ACCOUNT = "{role}@example.org"
PLAN = "aktivitetsplan"


@transaction.atomic
def build_registers(today: datetime.date | None = None) -> None:
    """Add entries to registers that have none; nothing the second time."""
    # No decision can be of a day that has not come, however far the story is told.
    on = min(today or timezone.localdate(), timezone.localdate())
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    empty = Register.objects.filter(key__in=rows, entries=None)
    with operation("demo.registers", actor=DEMO):
        for register in empty:
            for number, row in enumerate(rows[register.key]):
                _add(register, row, number, on)
            if register.key == PLAN:
                _decide(register, on)


def _user(role: str) -> User:
    return User.objects.get(email=ACCOUNT.format(role=role))


def _values(given: dict[str, Any], on: datetime.date) -> dict[str, Any]:
    """Answers as typed; a whole number for a day counts from today."""
    days = {"dag", "fran", "till"}
    return {
        key: (on + datetime.timedelta(days=value)).isoformat() if key in days else value
        for key, value in given.items()
    }


def _add(register: Register, row: dict[str, Any], number: int, on: datetime.date) -> None:
    kind = row.get("link", "")
    choices = TARGETS[kind].choices() if kind else []
    named = [ref for ref, title in choices if title == row.get("title")]
    refs = named or [choices[number % len(choices)][0]] if choices else []
    chosen = [(kind, ref) for ref in refs[:1]]
    actions.add(
        register_id=register.pk,
        raw=_values(row["values"], on),
        chosen=chosen,
        actor=_user(row["by"]),
    )


def _decide(register: Register, on: datetime.date) -> None:
    """Two decided versions of the plan with something between them, and a change since."""
    office = _user("administrator")

    def freeze(seen: int, days: int, decision: str) -> None:
        day = on - datetime.timedelta(days=days)
        actions.freeze(
            register_id=register.pk, seen=seen, decided_on=day, decision=decision, actor=office
        )

    def edit(number: int, **changed: Any) -> None:
        entry = Entry.objects.get(register=register, number=number)
        raw = {**entry.values, **_values(changed, on)}
        actions.edit(entry_id=entry.pk, seen=entry.edition, raw=raw, chosen=[], actor=office)

    freeze(0, 320, "Styrgruppen, möte 1, punkt 6")
    edit(4, fran=82, till=82)
    entry = Entry.objects.get(register=register, number=5)
    actions.withdraw(
        entry_id=entry.pk,
        seen=entry.edition,
        reason="Ersätts av ett digitalt erfarenhetsutbyte.",
        actor=office,
    )
    new = {
        "aktivitet": "Digitalt erfarenhetsutbyte",
        "del": "spridning",
        "fran": 45,
        "till": 45,
        "ansvarig": "kommunikator",
        "lage": "planerad",
    }
    _add(register, {"values": new, "by": "administrator"}, 0, on)
    freeze(1, 90, "Styrgruppen, möte 4, punkt 5")
    edit(2, till=80)
