"""The registers' pages: who opens them, what they keep, find and take out."""

import csv
import datetime
import io
import re
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from audit.operations import operation
from config.menu import menu_of
from people.models import User
from programme.models import Entry, Register
from programme.registers import actions, defining, queries
from programme.registers.defining import Facts
from tests.clients import signed_in
from tests.programme.registers.builders import FIELDS, Desk, add, edit, publish, raw, rhythmic

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def address(name: str, *args: object) -> str:
    return reverse(f"registers:{name}", args=["plan", *args])


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_each_sees_what_the_register_says(desk: Desk) -> None:
    entry = add(desk)
    pages = [address("register"), address("entry", entry.public_id), address("download", "csv")]
    for user in (desk.office, desk.writer, desk.reader, desk.auditor):
        client = signed_in(user)
        assert [client.get(page).status_code for page in pages] == [200] * 3
    stranger = signed_in(desk.stranger)
    assert [stranger.get(page).status_code for page in pages] == [404] * 3
    assert stranger.get(reverse("registers:list")).status_code == 404
    for user, status in (
        (desk.office, 200),
        (desk.writer, 200),
        (desk.reader, 404),
        (desk.auditor, 404),
    ):
        assert signed_in(user).get(address("entry_new")).status_code == status
    for user in (desk.writer, desk.reader, desk.auditor):
        for name in ("change", "freeze"):
            assert signed_in(user).get(address(name)).status_code == 404


def test_the_register_may_say_so(desk: Desk) -> None:
    """The control: a role that the register names is let in."""
    now = Facts(**defining.plain_of(desk.register))
    defining.change(
        register_id=desk.register.pk,
        seen=1,
        facts=replace(now, readers=["else"]),
        actor=desk.office,
    )
    assert signed_in(desk.stranger).get(address("register")).status_code == 200
    assert signed_in(desk.reader).get(address("register")).status_code == 404


def test_an_entry_of_another_register_is_not_found_here(desk: Desk) -> None:
    entry = add(desk)
    other = reverse("registers:entry", args=["finns-inte", entry.public_id])
    assert signed_in(desk.office).get(other).status_code == 404


