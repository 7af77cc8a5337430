"""Reports in every dress the services and their users give them, from presences known beforehand.

The minutes are told here by the second, without the reader: what a file says of a person is
the set of seconds in which it was made to say that they were there.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# What each dress writes for a moment; of the slashes the first two are told apart by the day.
CLOCKS = {
    "iso": "{0:%Y-%m-%d %H:%M:%S}",
    "us": "{0.month}/{0.day}/{0:%y}, {1}:{0:%M:%S} {2}M",
    "uk": "{0:%d/%m/%Y, %H:%M:%S}",
    "dots": "{0.day}.{0.month}.{0:%Y}, {0:%H:%M:%S}",
}
TEAMS_WORDS = {
    "en": (
        ("1. Summary", "Meeting title", "2. Participants", "3. In-Meeting Activities"),
        "Name|First Join|Last Leave|In-Meeting Duration|Email|Participant ID (UPN)|Role",
        "Name|Join Time|Leave Time|Duration|Email|Role",
    ),
    "sv": (
        ("1. Sammanfattning", "Mötesrubrik", "2. Deltagare", "3. Aktiviteter under mötet"),
        "Namn|Första anslutning|Senast lämnade|Varaktighet i möte|E-post|Deltagar-ID (UPN)|Roll",
        "Namn|Anslutningstid|Tid för avslut|Varaktighet|E-post|Roll",
    ),
    "de": (
        ("1. Zusammenfassung", "Titel", "2. Teilnehmer", "3. Aktivitäten in der Besprechung"),
        "Name|Erster Beitritt|Letztes Verlassen|Dauer|E-Mail|Teilnehmer-ID (UPN)|Rolle",
        "Name|Beitrittszeit|Verlassenszeit|Dauer|E-Mail|Rolle",
    ),
    "fi": (
        ("1. Yhteenveto", "Kokouksen otsikko", "2. Osallistujat", "3. Toimet kokouksessa"),
        "Nimi|Ensimmäinen liittyminen|Viimeinen poistuminen|Kesto|Sähköposti|UPN|Rooli",
        "Nimi|Liittymisaika|Poistumisaika|Kesto|Sähköposti|Rooli",
    ),
}
ZOOM_HEAD = {
    "new": "Name (Original Name)|User Email|Join Time|Leave Time|Duration (Minutes)|Guest"
    "|Recording Consent|In Waiting Room",
    "old": "Name (Original Name)|User Email|Join Time|Leave Time|Duration (Minutes)|Guest",
}


@dataclass(frozen=True)
class Time:
    """Somebody in the meeting, in seconds of UTC; `left` is nothing when no one saw them leave."""

    name: str
    email: str
    came: int
    left: int | None
    lobby: bool = False


@dataclass(frozen=True)
class Dress:
    """How a file looks."""

    encoding: str = "utf-16-le"
    mark: bool = True
    delimiter: str = "\t"
    newline: str = "\r\n"
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
    clock: str = "us"
    words: str = "en"

    def but(self, **other: object) -> "Dress":
        """The same with something else."""
        return replace(self, **other)  # type: ignore[arg-type]

    def moment(self, second: int | None) -> str:
        """The moment as it is written."""
        if second is None:
            return ""
        local = datetime.datetime.fromtimestamp(second, STOCKHOLM)
        half = "A" if local.hour < 12 else "P"
        return CLOCKS[self.clock].format(local, local.hour % 12 or 12, half)

    def length(self, time: Time) -> str:
        """How long it was, as Teams writes it."""
        if time.left is None:
            return ""
        minutes, seconds = divmod(time.left - time.came, 60)
        hours, minutes = divmod(minutes, 60)
        if self.words == "sv":
            return f"{hours} tim {minutes} min {seconds} s"
        return f"{hours}h {minutes}m {seconds}s"

    def file(self, rows: Iterable[Sequence[str]]) -> bytes:
        """The rows as bytes."""
        text = io.StringIO()
        csv.writer(
            text, delimiter=self.delimiter, lineterminator=self.newline, quoting=self.quoting
        ).writerows(rows)
        mark = "\ufeff" if self.mark else ""
        return (mark + text.getvalue()).encode(self.encoding)


def teams(times: Sequence[Time], dress: Dress) -> bytes:
    """Summary, participants and activities, as Teams has written them since 2023."""
    (summary, title, participants, activities), head, each = TEAMS_WORDS[dress.words]
    rows: list[list[str]] = [[summary], [title, "Systemteori"], [], [participants], head.split("|")]
    for (name, email), theirs in _by_person(times).items():
        last = max((time.left or time.came for time in theirs), default=0)
        whole = Time(name, email, min(time.came for time in theirs), last)
        rows.append([*_times(whole, dress, name), email, email, "Deltagare"])
    rows += [[], [activities], each.split("|")]
    rows += [[*_times(time, dress, time.name), time.email, "Deltagare"] for time in times]
    return dress.file(rows)


def zoom(times: Sequence[Time], dress: Dress, *, head: str = "new") -> bytes:
    """Zoom's list of participants, without «unique users»."""
    rows = [ZOOM_HEAD[head].split("|")]
    for time in times:
        minutes = "" if time.left is None else str(-(-(time.left - time.came) // 60))
        row = [time.name, time.email, dress.moment(time.came), dress.moment(time.left), minutes]
        rows.append(row + ["Yes", "", "Yes" if time.lobby else "No"][: len(rows[0]) - 5])
    return dress.file(rows)


def _times(time: Time, dress: Dress, name: str) -> list[str]:
    return [name, dress.moment(time.came), dress.moment(time.left), dress.length(time)]


def _by_person(times: Sequence[Time]) -> dict[tuple[str, str], list[Time]]:
    found: dict[tuple[str, str], list[Time]] = {}
    for time in times:
        found.setdefault((time.name, time.email), []).append(time)
    return found


def seconds_of(times: Iterable[Time], begins: int, ends: int) -> set[int]:
    """The seconds of the occasion in which at least one of the times says that somebody was there."""
    return {
        second
        for time in times
        if time.left is not None and not time.lobby
        for second in range(max(time.came, begins), min(time.left, ends))
    }
