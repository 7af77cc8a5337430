"""Somebody procured who teaches reads names and needs, and nothing else of participants (R-081)."""

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from audit.operations import operation
from people.models import User
from programme.attendance import access, importing, marking, paper
from programme.models import Evidence, Occasion
from programme.occasions import notices
from tests.clients import signed_in
from tests.programme import training
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room
from workflows.models import Message

DAY = datetime.timedelta(days=1)
JOIN, LEAVE = "9/15/2026, 9:00:00 AM", "9/15/2026, 2:00:00 PM"


@dataclass
class Read:
    """What one account reads of the occasion, page by page."""

    name: str
    text: str


def pages_of(room: Room, user: User, counted: Evidence, waiting: Evidence) -> Iterator[Read]:
    """Every page, list and print about participants that somebody who teaches reaches."""
    client, occasion = signed_in(user), room.occasion
    at = [occasion.public_id]
    addresses = {
        name: reverse(f"attendance:{name}", args=at)
        for name in ("marking", "paper", "reports", "screen")
    }
    addresses |= {
        "overdue": reverse("attendance:overdue"),
        "matrix": reverse("attendance:matrix", args=[room.group.public_id]),
        "counted": reverse("attendance:report", args=[*at, counted.public_id]),
        "preview": reverse("attendance:report", args=[*at, waiting.public_id]),
    }
    if user == room.trainer:
        addresses["taught"] = reverse("occasions:taught", args=at)
        addresses["teaching"] = reverse("occasions:teaching")
    for name, address in addresses.items():
        response = client.get(address)
        assert response.status_code == 200, (name, response.status_code)
        yield Read(name, response.content.decode())
    printed = PdfReader(io.BytesIO(paper.printed(occasion, user)))
    yield Read("print", "\n".join(page.extract_text() for page in printed.pages))


@pytest.fixture
def kept(room: Room) -> tuple[Evidence, Evidence]:
    """A report that is counted with a row that waits, and one that is only looked at."""
    known, guest = room.persons[0], "gast@example.org"
    first = reports.teams(
        [("A", JOIN, LEAVE, "5h", known.email), ("Surfplatta", JOIN, LEAVE, "5h", guest)]
    )
    second = reports.teams([("B", JOIN, LEAVE, "5h", room.persons[1].email)])
    received = [
        importing.receive(
            occasion_id=room.occasion.pk,
            name="rapport.csv",
            file=io.BytesIO(content),
            actor=room.administrator,
        )
        for content in (first, second)
    ]
    return importing.confirm(evidence_id=received[0].pk, actor=room.administrator), received[1]


def told(room: Room, user: User, kept: tuple[Evidence, Evidence]) -> dict[str, set[str]]:
    """Workplaces and addresses of participants, by the page that tells them."""
    units = {person.unit.name for person in room.persons}
    secrets = units | {person.unit.short_name for person in room.persons}
    secrets |= {person.email for person in room.persons} | {"gast@example.org"}
    found = {
        page.name: {one for one in secrets if re.search(rf"\b{re.escape(one)}\b", page.text)}
        for page in pages_of(room, user, *kept)
    }
    return {name: told for name, told in found.items() if told}


def test_no_page_list_or_print_tells_a_trainer_more_than_names(
    room: Room, kept: tuple[Evidence, Evidence]
) -> None:
    assert told(room, room.trainer, kept) == {}
    names = {page.name: page.text for page in pages_of(room, room.trainer, *kept)}
    for name in ("marking", "taught", "matrix", "paper"):
        assert all(person.last_name in names[name] for person in room.persons), name


def test_without_the_guard_they_would_be_told(
    room: Room, kept: tuple[Evidence, Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "sees_more_than_names", lambda user, occasion: True)
    monkeypatch.setattr(access, "sees_more_of_group", lambda user, group: True)
    assert set(told(room, room.trainer, kept)) == {
        *("marking", "matrix", "counted", "preview", "print")
    }


def test_who_arranges_reads_workplaces(room: Room, kept: tuple[Evidence, Evidence]) -> None:
    assert {"marking", "matrix", "counted", "print"} <= set(told(room, room.administrator, kept))


def test_the_file_as_it_came_is_not_the_trainers(
    room: Room, kept: tuple[Evidence, Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("attendance:evidence", args=[room.occasion.public_id, kept[0].public_id])
    assert signed_in(room.trainer).get(address).status_code == 404
    assert signed_in(room.administrator).get(address).status_code == 200
    monkeypatch.setattr(access, "sees_more_than_names", lambda user, occasion: True)
    assert signed_in(room.trainer).get(address).status_code == 200


def test_no_mail_to_a_trainer_names_anybody(room: Room) -> None:
    with transaction.atomic(), operation("test.tell"):
        for is_cancelled in (False, True):
            notices.tell_trainers(room.occasion, [room.trainer], is_cancelled=is_cancelled)
    sent = list(Message.objects.filter(recipient=room.trainer))
    assert len(sent) == 2
    for message in sent:
        text = f"{message.subject} {message.body} {message.values}"
        assert not any(
            word in text
            for person in room.persons
            for word in (person.last_name, person.email, person.unit.name)
        )


def somebody_elses(room: Room) -> Occasion:
    """Another day of the group, taught by somebody else; both days have hours."""
    another = training.occasion_of(
        room.world, room.group, title="Någon annans dag", starts_at=training.START + 7 * DAY
    )
    for occasion in (room.occasion, another):
        for person in room.persons:
            if occasion == another:
                training.invitation_to(another, person)
        marking.save_list(
            occasion_id=occasion.pk, wanted={}, actor=room.administrator, rest_present=True
        )
    return another


def matrix_read_by(room: Room, user: User) -> str:
    address = reverse("attendance:matrix", args=[room.group.public_id])
    return signed_in(user).get(address).content.decode()


def table_in(page: str) -> str:
    return page[page.index("<table") : page.index("</table>")]


def figures_in(table: str) -> set[str]:
    """What looks like hours or a sum."""
    return set(re.findall(r"\d+,\d\d|\d+ tim|\d+ av \d+|\d+ ej? markerade?", table))


def test_a_groups_table_tells_a_trainer_marks_of_their_own_day_and_no_figures(room: Room) -> None:
    another = somebody_elses(room)
    table = table_in(matrix_read_by(room, room.trainer))
    assert room.occasion.title in table
    assert table.count("Närvarande") == len(room.persons)
    assert another.title not in table
    assert figures_in(table) == set()


def test_who_arranges_reads_both_days_and_the_figures(room: Room) -> None:
    another = somebody_elses(room)
    page = matrix_read_by(room, room.administrator)
    assert {room.occasion.title, another.title} <= set(re.findall(r'sub">([^<]*)<', page))
    assert figures_in(table_in(page))


def test_without_the_guard_a_trainer_reads_the_whole_groups_hours(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = somebody_elses(room)
    monkeypatch.setattr(access, "sees_more_of_group", lambda user, group: True)
    page = matrix_read_by(room, room.trainer)
    assert another.title in page
    assert figures_in(table_in(page))


def test_the_groups_table_leads_back_to_the_trainers_own_occasions(room: Room) -> None:
    address = f'href="{reverse("occasions:teaching")}">Mina tillfällen'
    assert address in matrix_read_by(room, room.trainer)
    assert address not in matrix_read_by(room, room.administrator)
