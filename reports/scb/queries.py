"""What the pages of the files show."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from people.display import name_of
from people.models import Person, User
from programme.models import Month, Programme
from programme.months import figures, rules
from programme.months.rules import Standing
from programme.status import Status
from reports.models import ScbFile
from reports.scb import actions, columns, lines
from reports.scb.words import NO_HOURS, status_of

# A version's lines as they are stored.
Lines = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class MonthRow:
    """A locked month with its newest file."""

    month: Month
    code: str
    due: datetime.date
    file: ScbFile | None
    status: Status
    # Nobody had hours, so there is no file to send.
    is_empty: bool = False


@dataclass(frozen=True)
class Difference:
    """One person's line in two versions; empty where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Checklist:
    """What is looked at before a file is made."""

    unfinished: list[str]
    missing: list[str]
    not_employed: list[str]
    left_out: list[str]


def month_rows(programme: Programme) -> list[MonthRow]:
    """Locked months, the latest first; two queries."""
    months = Month.objects.filter(programme=programme, state=Month.State.LOCKED)
    newest = {
        file.month_id: file
        for file in ScbFile.objects.filter(month__programme=programme)
        .order_by("version")
        .defer("lines")
    }
    return [_month_row(month, newest.get(month.pk)) for month in months.order_by("-first_day")]


def _month_row(month: Month, file: ScbFile | None) -> MonthRow:
    return MonthRow(
        month,
        f"{month.first_day:%Y-%m}",
        rules.due_on(month.first_day),
        file,
        status_on(month, file),
        _is_empty(month, file),
    )


def status_on(month: Month, file: ScbFile | None) -> Status:
    """Where the month's file stands; a month without hours needs none."""
    return NO_HOURS if _is_empty(month, file) else status_of(file)


def _is_empty(month: Month, file: ScbFile | None) -> bool:
    return file is None and not month.summary.get("persons")


def checklist(month: Month, viewer: User) -> Checklist:
    """Who is missing from the file, and why."""
    found = figures.persons_of(month.programme_id, month.first_day)
    missing = actions.without_number(month.programme, month.first_day)
    waiting = [one.person_id for one in actions.unfinished(month)]
    ids = [one.person_id for one in found]
    employed_elsewhere = list(
        Person.objects.filter(pk__in=ids, publicly_employed=False, temporary=False).values_list(
            "pk", flat=True
        )
    )
    # Whoever was checked afterwards is in the file.
    checked = {one.person_id for one in found if one.standing == Standing.CHECKED}
    out = [
        row["person"] for row in month.summary.get("left_out", []) if row["person"] not in checked
    ]
    persons = Person.objects.select_related("unit").in_bulk(
        [*waiting, *missing, *employed_elsewhere, *out]
    )

    def named(keys: Sequence[int]) -> list[str]:
        return sorted(name_of(persons[key], viewer) for key in keys)

    return Checklist(named(waiting), named(missing), named(employed_elsewhere), named(out))


def unfinished_names(month: Month, viewer: User) -> list[str]:
    """Who must be attested and checked again before the month's file can be made."""
    keys = {one.person_id for one in actions.unfinished(month)}
    persons = Person.objects.filter(pk__in=keys).select_related("unit")
    return sorted(name_of(person, viewer) for person in persons)


def difference(before: Lines, after: Lines, viewer: User) -> list[Difference]:
    """What differs between two versions' lines, person by person."""
    old, new = ({line["person"]: line for line in version} for version in (before, after))
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    persons = Person.objects.select_related("unit").in_bulk(keys)
    return [
        Difference(name_of(persons[key], viewer), _words(old.get(key)), _words(new.get(key)))
        for key in keys
    ]


def _words(line: dict[str, object] | None) -> str:
    if line is None:
        return ""
    parts = [f"{columns.hours_text(int(str(line['hundredths'])))} h"]
    parts += [str(line["starts"])] if line["starts"] else []
    parts += [f"– {line['ends']}"] if line["ends"] else []
    return " ".join(parts)


def against_sent(month: Month, viewer: User) -> list[Difference]:
    """What a new version would change against the newest one."""
    last = actions.latest(month)
    if last is None:
        return []
    return difference(last.lines, lines.computed(month.programme, month.first_day), viewer)
