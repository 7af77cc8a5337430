"""A small register for the tests: its form, who writes it, who reads it, who must not see it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from audit.operations import operation
from forms_app.models import FormDefinition
from forms_app.schema import Choice, FieldSchema, StepSchema
from forms_app.setup import ensure_form
from people.models import Capability, Organisation, User
from programme.models import Entry, Module, Programme, Register
from programme.registers import actions
from tests.people import builders
from tests.programme.procurement.builders import office as procurement_office

FIELDS = (
    FieldSchema(key="what", label="Insats", kind="text", required=True, max_length=60),
    FieldSchema(
        key="where",
        label="Kanal",
        kind="choice",
        required=True,
        choices=(Choice("web", "Webbplatsen"), Choice("press", "Pressen")),
    ),
    FieldSchema(key="on", label="Dag", kind="date", required=True),
    FieldSchema(key="reached", label="Antal", kind="number", decimals=1),
    FieldSchema(key="more", label="Mer", kind="long_text"),
)
DAY = "2026-03-02"


@dataclass
class Desk:
    """The register and those who come to it."""

    programme: Programme
    city: Organisation
    register: Register
    module: Module
    office: User
    writer: User
    reader: User
    auditor: User
    stranger: User


def publish(key: str = "insatser", fields: tuple[FieldSchema, ...] = FIELDS) -> FormDefinition:
    """A published form of one page."""
    ensure_form(key=key, name=key, steps=[StepSchema("insats", "Insats", fields=fields)])
    return FormDefinition.objects.get(key=key)


def desk() -> Desk:
    """The office, a role that writes, a role that reads, an auditor, and somebody else."""
    found = procurement_office()
    with transaction.atomic(), operation("test.desk"):
        office, writer, reader, auditor, stranger = (
            builders.account(name)
            for name in ("kontoret", "skrivare", "lasare", "revision", "annan")
        )
        builders.holds(office, "leads", found.city, Capability.MANAGE_PROGRAMME, Capability.ARRANGE)
        builders.holds(writer, "writes", found.city)
        builders.holds(reader, "reads", found.city)
        builders.holds(auditor, "audits", found.city, Capability.AUDIT)
        builders.holds(stranger, "else", found.city, Capability.SEE_ECONOMY)
        register = Register.objects.create(
            key="plan",
            name="Plan",
            purpose="Vad som görs.",
            form=publish(),
            readers=["reads"],
            writers=["writes"],
            links=["page", "module"],
            day_field="on",
            sum_field="reached",
            late_without="page",
        )
        module = Module.objects.create(programme=found.programme, key="samtal", name="Samtalet")
    return Desk(
        found.programme, found.city, register, module, office, writer, reader, auditor, stranger
    )


def raw(**changed: Any) -> dict[str, Any]:
    """Answers as typed."""
    return {"what": "Nyhet", "where": "web", "on": DAY, "reached": "10", **changed}


def add(desk: Desk, *chosen: tuple[str, str], by: User | None = None, **changed: Any) -> Entry:
    """An entry."""
    return actions.add(
        register_id=desk.register.pk, raw=raw(**changed), chosen=chosen, actor=by or desk.writer
    )


def edit(desk: Desk, entry: Entry, *chosen: tuple[str, str], **changed: Any) -> Entry:
    """The entry with other answers."""
    saved, _differs = actions.edit(
        entry_id=entry.pk,
        seen=entry.edition,
        raw=raw(**changed),
        chosen=chosen,
        actor=desk.writer,
    )
    return saved


def rhythmic(desk: Desk, rhythm: str = "year", since: datetime.date | None = None) -> Register:
    """The register, with a rhythm."""
    with transaction.atomic(), operation("test.rhythm"):
        desk.register.rhythm = rhythm
        desk.register.rhythm_from = since or datetime.date(2025, 1, 1)
        desk.register.rhythm_decision = "Beslut 1"
        desk.register.save()
    return desk.register