def test_bad_input_is_told_and_what_was_written_stays(desk: Desk) -> None:
    answer = signed_in(desk.writer).post(
        address("entry_new"),
        {"what": "Vår nyhet", "where": "", "on": "31/2", "lank-add_module": "samtal"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Svara på frågan «Kanal»" in page
    assert "Vår nyhet" in page
    assert "31/2" in page
    assert '<option value="samtal" selected>' in page
    assert not Entry.objects.exists()


def test_an_entry_is_added_linked_changed_and_withdrawn_in_the_browser(desk: Desk) -> None:
    client = signed_in(desk.writer)
    client.post(address("entry_new"), {**raw(), "lank-add_module": "samtal"})
    entry = Entry.objects.get()
    assert [one["ref"] for one in entry.links] == ["samtal"]
    change = address("entry_change", entry.public_id)
    assert "Kryssa ur" in text_of(client, change)
    client.post(change, {**raw(what="Annat"), "seen": "1"})
    entry.refresh_from_db()
    assert (entry.values["what"], entry.links, entry.edition) == ("Annat", [], 2)
    withdraw = address("entry_withdraw", entry.public_id)
    assert client.post(withdraw, {"reason": "", "seen": "2"}).status_code == 422
    client.post(withdraw, {"reason": "Utgår", "seen": "2"})
    assert "Utgår" in text_of(client, address("entry", entry.public_id))
    assert client.get(change).status_code == 404
    assert "Ingen rad passar" not in text_of(client, f"{address('register')}?lage=withdrawn")


def test_the_slower_one_is_told_and_keeps_what_was_written(desk: Desk) -> None:
    entry = add(desk)
    slow = signed_in(desk.office)
    edit(desk, entry, what="Den snabbe")
    answer = slow.post(
        address("entry_change", entry.public_id), {**raw(what="Den långsamme"), "seen": "1"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Den långsamme" in page
    assert "Den snabbe" in page
    assert desk.writer.get_full_name() in page
    entry.refresh_from_db()
    assert entry.values["what"] == "Den snabbe"
    # Saving again, knowing it, is a choice.
    assert 'name="seen" value="2"' in page
    slow.post(address("entry_change", entry.public_id), {**raw(what="Den långsamme"), "seen": "2"})
    entry.refresh_from_db()
    assert entry.values["what"] == "Den långsamme"


def test_without_the_check_nobody_would_be_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    monkeypatch.setattr(actions, "_ensure_current", lambda entry, seen: None)
    entry = add(desk)
    edit(desk, entry, what="Den snabbe")
    path = address("entry_change", entry.public_id)
    assert signed_in(desk.office).post(path, {**raw(), "seen": "1"}).status_code == 302


def test_changing_a_register_that_has_changed_is_told_and_kept(desk: Desk) -> None:
    client = signed_in(desk.office)
    given = {
        "name": "Först",
        "purpose": "x",
        "form": "insatser",
        "rhythm": "none",
        "warn_days": "60",
        "in_use": "on",
        "seen": "1",
    }
    assert client.post(address("change"), given).status_code == 302
    answer = client.post(address("change"), {**given, "name": "Sedan"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Någon annan har ändrat registret" in page
    assert 'value="Sedan"' in page
    assert Register.objects.get().name == "Först"


FOLDED = '<details class="govuk-details fold">'
UNFOLDED = '<details class="govuk-details fold" open>'


def test_the_filters_are_folded_until_one_is_in_use(desk: Desk) -> None:
    add(desk)
    client = signed_in(desk.reader)
    assert FOLDED in text_of(client, address("register"))
    assert UNFOLDED in text_of(client, f"{address('register')}?sok=ingen")


def test_who_may_read_and_write_is_folded_and_never_left_out(desk: Desk) -> None:
    client = signed_in(desk.office)
    answer = client.get(reverse("registers:new"))
    page = answer.content.decode()
    assert page.count(FOLDED) == 2
    named = set(re.findall(r'name="([a-z_]+)"', page))
    assert named >= set(answer.context["form"].fields) - {"seen"}
    # What is chosen is said on the fold, and an answer that cannot be is shown open.
    changed = text_of(client, address("change"))
    assert re.search(r"Vilka får skriva: \d roll", changed)
    wrong = client.post(reverse("registers:new"), {"readers": ["finns inte"]}).content.decode()
    assert wrong.count(UNFOLDED) == 1


def titles(client: Client, query: str) -> list[str]:
    rows = client.get(f"{address('register')}?{query}").context["rows"]
    return [row.title for row, _cells in rows]


def test_entries_are_searched_filtered_and_sorted(desk: Desk) -> None:
    add(desk, what="Beta", where="web", reached="9")
    add(desk, what="Alfa", where="press", reached="10.5", on="2026-01-01")
    add(desk, what="Gamma", where="web", reached="", more="Om press")
    client = signed_in(desk.reader)
    assert titles(client, "") == ["Beta", "Alfa", "Gamma"]
    assert titles(client, "sok=press") == ["Alfa", "Gamma"]
    assert titles(client, "sok=PRESSEN alfa") == ["Alfa"]
    assert titles(client, "val-where=press") == ["Alfa"]
    assert titles(client, "val-where=finns-inte") == ["Beta", "Alfa", "Gamma"]
    assert titles(client, "ordna=what") == ["Alfa", "Beta", "Gamma"]
    assert titles(client, "ordna=-what") == ["Gamma", "Beta", "Alfa"]
    # By size and not by digits; without a number last, whichever way.
    assert titles(client, "ordna=reached") == ["Beta", "Alfa", "Gamma"]
    assert titles(client, "ordna=-reached") == ["Alfa", "Beta", "Gamma"]
    assert titles(client, "ordna=-nr") == ["Gamma", "Alfa", "Beta"]
    assert titles(client, "ordna=%00&sok=%00&lage=x&page=y") == ["Beta", "Alfa", "Gamma"]


def test_the_sum_follows_what_is_shown(desk: Desk) -> None:
    add(desk, reached="9")
    add(desk, where="press", reached="10,5")
    gone = add(desk, reached="100")
    actions.withdraw(entry_id=gone.pk, seen=1, reason="Fel", actor=desk.writer)
    client = signed_in(desk.reader)
    assert "19,5" in text_of(client, address("register"))
    assert client.get(f"{address('register')}?val-where=web").context["summed"][1] == 9


def test_text_where_a_number_was_asked_for_breaks_no_sum_and_no_order(desk: Desk) -> None:
    """An older version of the form may have asked for a text under the same key."""
    entry = add(desk)
    with transaction.atomic(), operation("test"):
        fields = [replace(one, kind="text") if one.key == "reached" else one for one in FIELDS]
        entry.version = publish("gammal", tuple(fields)).versions.get()
        entry.values = {**entry.values, "reached": "ungefär 9"}
        entry.save()
    answer = signed_in(desk.reader).get(f"{address('register')}?ordna=reached")
    assert answer.status_code == 200
    assert answer.context["summed"][1] == 0


def test_the_file_holds_what_is_shown_and_runs_nothing(desk: Desk) -> None:
    add(desk, ("module", "samtal"), what="=HYPERLINK(1)", more="+1", reached="10.5")
    add(desk, where="press")
    client = signed_in(desk.reader)
    got = client.get(f"{address('download', 'csv')}?val-where=web").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(got), delimiter=";"))
    assert rows[0][:6] == ["Nr", "Insats", "Kanal", "Dag", "Antal", "Mer"]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][4] == "10,5"
    assert rows[1][5] == "'+1"
    assert "Samtalet" in rows[1]
    assert rows[2] == []
    book = load_workbook(io.BytesIO(client.get(address("download", "xlsx")).content))
    sheet = book.worksheets[0]
    assert sheet["B2"].value == "'=HYPERLINK(1)"
    assert sheet["B2"].data_type == "s"
    assert sheet["E3"].value == 10
    assert client.get(address("download", "exe")).status_code == 404


@pytest.mark.parametrize("page", ["list", "register", "download", "compare"])
def test_a_page_costs_the_same_however_many_entries(desk: Desk, page: str) -> None:
    def grow() -> Entry:
        return add(desk, ("module", "samtal"), what="Nyhet", on="2026-01-01")

    rhythmic(desk)
    entry = grow()
    actions.freeze(
        register_id=desk.register.pk,
        seen=0,
        decided_on=datetime.date(2026, 1, 1),
        decision="B",
        actor=desk.office,
    )
    edit(desk, entry, ("module", "samtal"), where="press")
    client = signed_in(desk.office)
    path = {
        "list": reverse("registers:list"),
        "register": address("register"),
        "download": address("download", "xlsx"),
        "compare": address("compare"),
    }[page]

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    cost()
    few = cost()
    for _number in range(15):
        grow()
    assert cost() == few


def test_the_advice_stands_on_the_page_of_its_module(desk: Desk) -> None:
    add(desk, ("module", "samtal"), what="Öva mer")
    path = reverse("groups:module", args=["samtal"])
    assert "Öva mer" in text_of(signed_in(desk.office), path)
    entry = Entry.objects.get()
    actions.withdraw(entry_id=entry.pk, seen=1, reason="Fel", actor=desk.writer)
    assert "Öva mer" not in text_of(signed_in(desk.office), path)


def test_versions_are_frozen_read_and_compared_in_the_browser(desk: Desk) -> None:
    client = signed_in(desk.office)
    assert client.get(address("compare")).status_code == 404
    entry = add(desk)
    given = {"decided_on": "2026-01-02", "decision": "Styrgruppen, punkt 4", "seen": "0"}
    assert client.post(address("freeze"), {**given, "decision": ""}).status_code == 422
    assert client.post(address("freeze"), given).status_code == 302
    # The same page, sent once more.
    assert client.post(address("freeze"), given).status_code == 422
    edit(desk, entry, where="press")
    assert client.post(address("freeze"), {**given, "seen": "1"}).status_code == 302
    assert "Styrgruppen, punkt 4" in text_of(signed_in(desk.reader), address("version", 2))
    page = text_of(signed_in(desk.reader), address("compare"))
    assert "<del>Webbplatsen</del>" in page
    assert "<ins>Pressen</ins>" in page
    assert "Ingenting skiljer" in text_of(client, f"{address('compare')}?fran=2&till=nu")
    for nonsense in ("fran=9&till=nu", "fran=1&till=x", "fran=x"):
        assert client.get(f"{address('compare')}?{nonsense}").status_code == 404


def test_the_menu_leads_to_registers_only_who_sees_one(desk: Desk) -> None:
    def words(user: User) -> list[str]:
        return [each.url for link in menu_of(user, "/") for each in (link.links or (link,))]

    path = reverse("registers:list")
    for user in (desk.office, desk.auditor, desk.reader, desk.writer):
        assert path in words(user)
    assert path not in words(desk.stranger)


def test_nothing_is_late_where_nothing_must_be_linked(desk: Desk) -> None:
    add(desk, on="2020-01-01")
    desk.register.late_without = ""
    assert queries.late_ids(desk.register, datetime.date(2026, 1, 1)) == set()
