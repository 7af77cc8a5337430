"""What is found about forms before those who answer find it; each with the form put right."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from audit.operations import operation
from core.health import Finding, Severity
from forms_app import actions, gate, health, kinds
from forms_app.gate.base import Level
from forms_app.models import FormDefinition, FormOpening
from forms_app.setup import ensure_form

from . import builders
from .conftest import Room

TODAY = datetime.date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


def found() -> list[Finding]:
    return list(health.check(TODAY))


def opened(room: Room, **limits: object) -> FormOpening:
    with transaction.atomic(), operation("test"):
        return FormOpening.objects.create(definition=room.version.definition, **limits)


def test_a_form_that_works_is_not_mentioned(room: Room) -> None:
    assert found() == []


def test_a_form_that_was_never_published(room: Room) -> None:
    with transaction.atomic(), operation("test"):
        FormDefinition.objects.create(key="wip", name="Utkast", steps="[]")
    (one,) = found()
    assert "«Utkast» has never been published" in one.message
    assert one.severity is Severity.WARNING
    assert one.link.endswith("/publicera/")


def test_a_kind_that_is_no_longer_known_is_broken(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(kinds.KINDS, "file")
    (one,) = found()
    assert one.severity is Severity.BROKEN
    assert "no longer knows: file" in one.message


def test_a_version_that_would_not_be_published_today(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = gate.base.Finding(Level.ERROR, "GDPR 6", "Säg varför.")
    monkeypatch.setattr(gate, "findings", lambda schema, today: [said])
    (one,) = found()
    assert "Version 1 of «Provformulär» would not be published today: Säg varför." in one.message
    # The control: advice alone is no news.
    advice = gate.base.Finding(Level.ADVICE, "GDPR 6", "Fundera.")
    monkeypatch.setattr(gate, "findings", lambda schema, today: [advice])
    assert found() == []


def test_changes_that_nobody_published(room: Room) -> None:
    definition = room.version.definition
    with transaction.atomic(), operation("test"):
        definition.introduction = "Hej igen"
        definition.save()
    (one,) = found()
    assert "changed since version 1, but not published" in one.message
    with transaction.atomic(), operation("test"):
        actions.freeze(definition, published_by="x")
    assert found() == []


def test_a_limit_that_is_reached(room: Room) -> None:
    opened(room, answer_limit=1)
    assert found() == []
    raw = {"person": room.anna.public_id, "manager": "nej"}
    actions.submit_answers(version=room.version, raw=raw, actor=room.alice)
    (one,) = found()
    assert "its limit is reached" in one.message
    assert one.link.endswith("/oppet/")


@pytest.mark.parametrize(("days", "said"), [(2, 1), (4, 0), (-1, 0)])
def test_a_form_that_closes_soon(room: Room, days: int, said: int) -> None:
    opened(room, closes_at=timezone.now() + datetime.timedelta(days=days))
    assert len([one for one in found() if "closes within three days" in one.message]) == said


def test_many_forms_cost_the_same(room: Room) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            found()
        return len(seen)

    few = cost()
    with transaction.atomic(), operation("test"):
        for number in range(20):
            ensure_form(
                key=f"form-{number}", name=f"F{number}", introduction="", steps=builders.STEPS
            )
    assert cost() == few
