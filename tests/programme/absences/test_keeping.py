"""Absences are erased in time, from the rows, the lists and everything else that tells of days."""

import datetime
import json

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from people.models import User
from programme.absences import keeping
from programme.absences.tasks import erase_absences
from programme.models import Absence, AbsenceList, Setting
from tests.programme.absences.test_lists import HEAD, away, taken_in
from tests.programme.builders import World, number_of
from tests.programme.months.builders import account_for

LAST = datetime.date(2026, 3, 4)
LINE = f"{number_of(1)};;2026-03-02;{LAST};;\n"


def after(days: int) -> datetime.date:
    return LAST + datetime.timedelta(days=days)


def test_an_absence_is_erased_when_its_time_is_over_and_not_before(
    world: World, checker: User
) -> None:
    away(world, checker, LINE)
    away(world, checker, f"{number_of(2)};;2026-03-02;2026-03-05;;\n")
    assert keeping.erase_due(after(400)) == 0
    assert keeping.erase_due(after(401)) == 1
    assert keeping.erase_due(after(401)) == 0
    assert Absence.objects.get().person == world.staff[1]
    assert Operation.objects.filter(name="absence.erase").exists()


def test_how_long_is_decided_and_dated(world: World, checker: User) -> None:
    away(world, checker, LINE)
    with transaction.atomic(), operation("test.setting"):
        Setting.objects.create(
            programme=world.programme,
            key="absence_kept_days",
            value=60,
            valid_from=world.programme.starts_on,
            decision="test",
        )
    assert keeping.erase_due(after(60)) == 0
    assert keeping.erase_due(after(61)) == 1


def test_without_the_days_it_is_kept_it_would_be_erased_at_once(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(world, checker, LINE)
    assert keeping.erase_due(after(1)) == 0
    monkeypatch.setattr(keeping, "kept_days", lambda day: 0)
    assert keeping.erase_due(after(1)) == 1


def test_the_lists_forget_it_too_and_history_never_knew(world: World, checker: User) -> None:
    away(world, checker, LINE)
    waiting = taken_in(HEAD + LINE + f"{number_of(2)};;2026-03-02;2026-03-09;;\n", checker)
    keeping.erase_due(after(401))
    waiting.refresh_from_db()
    assert [row["last"] for row in waiting.rows] in ([], ["2026-03-09"])
    assert "2026-03-02" not in json.dumps(
        list(AbsenceList.objects.exclude(pk=waiting.pk).values_list("rows", flat=True))
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(h::text, ' ') FROM programme_historicalabsence h")
        told = cursor.fetchone()[0]
    assert told
    assert "2026-03-02" not in told


def test_a_wrong_row_of_an_old_list_is_forgotten(world: World, checker: User) -> None:
    kept = taken_in(HEAD + f"{number_of(1)};;i går;;;\n", checker)
    day = timezone.localdate() + datetime.timedelta(days=401)
    keeping.erase_due(day)
    kept.refresh_from_db()
    assert kept.rows == []


def test_the_night_does_it(world: World, checker: User) -> None:
    away(world, checker, f"{number_of(1)};;2020-03-02;2020-03-04;;\n")
    assert erase_absences() == 1


def test_the_person_sees_the_days_and_when_they_are_erased(world: World, checker: User) -> None:
    away(world, checker, LINE)
    client = Client()
    client.force_login(
        account_for(world.staff[0]), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = client.get("/mina-sidor/uppgifter/").content.decode()
    assert "raderas 400 dagar efter sin sista dag" in page
    assert after(401).isoformat() in page
    told = json.loads(client.get("/mina-sidor/uppgifter/mina-uppgifter.json").content)
    [mine] = told["held"]["programme.absence"]
    assert (mine["first_day"], mine["last_day"]) == ("2026-03-02", "2026-03-04")
    assert client.get("/mina-sidor/uppgifter/mina-uppgifter.pdf").content.startswith(b"%PDF")


def test_whoever_has_none_is_told_nothing_of_absences(world: World) -> None:
    client = Client()
    client.force_login(
        account_for(world.staff[0]), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert "raderas av sig" not in client.get("/mina-sidor/uppgifter/").content.decode()
