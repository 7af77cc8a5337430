"""Why participants leave, by sex and age (R-243): three queries, and the words of the table."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from people.identity import born_of
from people.models import Sex
from programme.figure_rules import AGE_LIMITS, age_on
from programme.models import LeavingReason, Participation, Programme
from programme.queries import settings_on
from reports.follow_up.reason_rules import Column, Leaver, Line, Table, table

SEXES = (Sex.WOMAN, Sex.MAN, Sex.NON_BINARY)
UNKNOWN_AGE = len(AGE_LIMITS) + 1


@dataclass(frozen=True)
class Row:
    """One line of the page: its name, the reasons in it when there are several, the numbers."""

    name: str
    parts: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: tuple[int, ...]
    total: int

    @property
    def cells(self) -> list[tuple[str, int]]:
        """The numbers, each with its column: a narrow screen shows them below each other."""
        return list(zip(self.columns, self.numbers, strict=True))


@dataclass(frozen=True)
class Page:
    """Everything that the page says; no table when so few have left that it would tell of them."""

    programme: Programme
    limit: int
    as_of: datetime.datetime
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    left: Row | None = None
    stayed: Row | None = None
    # Per cent of everyone in the column, and of all last.
    shares: tuple[Decimal, ...] = ()

    @property
    def share_cells(self) -> list[tuple[str, Decimal]]:
        """The shares, each with its column."""
        return list(zip((*self.columns, _("In all")), self.shares, strict=True))


def page(programme: Programme, now: datetime.datetime | None = None) -> Page:
    """The table as it may be shown today."""
    at = now or timezone.now()
    limit = int(settings_on(programme, timezone.localdate(at))["small_number_limit"])
    kinds = list(programme.leaving_reasons.all())
    found = table(_people(programme, kinds), len(kinds) + 1, limit)
    if found is None:
        return Page(programme, limit, at)
    names = (*(kind.name for kind in kinds), capfirst(_("not stated")))
    columns = _headings(found)
    left = _row(_("Left in all"), columns, found.left)
    stayed = _row(_("Have not left"), columns, found.stayed)
    return Page(
        programme,
        limit,
        at,
        columns,
        tuple(_named(line, columns, names) for line in found.lines),
        left,
        stayed,
        tuple(
            _share(one, other)
            for one, other in zip(
                (*left.numbers, left.total), (*stayed.numbers, stayed.total), strict=True
            )
        ),
    )


def _people(programme: Programme, kinds: Sequence[LeavingReason]) -> list[Leaver]:
    """Everyone who has been admitted, once; who has left several times by the latest time."""
    places = {kind.pk: at for at, kind in enumerate(kinds)}
    reasons: dict[int, int | None] = {}
    sexes: dict[int, str] = {}
    rows = Participation.objects.filter(course__programme=programme).order_by("ended_on", "pk")
    for person, sex, state, kind in rows.values_list(
        "person_id", "person__sex", "state", "leaving_reason"
    ):
        sexes[person] = sex
        reasons.setdefault(person, None)
        if state == Participation.State.DROPPED:
            reasons[person] = places.get(kind, len(kinds))
    born = born_of(sexes)
    starts = programme.starts_on
    return [
        Leaver(_sex(sex), _band(born.get(person), starts), reasons[person])
        for person, sex in sexes.items()
    ]


def _sex(sex: str) -> int:
    return next((at for at, one in enumerate(SEXES) if one == sex), len(SEXES))


def _band(born: datetime.date | None, on: datetime.date) -> int:
    if born is None:
        return UNKNOWN_AGE
    age = age_on(born, on)
    return sum(age >= limit for limit in AGE_LIMITS)


def _headings(found: Table) -> tuple[str, ...]:
    unknown = _("not stated")
    young, older = AGE_LIMITS
    sexes = (*(str(one.label) for one in SEXES), unknown)
    ages = (
        _("under %(below)d") % {"below": young},
        _("%(first)d to %(last)d") % {"first": young, "last": older - 1},
        _("%(first)d or older") % {"first": older},
        _("age unknown"),
    )

    def words(columns: Sequence[Column], of: Sequence[str]) -> list[str]:
        return [capfirst(" + ".join(of[value] for value in column.values)) for column in columns]

    return (*words(found.sexes, sexes), *words(found.ages, ages))


def _named(line: Line, columns: tuple[str, ...], names: Sequence[str]) -> Row:
    parts = tuple(names[at] for at in line.reasons)
    if len(parts) == 1:
        return _row(parts[0], columns, line)
    name = _("Several reasons, added together so that nobody can be told")
    return Row(name, parts, columns, line.numbers, line.total)


def _row(name: str, columns: tuple[str, ...], line: Line) -> Row:
    return Row(name, (), columns, line.numbers, line.total)


def _share(left: int, stayed: int) -> Decimal:
    return Decimal(100 * left) / (left + stayed) if left + stayed else Decimal(0)
