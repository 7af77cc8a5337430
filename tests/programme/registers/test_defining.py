"""Registers as data: made, changed and refused by the office; warned of by their rhythm."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from core.health import Severity
from forms_app.schema import FieldSchema
from people.models import User
from programme.errors import NotAllowed, Stale
from programme.models import Register
from programme.registers import access, defining, demo, health
from programme.registers.defining import Facts
from programme.registers.errors import Invalid
from programme.registers.setup import load_registers
from tests.programme.registers.builders import Desk, add, publish, rhythmic

TODAY = datetime.date(2026, 11, 28)


def facts(desk: Desk) -> Facts:
    return Facts(name="Nytt register", purpose="Varför", form=desk.register.form)


def test_the_office_makes_a_register_and_its_key_is_its_own(desk: Desk) -> None:
    made = defining.define(facts=replace(facts(desk), name="Nytt"), actor=desk.office)
    again = defining.define(facts=facts(desk), actor=desk.office)
    # «nytt» is the page that makes one.
    assert (made.key, again.key) == ("nytt-2", "nytt-register")
    with (
        pytest.raises(ProgrammingError, match="by its key"),
        transaction.atomic(),
        operation("test"),
    ):
        Register.objects.filter(pk=made.pk).update(key="annat")


def test_others_make_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in (desk.writer, desk.reader, desk.auditor, desk.stranger):
        with pytest.raises(NotAllowed):
            defining.define(facts=facts(desk), actor=other)
    # The control: without the guard a reader would.
    monkeypatch.setattr(access, "ensure_may_define", lambda user: None)
    assert defining.define(facts=facts(desk), actor=desk.reader).pk


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day_field": "what"}, "day_field"),
        ({"sum_field": "on"}, "sum_field"),
        ({"late_without": "page", "day_field": "on"}, "late_without"),
        ({"late_without": "page", "links": ["page"]}, "day_field"),
        ({"rhythm": "year", "rhythm_from": TODAY, "rhythm_decision": "B"}, "day_field"),
        ({"rhythm": "year", "day_field": "on", "rhythm_decision": "B"}, "rhythm_from"),
        ({"rhythm": "year", "day_field": "on", "rhythm_from": TODAY}, "rhythm_decision"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(
    desk: Desk, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        defining.define(facts=replace(facts(desk), **changed), actor=desk.office)  # type: ignore[arg-type]
    assert set(refused.value.errors) == {field}


@pytest.mark.parametrize("kind", ["file", "group"])
def test_a_form_whose_answers_cannot_stay_is_no_register(desk: Desk, kind: str) -> None:
    columns = (FieldSchema("a", "A", "text"),) if kind == "group" else ()
    with transaction.atomic(), operation("test"):
        form = publish(f"med-{kind}", (FieldSchema("one", "Ett", kind, fields=columns),))
    with pytest.raises(Invalid) as refused:
        defining.define(facts=replace(facts(desk), form=form), actor=desk.office)
    assert "«Ett»" in refused.value.errors["form"][0]


def test_the_form_of_entries_is_not_exchanged(desk: Desk) -> None:
    add(desk)
    with transaction.atomic(), operation("test"):
        other = publish("annat")
    now = Facts(**defining.plain_of(desk.register))
    with pytest.raises(Invalid) as refused:
        defining.change(
            register_id=desk.register.pk,
            seen=1,
            facts=replace(now, form=other),
            actor=desk.office,
        )
    assert set(refused.value.errors) == {"form"}


def test_the_second_who_changes_the_register_is_told(desk: Desk) -> None:
    now = Facts(**defining.plain_of(desk.register))
    defining.change(
        register_id=desk.register.pk, seen=1, facts=replace(now, name="Först"), actor=desk.office
    )
    with pytest.raises(Stale):
        defining.change(
            register_id=desk.register.pk, seen=1, facts=replace(now, name="Sen"), actor=desk.office
        )


def test_a_rhythm_without_a_decision_is_refused_by_the_database(desk: Desk) -> None:
    with (
        pytest.raises(IntegrityError, match="rhythm_decided"),
        transaction.atomic(),
        operation("test"),
    ):
        Register.objects.filter(pk=desk.register.pk).update(rhythm="year")


def said(on: datetime.date = TODAY) -> list[tuple[str, Severity]]:
    return [(one.message, one.severity) for one in health.check(on)]


def test_a_year_without_its_entry_is_found(desk: Desk) -> None:
    assert said() == []
    rhythmic(desk)
    assert [severity for _message, severity in said()] == [Severity.SOON, Severity.WARNING]
    assert "2025" in said()[1][0]
    add(desk, on="2025-06-01")
    add(desk, on="2026-06-01")
    assert said() == []


def test_a_withdrawn_entry_fills_no_year(desk: Desk) -> None:
    from programme.registers.actions import withdraw

    rhythmic(desk, since=datetime.date(2026, 1, 1))
    entry = add(desk, on="2026-06-01")
    assert said() == []
    withdraw(entry_id=entry.pk, seen=1, reason="Fel", actor=desk.writer)
    assert [severity for _message, severity in said()] == [Severity.SOON]


def test_the_check_costs_the_same_however_many_registers(desk: Desk) -> None:
    rhythmic(desk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            list(health.check(TODAY))
        return len(found)

    few = cost()
    with transaction.atomic(), operation("test"):
        for number in range(4):
            Register.objects.create(
                key=f"plan-{number}",
                name="Plan",
                purpose="x",
                form=publish(f"form-{number}"),
                day_field="on",
                rhythm="term",
                rhythm_from=TODAY,
                rhythm_decision="B",
            )
    assert cost() == few


def test_a_newer_form_that_no_longer_asks_for_the_day_is_found(desk: Desk) -> None:
    with transaction.atomic(), operation("test"):
        version = desk.register.form.versions.get()
        schema = {**version.schema}
        fields = [one for one in schema["steps"][0]["fields"] if one["key"] != "on"]
        schema["steps"] = [{**schema["steps"][0], "fields": fields}]
        desk.register.form.versions.create(
            number=2,
            schema=schema,
            digest="x",
            published_at=version.published_at,
            published_by_name="x",
        )
    assert len(said()) == 1
    assert "«Plan»" in said()[0][0]


def test_set_up_adds_what_is_missing_and_leaves_what_staff_have_changed(desk: Desk) -> None:
    since = datetime.date(2026, 1, 1)
    with transaction.atomic(), operation("test"):
        load_registers(since=since)
    keys = set(Register.objects.values_list("key", flat=True)) - {"plan"}
    assert keys == {
        "kommunikationsplan",
        "forankringslogg",
        "referensgruppens-rad",
        "aktivitetsplan",
        "horisontella-principer",
    }
    for register in Register.objects.exclude(key="plan"):
        assert (
            defining.problems_of(
                Facts(**defining.plain_of(register)), defining.published(register.form)
            )
            == {}
        )
    plan = Register.objects.get(key="kommunikationsplan")
    defining.change(
        register_id=plan.pk,
        seen=1,
        facts=replace(Facts(**defining.plain_of(plan)), name="Vår plan"),
        actor=desk.office,
    )
    with transaction.atomic(), operation("test"):
        load_registers(since=since)
    plan.refresh_from_db()
    assert plan.name == "Vår plan"
    assert Register.objects.count() == len(keys) + 1


def test_the_demo_adds_nothing_the_second_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def office(role: str) -> User:
        return desk.office

    monkeypatch.setattr(demo, "_user", office)
    with transaction.atomic(), operation("test"):
        load_registers(since=datetime.date(2026, 1, 1))
    demo.build_registers(TODAY)
    plan = Register.objects.get(key="aktivitetsplan")
    before = [(one.number, one.values) for one in plan.entries.all()]
    assert plan.versions.count() == 2
    assert not [one for one in Register.objects.exclude(key="plan") if not one.entries.exists()]
    demo.build_registers(TODAY)
    assert [(one.number, one.values) for one in plan.entries.all()] == before
    assert plan.versions.count() == 2
