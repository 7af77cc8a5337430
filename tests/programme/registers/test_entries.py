"""Entries: added, changed, withdrawn, never lost; and who may do it."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from audit.operations import operation
from forms_app.models import FormDefinition
from programme.errors import NotAllowed, ReasonNeeded, Refused, Stale
from programme.models import Entry
from programme.registers import access, actions, history, queries, words
from programme.registers.errors import Invalid
from tests.programme.registers.builders import Desk, add, edit, raw

TODAY = datetime.date(2026, 11, 28)


def test_entries_are_numbered_in_their_register_and_kept_in_words(desk: Desk) -> None:
    first, second = add(desk), add(desk, ("module", "samtal"), what="Annons", where="press")
    assert (first.number, second.number) == (1, 2)
    assert second.values["where"] == "press"
    assert second.words.splitlines() == ["Annons", "Pressen", "2026-03-02", "10", "Samtalet"]
    assert second.links == [{"kind": "module", "ref": "samtal", "title": "Samtalet"}]


def test_what_is_wrong_is_told_by_question_and_nothing_is_kept(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        add(desk, what="", where="radio", on="2026-02-31")
    assert set(refused.value.errors) == {"what", "where", "on"}
    assert not Entry.objects.exists()


def test_only_writers_and_the_office_write(desk: Desk) -> None:
    add(desk, by=desk.office)
    for other in (desk.reader, desk.auditor, desk.stranger):
        with pytest.raises(NotAllowed):
            add(desk, by=other)


def test_without_the_guard_a_reader_would_write(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the guard that keeps readers out."""
    monkeypatch.setattr(access, "ensure_may_write", lambda user, register: None)
    assert add(desk, by=desk.reader).number == 1


def test_the_second_of_two_who_change_the_same_entry_is_told(desk: Desk) -> None:
    entry = add(desk)
    edit(desk, entry, what="Först")
    with pytest.raises(Stale):
        edit(desk, entry, what="Sedan")
    entry.refresh_from_db()
    assert entry.values["what"] == "Först"


def test_without_the_check_the_second_would_overwrite_the_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the edition that tells the second one."""
    monkeypatch.setattr(actions, "_ensure_current", lambda entry, seen: None)
    entry = add(desk)
    edit(desk, entry, what="Först")
    assert edit(desk, entry, what="Sedan").values["what"] == "Sedan"


def test_saving_what_is_there_already_writes_nothing(desk: Desk) -> None:
    entry = add(desk)
    _saved, differs = actions.edit(
        entry_id=entry.pk, seen=1, raw=raw(), chosen=[], actor=desk.writer
    )
    assert not differs
    assert len(history.changes_of(entry, desk.register)) == 1


def test_an_entry_is_withdrawn_with_a_reason_and_then_stays_as_it_is(desk: Desk) -> None:
    entry = add(desk)
    with pytest.raises(ReasonNeeded):
        actions.withdraw(entry_id=entry.pk, seen=1, reason=" \u200b", actor=desk.writer)
    gone = actions.withdraw(entry_id=entry.pk, seen=1, reason="Dubblett", actor=desk.writer)
    with pytest.raises(Refused, match=r"withdrawn|tillbakadragen"):
        edit(desk, gone, what="Igen")
    assert not queries.in_force(desk.register).exists()


def test_the_database_deletes_no_entry_and_withdraws_none_without_reason(desk: Desk) -> None:
    entry = add(desk)
    with (
        pytest.raises(ProgrammingError, match="refused"),
        transaction.atomic(),
        operation("test"),
    ):
        entry.delete()
    with (
        pytest.raises(IntegrityError, match="withdrawn_with_reason"),
        transaction.atomic(),
        operation("test"),
    ):
        Entry.objects.filter(pk=entry.pk).update(withdrawn_on=TODAY)


def test_an_entry_tells_everything_it_has_been(desk: Desk) -> None:
    entry = edit(desk, add(desk), ("module", "samtal"), where="press")
    actions.withdraw(entry_id=entry.pk, seen=2, reason="Ställs in", actor=desk.office)
    last, changed, first = history.changes_of(entry, desk.register)
    assert (first.who, first.differences) == (desk.writer.get_full_name(), ())
    assert [(one.label, one.before, one.after) for one in changed.differences] == [
        ("Kanal", "Webbplatsen", "Pressen"),
        (words.link_heading("module"), "", "Samtalet"),
    ]
    assert (last.who, last.reason) == (desk.office.get_full_name(), "Ställs in")
    assert [one.edition for one in history.since([last, changed, first], 1)] == [3, 2]


def test_the_history_costs_the_same_however_long_it_is(desk: Desk) -> None:
    entry = edit(desk, add(desk), where="press")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            history.changes_of(entry, desk.register)
        return len(found)

    few = cost()
    for number in range(5):
        entry = edit(desk, entry, what=f"Nyhet {number}")
    assert cost() == few


def test_a_newer_form_leaves_old_entries_as_they_were_asked(desk: Desk) -> None:
    entry = add(desk)
    definition = FormDefinition.objects.get(pk=desk.register.form_id)
    with transaction.atomic(), operation("test"):
        schema = definition.versions.get().schema
        schema["steps"][0]["fields"] = [
            {**one, "label": "Var"} if one["key"] == "where" else one
            for one in schema["steps"][0]["fields"]
            if one["key"] != "more"
        ]
        definition.versions.create(
            number=2,
            schema=schema,
            digest="x",
            published_at=datetime.datetime.now(datetime.UTC),
            published_by_name="x",
        )
    assert words.Schemas(None, [entry.version_id]).of(entry.version_id)["where"].label == "Kanal"
    assert edit(desk, entry, what="Ny").version.number == 2


def test_nothing_is_linked_that_is_not_there(desk: Desk) -> None:
    for chosen in (("module", "finns-inte"), ("page", "999999"), ("occasion", "x")):
        with pytest.raises(Refused):
            add(desk, chosen)


def page_called(title: str) -> Page:
    with transaction.atomic(), operation("test.page"):
        root = Page.objects.filter(depth=1)[0]
        made: Page = root.add_child(instance=Page(title=title, slug=title.lower()))
        Site.objects.get_or_create(hostname="localhost", defaults={"root_page": made})
    return made


@time_machine.travel("2026-11-28 12:00", tick=False)
def test_a_planned_day_is_late_until_a_published_page_is_linked(desk: Desk) -> None:
    page = page_called("Nyheten")
    entry, coming = add(desk), add(desk, on="2026-12-24")
    assert queries.late_ids(desk.register, TODAY) == {entry.pk}
    entry = edit(desk, entry, ("page", str(page.pk)))
    assert queries.late_ids(desk.register, TODAY) == set()
    with transaction.atomic(), operation("test.page"):
        page.live = False
        page.save()
    assert queries.late_ids(desk.register, TODAY) == {entry.pk}
    with transaction.atomic(), operation("test.page"):
        page.delete()
    # What was linked can still be read, and the entry still be changed.
    assert edit(desk, entry, ("page", str(page.pk)), what="Ändrad").links[0]["title"] == "Nyheten"
    assert coming.pk not in queries.late_ids(desk.register, TODAY)


def test_a_register_out_of_use_takes_no_entries(desk: Desk) -> None:
    with transaction.atomic(), operation("test"):
        desk.register.in_use = False
        desk.register.save()
    with pytest.raises(Refused, match=r"in use|i bruk"):
        add(desk)
