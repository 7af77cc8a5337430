"""Frozen versions: what they keep, that nobody changes them, and who freezes."""

import datetime

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from audit.operations import operation
from forms_app.schema import digest_of
from programme.errors import NotAllowed, Refused, Stale
from programme.models import RegisterVersion
from programme.registers import access, actions, rules, words
from programme.registers.rules import Content
from tests.programme.registers.builders import Desk, add, edit


def freeze(desk: Desk, seen: int = 0, decision: str = "Beslut 1") -> RegisterVersion:
    return actions.freeze(
        register_id=desk.register.pk,
        seen=seen,
        decided_on=datetime.date(2026, 1, 2),
        decision=decision,
        actor=desk.office,
    )


def test_a_version_keeps_what_was_and_is_compared_with_what_is(desk: Desk) -> None:
    first, second = add(desk), add(desk, what="Annons")
    frozen = freeze(desk)
    edit(desk, first, where="press")
    actions.withdraw(entry_id=second.pk, seen=1, reason="Utgår", actor=desk.writer)
    add(desk, what="Ny")
    found = rules.compare(Content.from_plain(frozen.content), words.content_of(desk.register))
    assert [one.title for one in found.added] == ["Ny"]
    assert [one.title for one in found.removed] == ["Annons"]
    assert [(d.label, d.before, d.after) for d in found.changed[0].differences] == [
        ("Kanal", "Webbplatsen", "Pressen")
    ]
    second_version = freeze(desk, seen=1)
    assert second_version.number == 2
    frozen.refresh_from_db()
    assert frozen.digest == digest_of(frozen.content)


def test_the_database_changes_and_deletes_no_version(desk: Desk) -> None:
    add(desk)
    frozen = freeze(desk)
    refused = pytest.raises(ProgrammingError, match="refused")
    with refused, transaction.atomic(), operation("test"):
        RegisterVersion.objects.filter(pk=frozen.pk).update(decision="Annat")
    with refused, transaction.atomic(), operation("test"):
        frozen.delete()


def test_nothing_new_is_not_frozen_again(desk: Desk) -> None:
    add(desk)
    freeze(desk)
    with pytest.raises(Refused, match=r"Nothing has changed|Inget har ändrats"):
        freeze(desk, seen=1)


def test_whoever_freezes_after_somebody_else_is_told(desk: Desk) -> None:
    add(desk)
    freeze(desk)
    add(desk)
    with pytest.raises(Stale):
        freeze(desk, seen=0)
    assert freeze(desk, seen=1).number == 2


@pytest.mark.parametrize("decision", ["", "  ", "\u200b"])
def test_a_version_names_its_decision(desk: Desk, decision: str) -> None:
    with pytest.raises(Refused):
        freeze(desk, decision=decision)


def test_a_decision_is_not_from_the_future(desk: Desk) -> None:
    with pytest.raises(Refused):
        actions.freeze(
            register_id=desk.register.pk,
            seen=0,
            decided_on=timezone.localdate() + datetime.timedelta(days=1),
            decision="x",
            actor=desk.office,
        )


def test_only_the_office_freezes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk)
    desk.office = desk.writer
    with pytest.raises(NotAllowed):
        freeze(desk)
    # The control: without the guard the writer would.
    monkeypatch.setattr(access, "ensure_may_define", lambda user: None)
    assert freeze(desk).number == 1
