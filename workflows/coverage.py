"""Who can decide each step of a workflow in each district today."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from people.models import Organisation, RoleAssignment, User
from workflows.rules import Mode, Step


@dataclass(frozen=True)
class Cell:
    """Who can decide one step in one district."""

    organisation: Organisation
    # Those who are asked first: the nearest holders, at the district or above.
    holders: Sequence[User] = ()
    # Everyone who could be asked, when those nearer may not decide.
    everyone: Sequence[User] = ()
    # Held in the units below, so whoever decides depends on the unit.
    below: bool = False

    @property
    def missing(self) -> bool:
        """Nobody at all: not above, not there and not below."""
        return not self.holders and not self.below


@dataclass(frozen=True)
class CoverageRow:
    """Who can decide one step, district by district."""

    step: Step
    cells: Sequence[Cell]

    @property
    def gaps(self) -> int:
        """In how many districts nobody can."""
        return sum(cell.missing for cell in self.cells)


def coverage(steps: Sequence[Step], *, on: datetime.date) -> list[CoverageRow]:
    """For every district, who can decide each step today, in two statements."""
    if not steps:
        return []
    districts = list(
        Organisation.objects.valid_on(on).filter(kind=Organisation.Kind.DISTRICT).order_by("name")
    )
    held: dict[tuple[str, int], list[User]] = defaultdict(list)
    below: set[tuple[str, int]] = set()
    for row in (
        RoleAssignment.objects.on(on)
        .filter(role_id__in={role for step in steps for role in step.roles()})
        .filter(user__is_active=True)
        .select_related("user", "organisation")
        .order_by("user__last_name", "user__first_name", "user_id")
    ):
        if row.user not in held[(row.role_id, row.organisation_id)]:
            held[(row.role_id, row.organisation_id)].append(row.user)
        below |= {(row.role_id, node) for node in row.organisation.lineage[:-1]}
    return [
        CoverageRow(step, [_cell(step, district, held, below) for district in districts])
        for step in steps
    ]


def _cell(
    step: Step,
    district: Organisation,
    held: dict[tuple[str, int], list[User]],
    below: set[tuple[str, int]],
) -> Cell:
    levels = [
        held[(role, node)]
        for role in step.roles()
        for node in reversed(district.lineage)
        if (role, node) in held
    ]
    everyone = list(dict.fromkeys(user for level in levels for user in level))
    return Cell(
        district,
        levels[0] if levels else (),
        everyone,
        any((role, district.pk) in below for role in step.roles()),
    )


def short_of_people(rows: Sequence[CoverageRow]) -> list[tuple[CoverageRow, Cell]]:
    """Where the steps that a case passes ask for more different people than there are.

    Counted for the steps that every case passes, and for each conditional step together
    with them. Nobody approves twice in a case. Steps that people in the units decide, and those
    that whoever starts the case meets, are left out: it depends on the case.
    """
    found = []
    counted = [row for row in rows if not row.step.met_by_submission]
    # Those that every case passes come first, so that the others are added to them.
    counted.sort(key=lambda row: row.step.condition is not None)
    for column in range(len(rows[0].cells) if rows else 0):
        taken: dict[int, tuple[CoverageRow, int]] = {}
        for row in counted:
            cell = row.cells[column]
            seats = row.step.k if row.step.mode is Mode.K_OF_N else 1
            if cell.below or len(cell.everyone) < seats:
                continue
            # Whether two conditional steps meet in one case is not known: each is tried alone.
            seated = dict(taken) if row.step.condition else taken
            if not all(_seat((row, seat), column, seated, set()) for seat in range(seats)):
                found.append((row, cell))
    return found


def _seat(
    seat: tuple[CoverageRow, int],
    column: int,
    taken: dict[int, tuple[CoverageRow, int]],
    tried: set[int],
) -> bool:
    """Find someone for the seat, letting others change places: an augmenting path."""
    for user in seat[0].cells[column].everyone:
        if user.pk in tried:
            continue
        tried.add(user.pk)
        other = taken.get(user.pk)
        if other is None or _seat(other, column, taken, tried):
            taken[user.pk] = seat
            return True
    return False
