"""Meeting reports in many dresses: every second that the file was made to say is read, and no other."""

import csv
import datetime
import gzip
import io
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from django.utils import translation

from programme.attendance import importing
from programme.attendance.errors import ReportRefused
from programme.attendance.meeting import reader, times
from programme.models import (
    Attendance,
    CountedTime,
    Evidence,
    Invitation,
    ReportRow,
    Segment,
)
from tests.programme.attendance import exported
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.exported import STOCKHOLM, Dress, Time
from tests.programme.attendance.received import counted, hows, receive
from tests.programme.attendance.test_marking import change

DAY = datetime.date(2026, 9, 15)
NINE = int(datetime.datetime(2026, 9, 15, 9, tzinfo=STOCKHOLM).timestamp())
TWO = NINE + 5 * 3600
ENCODINGS = (
    ("utf-16-le", True),
    ("utf-16-le", False),
    ("utf-16-be", True),
    ("utf-16-be", False),
    ("utf-8", True),
    ("utf-8", False),
)


@pytest.fixture
def swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


def crowd(seed: str) -> list[Time]:
    """Reconnects, two devices, early and late, never seen to leave, namesakes, guests."""
    draw = random.Random(seed)
    found = []
    for number in range(12):
        name = draw.choice(
            (
                "Åsa Öberg",
                "Berg, Eva",
                "Åsa Öberg (Gäst)",
                "Li (Utanför organisation)",
                "Bo\n(iPad)",
            )
        )
        for _ in range(draw.choice((1, 1, 2, 4))):
            came = NINE + draw.randrange(-3600, 5 * 3600)
            left = None if draw.random() < 0.1 else came + draw.randrange(0, 3 * 3600)
            found.append(Time(name, f"person{number}@example.org", came, left))
    return found


def said_by(report: reader.Report) -> dict[str, set[int]]:
    """The seconds each address was there by the rows that were read."""
    found: dict[str, set[int]] = defaultdict(set)
    for row in report.rows:
        if not row.in_waiting_room:
            begin, end = int(row.joined_at.timestamp()), int(row.left_at.timestamp())
            found[row.email] |= set(range(max(begin, NINE), min(end, TWO)))
    return {email: seconds for email, seconds in found.items() if seconds}


def told(crowd: Iterable[Time]) -> dict[str, set[int]]:
    by: dict[str, list[Time]] = defaultdict(list)
    for time in crowd:
        by[time.email].append(time)
    return {
        email: seconds
        for email, theirs in by.items()
        if (seconds := exported.seconds_of(theirs, NINE, TWO))
    }


def read(content: bytes, day: datetime.date = DAY) -> reader.Report:
    return reader.read(io.BytesIO(content), day=day, zone=STOCKHOLM, most=2000)


@pytest.mark.parametrize(("encoding", "mark"), ENCODINGS)
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_every_dress_says_the_same(encoding: str, mark: bool, delimiter: str) -> None:
    plain = Dress(encoding=encoding, mark=mark, delimiter=delimiter)
    for number, clock in enumerate(exported.CLOCKS):
        dress = plain.but(
            clock=clock,
            words=("en", "sv")[number % 2],
            newline=("\r\n", "\n")[number // 2],
            quoting=(csv.QUOTE_MINIMAL, csv.QUOTE_ALL)[number % 2],
        )
        people = crowd(f"{encoding}{mark}{delimiter}{clock}")
        report = read(exported.teams(people, dress))
        assert said_by(report) == told(people)
        never_left = [time.name for time in people if time.left is None]
        assert [name.replace("\n", "") for name in never_left] == [
            name for _number, name in report.unused
        ]
        for head in exported.ZOOM_HEAD:
            assert said_by(read(exported.zoom(people, dress, head=head))) == told(people)


def test_a_summary_row_is_nobodys_time() -> None:
    """Of «2. Participants» nothing is counted: first in and last out hide the time between."""
    gone = [Time("A", "a@b.se", NINE, NINE + 60), Time("A", "a@b.se", TWO - 60, TWO)]
    assert len(said_by(read(exported.teams(gone, Dress())))["a@b.se"]) == 120


@pytest.mark.parametrize("words", ["de", "fi"])
def test_a_language_that_is_not_read_is_refused_with_the_way_out(words: str, swedish: None) -> None:
    content = exported.teams(crowd("de"), Dress(words=words))
    with pytest.raises(ReportRefused) as error:
        read(content)
    assert "svenska eller engelska" in str(error.value.message)


@pytest.mark.parametrize("clock", ["us", "uk"])
def test_all_moments_of_a_report_are_read_in_one_order(clock: str) -> None:
    """A series on 10 September and 9 October: «9/10» and «10/9» are not the same day."""
    tenth = int(datetime.datetime(2026, 9, 10, 9, tzinfo=STOCKHOLM).timestamp())
    ninth = int(datetime.datetime(2026, 10, 9, 9, tzinfo=STOCKHOLM).timestamp())
    other = int(datetime.datetime(2026, 9, 24, 9, tzinfo=STOCKHOLM).timestamp())
    people = [
        Time("A", "a@b.se", tenth, tenth + 3600),
        Time("B", "b@b.se", ninth, ninth + 3600),
        Time("C", "c@b.se", other, other + 3600),
    ]
    content = exported.teams(people, Dress(clock=clock))
    for day in (datetime.date(2026, 9, 10), datetime.date(2026, 10, 9)):
        report = read(content, day)
        assert [int(row.joined_at.timestamp()) for row in report.rows] == [tenth, ninth, other]
    # Without a day above twelve nothing tells them apart, and nothing is guessed.
    with pytest.raises(ReportRefused, match=r"9/10|10/9|10/09|09/10"):
        read(exported.teams(people[:2], Dress(clock=clock)), datetime.date(2026, 9, 10))
    alone = read(exported.teams(people[:1], Dress(clock=clock)), datetime.date(2026, 9, 10))
    assert int(alone.rows[0].joined_at.timestamp()) == tenth


def test_dates_of_two_orders_in_one_report_are_refused_when_one_could_be_either() -> None:
    lines = "Name,Join Time,Leave Time\nA,13/9/2026 09:00,13/9/2026 10:00\n"
    lines += "B,9/14/2026 09:00,9/14/2026 10:00\n"
    assert len(read(lines.encode(), DAY).rows) == 2
    with pytest.raises(ReportRefused, match="5/9/2026"):
        read((lines + "C,5/9/2026 09:00,5/9/2026 10:00\n").encode(), DAY)


def at(text: str, fold: int = 0) -> int:
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold)
    return int(moment.timestamp())


