"""March corrected after April and May were sent: what is sent again, and what never changes."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from audit.operations import operation
from people.models import Person, User
from programme.attendance import merging
from programme.dated.actions import decide_rate
from programme.errors import ReasonNeeded, Stale
from programme.models import Attendance, Correction, Month, Occasion
from programme.months import corrections
from reports.models import ScbFile
from reports.scb import actions
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.hours.builders import mark
from tests.programme.months.builders import (
    APRIL,
    MARCH,
    attended,
    finished,
    locked,
    proposed,
)

MAY = datetime.date(2026, 5, 1)
JUNE = datetime.date(2026, 6, 1)


def reported(world: World, checker: User) -> tuple[list[Occasion], list[ScbFile]]:
    """March, April and May locked and their files made, none of them sent."""
    held, made = [], []
    for month in (MARCH, APRIL, MAY):
        held.append(attended(world, month, world.staff[:2]))
        row = locked(world, month, world.staff[:2], world.administrator, checker)
        made.append(actions.make(month_id=row.pk, actor=checker))
    return held, made


def sent(client: Client, file: ScbFile, receipt: str) -> int:
    code = f"{file.month.first_day:%Y-%m}"
    return client.post(f"/scb/{code}/{file.version}/skickad/", {"receipt": receipt}).status_code


def files_of(client: Client, file: ScbFile) -> list[bytes]:
    code = f"{file.month.first_day:%Y-%m}"
    found = []
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/scb/{code}/{file.version}/fil.{kind}")
        assert answer.status_code == 200
        found.append(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    return found


def test_from_march_on_everything_is_sent_again_in_order(world: World, checker: User) -> None:
    held, made = reported(world, checker)
    client = signed_in(checker)
    assert sent(client, made[2], "K3") == 422
    assert sent(client, made[0], "  ") == 422
    assert not ScbFile.objects.filter(state="sent").exists()
    assert [sent(client, file, f"K{n}") for n, file in enumerate(made, 1)] == [302] * 3
    first = {file.pk: files_of(client, file) for file in made}

    one = proposed(held[0], world.staff[0], world.administrator)
    # Whoever proposed it finds no way past the second person.
    signed_in(world.administrator).post(f"/rattelser/{one.public_id}/", {"action": "approve"})
    assert Correction.objects.get().state == "proposed"
    client.post(f"/rattelser/{one.public_id}/", {"action": "approve"})
    assert [m.first_day for m in actions.old_months(world.programme)] == [MARCH, APRIL, MAY]
    finished(world, MARCH, world.staff[:1], world.administrator, checker)
    shown = client.get("/scb/skicka-om/").context["rows"]
    rows = {code: differences for _month, code, differences, _who, _left in shown}
    assert {code: len(diff) for code, diff in rows.items()} == {
        "2026-03": 1,
        "2026-04": 0,
        "2026-05": 0,
    }
    with pytest.raises(ReasonNeeded):
        actions.make_all_again(programme=world.programme, reason="\u200b ", actor=checker)
    assert ScbFile.objects.count() == 3
    client.post("/scb/skicka-om/", {"reason": "Rättelse av mars"})
    again = list(ScbFile.objects.filter(version=2).order_by("month__first_day"))
    assert sent(client, again[1], "K5") == 422
    assert [sent(client, file, f"R{n}") for n, file in enumerate(again, 1)] == [302] * 3
    # What was sent first can still be fetched to the byte, and the later months are the same.
    assert {file.pk: files_of(client, file) for file in made} == first
    assert [files_of(client, a)[0] == first[b.pk][0] for a, b in zip(again, made, strict=True)] == [
        False,
        True,
        True,
    ]
    # A version that another took the place of is not sent any more.
    assert sent(client, made[0], "sen") == 422


def test_neither_an_old_file_nor_a_replaced_one_is_sent(world: World, checker: User) -> None:
    held, made = reported(world, checker)
    one = proposed(held[0], world.staff[0], world.administrator)
    corrections.decide(correction_id=one.pk, approve=True, actor=checker)
    with pytest.raises(Stale):
        actions.send(file_id=made[0].pk, receipt="K1", actor=checker)
    finished(world, MARCH, world.staff[:1], world.administrator, checker)
    actions.make_all_again(programme=world.programme, reason="Rättelse", actor=checker)
    with pytest.raises(Stale):
        actions.send(file_id=made[0].pk, receipt="K1", actor=checker)
    assert not ScbFile.objects.filter(state="sent").exists()


def test_the_bytes_stand_whatever_changes_around_them(world: World, checker: User) -> None:
    _held, made = reported(world, checker)
    client = signed_in(checker)
    for number, file in enumerate(made):
        sent(client, file, f"K{number}")
    first = {file.pk: files_of(client, file) for file in made}
    somebody = world.staff[0]
    with transaction.atomic(), operation("test.change"):
        Person.objects.filter(pk=somebody.pk).update(
            last_name="Nytt", email="ny@example.org", unit=world.other_unit
        )
        kim = Person.objects.create(
            first_name="Kim",
            last_name="Ny",
            unit=world.farsta,
            temporary=True,
            publicly_employed=False,
        )
    mark(attended(world, JUNE, []), kim)
    merging.merge(
        temporary_id=kim.pk, into_id=somebody.pk, reason="Samma", actor=world.administrator
    )
    chosen = [{"field": "number", "heading": "Nr"}, {"field": "hours", "heading": "Tid"}]
    actions.decide_columns(
        programme=world.programme, valid_from=APRIL, chosen=chosen, decision="Mall", actor=checker
    )
    decide_rate(
        programme=world.programme,
        kind="participant",
        amount=Decimal(500),
        valid_from=JUNE,
        decision="Beslut",
        actor=world.administrator,
    )
    assert Attendance.objects.filter(person=somebody, occasion__starts_at__month=6).exists()
    assert {file.pk: files_of(client, file) for file in made} == first
    # The hours of whoever was joined afterwards are June's and nobody else's.
    row = locked(world, JUNE, [somebody], world.administrator, checker)
    file = actions.make(month_id=row.pk, actor=checker)
    assert (file.rows, file.minutes) == (1, 180)
    assert Month.objects.filter(state="locked", summary__persons__gt=0).count() == 4


def test_without_a_number_and_protected(world: World, checker: User) -> None:
    """Someone in June who has no number, and someone whose identity is protected."""
    reported(world, checker)
    with transaction.atomic(), operation("test.change"):
        nobody = Person.objects.create(first_name="Li", last_name="Utan", unit=world.unit)
        Person.objects.filter(pk=world.staff[1].pk).update(protected=True, sex="woman")
    whom = [world.staff[1], nobody]
    attended(world, JUNE, whom)
    row = locked(world, JUNE, whom, world.administrator, checker)
    client = signed_in(checker)
    assert actions.without_number(world.programme, JUNE) == [nobody.pk]
    file = actions.make(month_id=row.pk, actor=checker, leave_out_missing=True)
    text = files_of(client, file)[0].decode("utf-8-sig")
    assert (file.rows, file.minutes) == (1, 180)
    assert "Tf29" in text
    assert "980" not in text
    page = client.get("/scb/2026-06/").content.decode()
    assert "Tf29" not in page
