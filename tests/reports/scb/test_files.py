"""The file to Statistics Sweden: right, safe, the same every time, in order, sent again when due."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from openpyxl import load_workbook

from audit import roles
from audit.models import ReadEvent
from audit.operations import operation
from people.display import name_of
from people.models import Identity, Person, User
from programme.errors import NotAllowed, Refused, Stale
from programme.hours import rules as hour_rules
from programme.models import HourRules, Month
from programme.months import corrections, locking
from reports.models import ScbFile
from reports.scb import actions, columns, files, numbers, queries
from reports.scb.errors import (
    Changed,
    EarlierFirst,
    MissingNumbers,
    NotLocked,
    ReceiptNeeded,
    StillUnfinished,
)
from tests.clients import signed_in
from tests.programme.builders import World, number_of
from tests.programme.hours.builders import was_there
from tests.programme.months.builders import (
    APRIL,
    MARCH,
    attended,
    finished,
    locked,
    proposed,
)


def closed(world: World, checker: User, month=MARCH, persons: int = 2):  # type: ignore[no-untyped-def]
    occasion = attended(world, month, world.staff[:persons])
    return occasion, locked(world, month, world.staff[:persons], world.administrator, checker)


def rows_of(file: ScbFile) -> list[list[str]]:
    made = actions.made_again(file)
    text = made.csv.read().decode("utf-8-sig")
    made.close()
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def change(person: Person, **what: object) -> None:
    with transaction.atomic(), operation("test.person"):
        Person.objects.filter(pk=person.pk).update(**what)


def test_the_lines_say_month_number_dates_hours_and_employer(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    head, first, *_rest = rows_of(file)
    assert head == [column["heading"] for column in columns.DEFAULT]
    assert first == [
        "2026-03",
        "25-021-S02",
        number_of(1),
        "2026-03-03",
        "",
        "3,00",
        "212000-0142",
    ]
    assert (file.rows, file.minutes, file.hours_hundredths) == (2, 360, 600)


def test_both_files_hold_the_same_rows(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    made = actions.made_again(file)
    sheet = load_workbook(io.BytesIO(made.xlsx.read())).active
    assert sheet is not None
    found = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert found == rows_of(file)


def test_the_role_of_the_application_makes_it(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    assert roles.grant_all("default")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.AUDIT_APP_ROLE}")
        file = actions.make(month_id=month.pk, actor=checker)
        cursor.execute("RESET ROLE")
    assert file.rows == 2


def test_what_is_stored_holds_neither_numbers_nor_names(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    stored = json.dumps(file.lines)
    assert set(file.lines[0]) == {"person", "minutes", "hundredths", "starts", "ends"}
    assert number_of(1) not in stored
    assert world.staff[0].last_name not in stored


def test_every_opening_of_numbers_is_noted(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    actions.made_again(file).close()
    assert ReadEvent.objects.filter(name="scb.read_numbers", subject="2026-03").count() == 2


def test_made_again_the_bytes_are_the_same(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    made = actions.made_again(file)
    assert (made.csv_digest, made.xlsx_digest) == (file.csv_digest, file.xlsx_digest)
    assert actions.make(month_id=month.pk, actor=checker).pk == file.pk
    # The negative control: an archive that tells the time gives other bytes.
    import zipfile

    monkeypatch.setattr(files, "_SameEveryTime", zipfile.ZipFile)
    with pytest.raises(Changed):
        actions.made_again(file)


def test_a_number_corrected_since_is_told(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    from people import identity

    with transaction.atomic(), operation("test.number"):
        row = Identity.objects.get(person=world.staff[0])
        row.ciphertext = identity.encrypt(row.person_id, number_of(77))
        row.save()
    with pytest.raises(Changed):
        actions.made_again(file)


@pytest.mark.parametrize(("sex", "code"), [("woman", "19700102Tf29"), ("man", "19700102Tf19")])
def test_a_protected_identity_is_a_code(world: World, checker: User, sex: str, code: str) -> None:
    change(world.staff[0], protected=True, sex=sex)
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    assert rows_of(file)[1][2] == code


def test_the_code_of_a_coordination_number_has_the_day_of_birth() -> None:
    assert numbers.protected_code("197010632391", "") == "19701003Tf19"
    assert numbers.protected_code("197010632391", "woman") == "19701003Tf29"


def test_formulas_stay_text() -> None:
    chosen = [{"field": "number", "heading": "=1+1"}, {"field": "hours", "heading": "@x"}]
    assert columns.headings(chosen) == ["'=1+1", "'@x"]
    header = columns.Header("2026-03", "-2+3", "+46")
    line = columns.Line("=cmd()", "", "", 100)
    everything = [{"field": field, "heading": field} for field in columns.FIELDS]
    assert not [
        value
        for value in columns.values(everything, header, line)
        if value.startswith(columns.FORMULA_SIGNS)
    ]


def test_who_has_no_number_is_told_of_where_all_is_made_again(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    actions.send(file_id=file.pk, receipt="K", actor=checker)
    with transaction.atomic(), operation("test.number"):
        Identity.objects.filter(person=world.staff[0]).delete()
    actions.month_changed(month)
    client = Client()
    client.force_login(checker, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/scb/skicka-om/").content.decode()
    assert "1 person saknar personnummer" in page
    assert "/scb/2026-03/#checklist" in page
    told = client.post("/scb/skicka-om/", {"reason": "Rättelse"}, follow=True).content.decode()
    assert "inte med i de nya versionerna: 2026-03 (1)" in told


def test_missing_numbers_and_other_employers_are_listed_first(world: World, checker: User) -> None:
    change(world.staff[1], publicly_employed=False)
    with transaction.atomic(), operation("test.number"):
        Identity.objects.filter(person=world.staff[0]).delete()
    _occasion, month = closed(world, checker)
    with pytest.raises(MissingNumbers):
        actions.make(month_id=month.pk, actor=checker)
    assert not ScbFile.objects.exists()
    file = actions.make(month_id=month.pk, actor=checker, leave_out_missing=True)
    assert file.rows == 0


def test_whoever_is_only_a_name_lacks_a_number(world: World, checker: User) -> None:
    change(world.staff[0], publicly_employed=False, temporary=True)
    with transaction.atomic(), operation("test.number"):
        Identity.objects.filter(person=world.staff[0]).delete()
    _occasion, month = closed(world, checker)
    with pytest.raises(MissingNumbers):
        actions.make(month_id=month.pk, actor=checker)
    found = queries.checklist(month, checker)
    assert (len(found.missing), found.not_employed) == (1, [])


def test_only_a_locked_month_and_only_those_who_close_it(world: World, checker: User) -> None:
    attended(world, MARCH, world.staff[:1])
    month, _new = Month.objects.get_or_create(programme=world.programme, first_day=MARCH)
    with pytest.raises(NotLocked):
        actions.make(month_id=month.pk, actor=checker)
    with pytest.raises(NotAllowed):
        actions.make(month_id=month.pk, actor=world.chief)


def test_start_in_the_first_month_and_end_in_the_last(world: World, checker: User) -> None:
    from programme.models import Participation
    from tests.programme.training import participation_of

    first = closed(world, checker)[1]
    taken = participation_of(world, world.staff[0])
    with transaction.atomic(), operation("test.end"):
        Participation.objects.filter(pk=taken.pk).update(
            state="dropped", started_on=MARCH, ended_on=APRIL.replace(day=20)
        )
    attended(world, APRIL, world.staff[1:2])
    second = locked(world, APRIL, world.staff[1:2], world.administrator, checker)
    march = actions.make(month_id=first.pk, actor=checker)
    april = actions.make(month_id=second.pk, actor=checker)
    assert [row[3:6] for row in rows_of(march)[1:]] == [["2026-03-03", "", "3,00"]] * 2
    assert [row[3:6] for row in rows_of(april)[1:]] == [
        ["", "2026-04-20", "0,00"],
        ["", "", "3,00"],
    ]


def test_files_are_sent_in_order_with_a_receipt(world: World, checker: User) -> None:
    months = [closed(world, checker, month)[1] for month in (MARCH, APRIL)]
    march, april = [actions.make(month_id=month.pk, actor=checker) for month in months]
    with pytest.raises(EarlierFirst):
        actions.send(file_id=april.pk, receipt="K2", actor=checker)
    for nothing in (" ", "\u200b\u2060"):
        with pytest.raises(ReceiptNeeded):
            actions.send(file_id=march.pk, receipt=nothing, actor=checker)
    actions.send(file_id=march.pk, receipt="K1", actor=checker)
    assert actions.send(file_id=april.pk, receipt="K2", actor=checker).state == "sent"


def test_without_the_guard_april_would_be_sent_before_march(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = [closed(world, checker, month)[1] for month in (MARCH, APRIL)]
    _march, april = [actions.make(month_id=month.pk, actor=checker) for month in months]
    monkeypatch.setattr(actions, "_ensure_earlier_sent", lambda *_: None)
    assert actions.send(file_id=april.pk, receipt="K2", actor=checker).state == "sent"


def test_a_correction_sends_its_month_and_every_later_one_again(
    world: World, checker: User
) -> None:
    occasion, _month = closed(world, checker, MARCH)
    closed(world, checker, APRIL)
    for number, month in enumerate(
        Month.objects.filter(summary__persons__gt=0).order_by("first_day")
    ):
        file = actions.make(month_id=month.pk, actor=checker)
        actions.send(file_id=file.pk, receipt=f"K{number}", actor=checker)
    made = proposed(occasion, world.staff[0], world.administrator)
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    old = actions.old_months(world.programme)
    assert [f"{month.first_day:%Y-%m}" for month in old] == ["2026-03", "2026-04"]
    with pytest.raises(StillUnfinished):
        actions.make_all_again(programme=world.programme, reason="Rättelse", actor=checker)
    assert ScbFile.objects.count() == 2
    client = Client()
    client.force_login(checker, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = client.post("/scb/skicka-om/", {"reason": "Rättelse av mars"}).content.decode()
    assert "1 person i 2026-03 har timmar" in refused
    assert 'value="Rättelse av mars"' in refused
    # Who is waited for is said where the files are made, not only in the month.
    names = {
        code: who
        for _month, code, _rows, who, _left in client.get("/scb/skicka-om/").context["rows"]
    }
    assert names == {
        "2026-03": [f"{world.staff[0].first_name} {world.staff[0].last_name}"],
        "2026-04": [],
    }
    finished(world, MARCH, world.staff[:1], world.administrator, checker)
    shown = client.get("/scb/skicka-om/")
    differences = {code: rows for _month, code, rows, _who, _left in shown.context["rows"]}
    assert [(row.before, row.after) for row in differences["2026-03"]] == [
        ("3,00 h 2026-03-03", "1,00 h 2026-03-03")
    ]
    assert differences["2026-04"] == []
    client.post("/scb/skicka-om/", {"reason": "Rättelse"})
    again = list(ScbFile.objects.filter(version=2).order_by("month__first_day"))
    assert [file.state for file in again] == ["made", "made"]
    assert again[1].csv_digest == ScbFile.objects.get(month=again[1].month, version=1).csv_digest
    with pytest.raises(EarlierFirst):
        actions.send(file_id=again[1].pk, receipt="K9", actor=checker)
    for file in again:
        actions.send(file_id=file.pk, receipt="igen", actor=checker)
    assert ScbFile.objects.filter(state="sent").count() == 2
    assert actions.old_months(world.programme) == []


def test_the_receipt_is_compared(world: World, checker: User) -> None:
    _occasion, month = closed(world, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    with pytest.raises(Stale):
        actions.reconcile(file_id=file.pk, rows=2, hundredths=600, actor=checker)
    actions.send(file_id=file.pk, receipt="K1", actor=checker)
    client = Client()
    client.force_login(checker, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/scb/2026-03/1/avstam/", {"rows": "2", "hours": "5,50"})
    file.refresh_from_db()
    assert (file.received_rows, file.received_hundredths) == (2, 550)
    assert "5,50 h av 6,00 h" in client.get("/scb/2026-03/").content.decode()
    assert client.get("/scb/2026-03/").status_code == 200
    # More rows than the column holds: said, and what was kept stands.
    answer = client.post("/scb/2026-03/1/avstam/", {"rows": "99999999999", "hours": "1"})
    assert answer.status_code == 422
    assert 'value="99999999999"' in answer.content.decode()
    file.refresh_from_db()
    assert file.received_rows == 2


def test_the_months_rounding_is_the_rules_rounding(world: World, checker: User) -> None:
    with transaction.atomic(), operation("test.rules"):
        HourRules.objects.update(month_rounding="down", month_rounding_minutes=120)
    _occasion, month = closed(world, checker, persons=1)
    file = actions.make(month_id=month.pk, actor=checker)
    rules = hour_rules.Rules(1, month_rounding="down", month_rounding_minutes=120)
    assert file.hours_hundredths == hour_rules.hours_hundredths(180, rules) == 200


def test_whoever_was_left_out_is_told_until_they_are_checked(world: World, checker: User) -> None:
    persons = world.staff[:2]
    attended(world, MARCH, persons)
    finished(world, MARCH, persons[:1], world.administrator, checker)
    month = locking.lock(
        programme=world.programme, month=MARCH, left_out_reason="Sjuk", actor=checker
    )
    left_out = queries.checklist(month, checker).left_out
    assert left_out == [name_of(persons[1], checker)]
    page = signed_in(checker).get("/scb/2026-03/").content.decode()
    assert "Alla som ska vara med i filen är kontrollerade" in page
    finished(world, MARCH, persons[1:], world.administrator, checker)
    assert queries.checklist(month, checker).left_out == []


def test_columns_are_data_from_a_month_on(world: World, checker: User) -> None:
    chosen = [{"field": "number", "heading": "Nr"}, {"field": "hours", "heading": "Tid"}]
    for wrong in (chosen[:1], [*chosen, {"field": "name", "heading": "Namn"}], chosen + chosen):
        with pytest.raises(Refused):
            actions.decide_columns(
                programme=world.programme,
                valid_from=APRIL,
                chosen=wrong,
                decision="SCB:s mall",
                actor=checker,
            )
    client = Client()
    client.force_login(checker, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(
        "/scb/kolumner/",
        {"valid_from": "2026-04", "columns": "number: Nr\nhours: Tid", "decision": "Mall"},
    )
    months = [closed(world, checker, month)[1] for month in (MARCH, APRIL)]
    march, april = [actions.make(month_id=month.pk, actor=checker) for month in months]
    assert len(rows_of(march)[0]) == 7
    assert rows_of(april)[0] == ["Nr", "Tid"]


def test_every_page_opens_and_the_files_download(world: World, checker: User) -> None:
    _occasion, _month = closed(world, checker)
    client = Client()
    client.force_login(checker, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/scb/2026-03/", {}).status_code == 302
    for address in ("/scb/", "/scb/2026-03/", "/scb/kolumner/", "/scb/skicka-om/"):
        assert client.get(address).status_code == 200, address
    for extension in ("csv", "xlsx"):
        response = client.get(f"/scb/2026-03/1/fil.{extension}")
        assert response.status_code == 200
        assert "25-021-S02_2026-03_v1" in response["Content-Disposition"]
    assert client.get("/scb/2026-03/1/fil.pdf").status_code == 404
    assert client.get("/scb/2026-05/").status_code == 404
    for wrong in ("", " ", "K" * 201):
        answer = client.post("/scb/2026-03/1/skickad/", {"receipt": wrong})
        assert answer.status_code == 422
        assert f'value="{wrong}"' in answer.content.decode() or not wrong
    assert ScbFile.objects.get().state == "made"
    client.post("/scb/2026-03/1/skickad/", {"receipt": "K1"})
    assert ScbFile.objects.get().state == "sent"
    assert client.post("/scb/2026-03/1/skickad/", {"receipt": "K1"}).status_code == 302
    answer = client.post("/scb/2026-03/1/skickad/", {"receipt": "K2"})
    assert answer.status_code == 422
    assert "K1" in answer.content.decode()
    assert ScbFile.objects.get().receipt == "K1"
    client.force_login(world.chief, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/scb/").status_code == 404


def test_the_pages_say_the_files_own_sum_beside_the_counted_time(
    world: World, checker: User
) -> None:
    """Three persons of 100 minutes count five hours; the file's lines of 1,67 sum to 5,01."""
    occasion = attended(world, MARCH, [])
    for person in world.staff[:3]:
        was_there(occasion, person, "9.00", "10.40")
    month = locked(world, MARCH, world.staff[:3], world.administrator, checker)
    file = actions.make(month_id=month.pk, actor=checker)
    assert sum(Decimal(row[5].replace(",", ".")) for row in rows_of(file)[1:]) == Decimal("5.01")
    client = signed_in(checker)
    for address in ("/scb/2026-03/", "/scb/2026-03/1/rader/"):
        page = client.get(address).content.decode()
        assert "5\xa0tim räknade · 5,01 tim i filen" in page
        assert "avrundas varje persons timmar till två decimaler" in page


def test_a_file_made_again_with_nothing_changed_says_that_it_stands(
    world: World, checker: User
) -> None:
    closed(world, checker)
    client = signed_in(checker)
    first = client.post("/scb/2026-03/", {}, follow=True).content.decode()
    assert "Version 1 är gjord." in first
    again = client.post("/scb/2026-03/", {"reason": "Igen"}, follow=True).content.decode()
    assert "Inget har ändrats, så ingen ny version är gjord. Version 1 gäller." in again
    assert "Version 1 är gjord." not in again
    assert ScbFile.objects.count() == 1


def test_making_all_again_when_none_is_old_says_so(world: World, checker: User) -> None:
    closed(world, checker)
    page = signed_in(checker).post("/scb/skicka-om/", {"reason": "Igen"}, follow=True)
    assert "Ingen fil är gammal, så inget behövde göras." in page.content.decode()
    assert [one.level_tag for one in page.context["messages"]] == ["info"]