def one(joined: str, left: str, duration: str, day: datetime.date) -> reader.Report:
    content = f"Name;Join Time;Leave Time;Duration\nA;{joined};{left};{duration}\n"
    try:
        return read(content.encode(), day)
    except ReportRefused:
        return reader.Report("")


def test_the_night_the_clocks_go_forward() -> None:
    day = datetime.date(2027, 3, 28)
    # 01.30 to 03.30 by the clock is one hour, and two hours later it is 04.30.
    for left, duration, hours in (("2027-03-28 03:30", "1h", 1), ("", "2h", 2)):
        (row,) = one("2027-03-28 01:30", left, duration, day).rows
        assert row.left_at.timestamp() - row.joined_at.timestamp() == hours * 3600
    # 02.30 never was: the row is shown as not used, not moved to another time.
    assert not one("2027-03-28 02:30", "2027-03-28 04:00", "1h", day).rows
    assert not times.moments("2027-03-28 02:30", order=times.EITHER, zone=STOCKHOLM)


@pytest.mark.parametrize(
    ("joined", "left", "duration", "came", "went"),
    [
        # From the first 02.50 to the second 02.10: earlier by the clock, twenty minutes on.
        ("02:50", "02:10", "20m", ("02:50", 0), ("02:10", 1)),
        ("02:50", "02:10", "", ("02:50", 0), ("02:10", 1)),
        ("02:10", "03:10", "1h", ("02:10", 1), ("03:10", 0)),
        ("02:10", "03:10", "2h", ("02:10", 0), ("03:10", 0)),
        ("02:10", "02:50", "1h 40m", ("02:10", 0), ("02:50", 1)),
        ("02:10", "02:50", "40m", ("02:10", 0), ("02:50", 0)),
        ("01:30", "", "2h", ("01:30", 0), ("02:30", 1)),
    ],
)
def test_the_hour_that_is_counted_twice(
    joined: str, left: str, duration: str, came: tuple[str, int], went: tuple[str, int]
) -> None:
    day = "2026-10-25"
    report = one(
        f"{day} {joined}", f"{day} {left}" if left else "", duration, datetime.date(2026, 10, 25)
    )
    (row,) = report.rows
    assert row.joined_at.timestamp() == at(f"{day} {came[0]}", came[1])
    assert row.left_at.timestamp() == at(f"{day} {went[0]}", went[1])


def test_a_quotation_mark_that_is_not_closed_swallows_nobody_in_silence(swedish: None) -> None:
    rows = "".join(f"{name}\t2026-09-15 09:00\t2026-09-15 10:00\n" for name in ("A", '"Bo', "C"))
    with pytest.raises(ReportRefused, match="citattecken"):
        read(f"Name\tJoin Time\tLeave Time\n{rows}".encode())
    closed = rows.replace('"Bo', '"Bo" Ek')
    assert len(read(f"Name\tJoin Time\tLeave Time\n{closed}".encode()).rows) == 3


def test_who_is_called_like_a_heading_is_a_person() -> None:
    line = "Namn,namn@example.org,2026-09-15 09:00,2026-09-15 10:00,60,Guest\n"
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    report = read((head + line + line.replace("Namn", "Bo")).encode())
    assert [row.name for row in report.rows] == ["Namn", "Bo"]


