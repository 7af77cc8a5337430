"""A list from the register held against what the portal has: more, less and different.

Shown before the list is taken in, and nothing that is known is overwritten by it.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from people.models import Person, User
from programme.absences.access import absences_of
from programme.models import AbsenceList


@dataclass(frozen=True)
class Days:
    """Somebody's days away; the person by public reference."""

    person: str
    first: datetime.date
    last: datetime.date
    percent: int

    def meets(self, other: "Days") -> bool:
        """Whether it is the same person's, and a day is in both."""
        same = self.person == other.person
        return same and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Compared:
    """What differs between the list and the portal."""

    # What the portal has of the same days, by the row of the list.
    different: dict[int, tuple[Days, ...]]
    # Known in the portal within the list's days, and nowhere in the list.
    only_here: tuple[Days, ...]


def compare(listed: Sequence[tuple[int, Days]], kept: Iterable[Days]) -> Compared:
    """Rows whose days the portal has otherwise, and what it has that the list has not.

    :param listed: rows of the list with their numbers.
    """
    if not listed:
        return Compared({}, ())
    known = set(kept)
    wanted = {days for _row, days in listed}
    others = known - wanted
    first = min(days.first for days in wanted)
    last = max(days.last for days in wanted)
    different = {
        row: tuple(sorted(met, key=lambda one: (one.first, one.last, one.percent)))
        for row, days in listed
        if days not in known and (met := [one for one in others if one.meets(days)])
    }
    met_somewhere = {one for several in different.values() for one in several}
    only_here = [
        one
        for one in others - met_somewhere
        if one.first <= last
        and first <= one.last
        # The days may be told otherwise on a row that is known already.
        and not any(one.meets(days) for days in wanted)
    ]
    return Compared(different, tuple(sorted(only_here, key=lambda one: (one.first, one.person))))


def of_list(found: AbsenceList, user: User) -> Compared:
    """The list against the absences that the user handles and nobody has set aside; one query."""
    listed = [
        (
            int(row["number"]),
            Days(
                row["person"],
                datetime.date.fromisoformat(row["first"]),
                datetime.date.fromisoformat(row["last"]),
                int(row["percent"]),
            ),
        )
        for row in found.rows
        if not row["errors"]
    ]
    if not listed:
        return Compared({}, ())
    kept = absences_of(user).filter(
        set_aside_at=None,
        first_day__lte=max(days.last for _row, days in listed),
        last_day__gte=min(days.first for _row, days in listed),
    )
    return compare(
        listed,
        [
            Days(*row)
            for row in kept.values_list("person__public_id", "first_day", "last_day", "percent")
        ],
    )


def persons_of(compared: Compared) -> dict[str, Person]:
    """Whose days are only here; one query."""
    keys = {one.person for one in compared.only_here}
    return Person.objects.select_related("unit").in_bulk(keys, field_name="public_id")