def test_the_identity_is_used_where_the_address_says_nothing() -> None:
    head = "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)\n"
    line = "A\t2026-09-15 09:00\t2026-09-15 10:00\t1h\tN/A\tDeltagare\ta@example.org\n"
    assert [row.email for row in read((head + line).encode()).rows] == ["a@example.org"]


def test_hours_of_a_whole_crowd_are_the_oracles(room: Room) -> None:
    emails = [person.email for person in room.persons]
    every: list[Time] = []
    for number, dress in enumerate(
        (Dress(), Dress("utf-8", delimiter=",", clock="iso"), Dress("utf-16-be", mark=False))
    ):
        people = [
            Time(time.name, emails[each % len(emails)].upper(), time.came, time.left)
            for each, time in enumerate(crowd(f"crowd{number}"))
        ]
        lobby = [Time("L", emails[0], NINE, TWO, lobby=True)] if number == 1 else []
        content = exported.zoom if number == 1 else exported.teams
        counted(room, content([*people, *lobby], dress))
        every += people
        # The same meeting downloaded again in another dress: other bytes, the same minutes.
        counted(room, exported.teams(people, Dress("utf-8", delimiter=";", clock="dots")))
        lunch = set(range(NINE + 150 * 60, NINE + 190 * 60))
        for person in room.persons:
            theirs = [time for time in every if time.email == person.email.upper()]
            seconds = exported.seconds_of(theirs, NINE, TWO) - lunch
            minutes = CountedTime.objects.get(person=person, current=True).minutes
            assert minutes == len(seconds) // 60


def test_who_is_one_by_the_token_and_another_by_the_address_waits_for_a_human(room: Room) -> None:
    seat = Invitation.objects.get(occasion=room.occasion, person=room.persons[0])
    people = [
        Time(f"Anna {seat.join_token}", room.persons[1].email, NINE, TWO),
        Time(f"Anna {seat.join_token}", room.persons[0].email, NINE, TWO),
        Time(f"Anna {seat.join_token}", "privat@example.com", NINE, TWO),
    ]
    evidence = counted(room, exported.teams(people, Dress()))
    anna = room.persons[0].pk
    assert hows(evidence) == [("", None), ("token", anna), ("token", anna)]


def test_an_evening_over_midnight(room: Room) -> None:
    late = datetime.datetime(2026, 9, 15, 22, tzinfo=STOCKHOLM)
    change(room.occasion, starts_at=late, ends_at=late + datetime.timedelta(hours=4), breaks=[])
    ten = int(late.timestamp())
    person = room.persons[0]
    people = [
        Time("A", person.email, ten - 600, ten + 5400),
        Time("A", person.email, ten + 3 * 3600, ten + 5 * 3600),
    ]
    counted(room, exported.teams(people, Dress(clock="us")))
    assert CountedTime.objects.get(person=person, current=True).minutes == 90 + 60


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bomb(), "Filens tecken"),
        (gzip.compress(b"Name,Join Time,Leave Time\n" * 1_000_000), "Filen"),
        (exported.teams([Time("A", "", NINE, TWO)], Dress())[:-1], "tecken"),
        ("Namn;Anslutningstid;Tid för avslut\nÅsa;1;2".encode("cp1252"), "tecken"),
        (exported.teams([], Dress()), "inte en närvarorapport|saknar delen"),
        (exported.teams([Time("A", "", NINE, None)], Dress()), "saknar delen"),
        (exported.zoom([Time("A", "", NINE - 86400, TWO - 86400)], Dress()), "ett annat möte"),
        (exported.zoom([Time("A", "", NINE + 90000, TWO + 90000)], Dress()), "ett annat möte"),
        (b"Full Name\tUser Action\tTimestamp\nA\tJoined\t9/15/2026, 9:00:00 AM", "inte en närvaro"),
        (b"<html><body>Name,Join Time,Leave Time</body></html>", "inte en närvarorapport"),
        (b'Name,Join Time,Leave Time\n"' + b"A" * 900 + b"\n" * 90, "inte en närvarorapport"),
    ],
)
def test_what_is_no_report_of_this_meeting_is_refused_in_swedish_and_writes_nothing(
    room: Room, swedish: None, content: bytes, words: str
) -> None:
    with pytest.raises(ReportRefused, match=words) as error:
        receive(room, content)
    assert "Inget har sparats." in str(error.value.message)
    for model in (Evidence, ReportRow, Segment, Attendance, CountedTime):
        assert not model.objects.exists()


def test_a_report_of_nothing_but_the_waiting_room_counts_nobody(room: Room) -> None:
    people = [Time("A", person.email, NINE, TWO, lobby=True) for person in room.persons]
    evidence = counted(room, exported.zoom(people, Dress()))
    assert {how for how, _person in hows(evidence)} == {"ignored"}
    assert not Segment.objects.exists()
    assert not Attendance.objects.exists()
    assert importing.preview(evidence)
