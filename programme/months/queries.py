"""What the pages of months show, read in a few queries however many persons there are."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from audit.models import Operation
from people.access import held_by
from people.display import name_of
from people.models import Capability, Person, User
from programme.absences.rules import Finding
from programme.models import Correction, CountedTime, Month, Programme, Rate, Statement
from programme.months import figures, rules
from programme.months.rules import Standing
from programme.months.statements import lines_of
from programme.months.words import MONTH, STANDING
from programme.status import Status


@dataclass(frozen=True)
class MonthRow:
    """One month of the list."""

    sums: figures.MonthSum
    code: str
    locked: bool
    status: Status
    due: datetime.date
    over: bool
    # Corrections that wait for a second person.
    proposed: int = 0


@dataclass(frozen=True)
class PersonRow:
    """One person of a month."""

    figures: figures.PersonMonth
    person: Person
    name: str
    status: Status
    may_be_checked: bool
    # What stops the check, and what whoever checks should look at.
    blocking: int = 0
    warnings: int = 0

    @property
    def difference(self) -> int:
        """Minutes more than what was attested."""
        return self.figures.minutes - (self.figures.stated_minutes or 0)


@dataclass(frozen=True)
class CountedLine:
    """One occasion in a person's month, with its kronor."""

    counted: CountedTime
    kronor: Decimal
    attested_minutes: int | None


def month_rows(programme: Programme, reach: Sequence[int]) -> list[MonthRow]:
    """The programme's months until today, the latest first."""
    today = timezone.localdate()
    first = programme.starts_on.replace(day=1)
    last = min(today, programme.ends_on).replace(day=1)
    sums = figures.months_of(programme.pk, first, last, reach=reach)
    states = dict(Month.objects.filter(programme=programme).values_list("first_day", "state"))
    waiting = waiting_corrections(programme, reach)
    return [
        MonthRow(
            sums=sums.get(month, figures.MonthSum(month)),
            code=f"{month:%Y-%m}",
            locked=states.get(month) == Month.State.LOCKED,
            status=MONTH[Month.State(states.get(month, Month.State.OPEN))],
            due=rules.due_on(month),
            over=rules.last_day(month) < today,
            proposed=waiting[month],
        )
        for month in reversed(rules.months_between(first, last))
    ]


def waiting_corrections(programme: Programme, reach: Sequence[int]) -> Counter[datetime.date]:
    """How many corrections wait in each month, of persons within reach."""
    found = Correction.objects.filter(
        month__programme=programme,
        state=Correction.State.PROPOSED,
        person__unit__lineage__overlap=list(reach),
    )
    return Counter(found.values_list("month__first_day", flat=True))


def person_rows(
    found: Sequence[figures.PersonMonth],
    viewer: User,
    *,
    may_check: bool,
    odd: Mapping[int, Sequence[Finding]] | None = None,
) -> list[PersonRow]:
    """The persons as the page names them; two queries.

    :param odd: what is odd about each person's hours, when the page shows it.
    """
    odd = odd or {}
    persons = Person.objects.select_related("unit").in_bulk([one.person_id for one in found])
    return [
        PersonRow(
            one,
            persons[one.person_id],
            name_of(persons[one.person_id], viewer),
            STANDING[one.standing],
            may_check
            and one.standing == Standing.ATTESTED
            and not any(each.blocking for each in odd.get(one.person_id, [])),
            sum(each.blocking for each in odd.get(one.person_id, [])),
            sum(not each.blocking for each in odd.get(one.person_id, [])),
        )
        for one in found
    ]


@dataclass(frozen=True)
class NameRow:
    """Someone who is only a name and has hours: joined before the lock, or not at all."""

    figures: figures.PersonMonth
    person: Person
    name: str
    may_join: bool


def names_of(found: Sequence[figures.PersonMonth], viewer: User) -> list[NameRow]:
    """Those with hours who are not joined with anyone in the register; one query."""
    named = (
        Person.objects.filter(temporary=True, merged_into__isnull=True)
        .select_related("unit")
        .in_bulk([one.person_id for one in found if one.minutes])
    )
    held = held_by(viewer)
    return [
        NameRow(
            one,
            named[one.person_id],
            name_of(named[one.person_id], viewer),
            held.covers(Capability.ARRANGE, named[one.person_id].unit),
        )
        for one in found
        if one.person_id in named
    ]


def standings(found: Sequence[figures.PersonMonth]) -> Counter[Standing]:
    """How many stand where."""
    return Counter(one.standing for one in found)


def lines_for(
    programme: Programme, person: Person, month: datetime.date, statement: Statement | None
) -> list[CountedLine]:
    """The person's occasions of the month, each with its kronor and what was attested."""
    rates = list(
        Rate.objects.filter(programme=programme, kind="participant").order_by("-valid_from")
    )
    attested = (
        {line["occasion"]: line["minutes"] for line in statement.lines} if statement else None
    )
    return [
        CountedLine(
            counted,
            rules.worth(counted.minutes, _rate(rates, counted.day))
            if person.publicly_employed
            else Decimal(0),
            None if attested is None else attested.get(counted.occasion_id, 0),
        )
        for counted in lines_of(programme.pk, person.pk, month)
    ]


def _rate(rates: Sequence[Rate], day: datetime.date) -> Decimal:
    return next((rate.amount for rate in rates if rate.valid_from <= day), Decimal(0))


def live_statement(programme: Programme, person: Person, month: datetime.date) -> Statement | None:
    """The statement that counts."""
    return (
        Statement.objects.filter(
            month__programme=programme, month__first_day=month, person=person, replaced_at=None
        )
        .select_related("attested_by", "checked_by")
        .first()
    )


def paper_note(statement: Statement) -> str:
    """Where the signed paper is kept, as whoever noted it wrote."""
    if statement.channel != Statement.Channel.PAPER:
        return ""
    first = Statement.history.filter(id=statement.pk).order_by("history_id").first()
    if first is None or first.operation_id is None:
        return ""
    return (
        Operation.objects.filter(pk=first.operation_id).values_list("reason", flat=True).first()
        or ""
    )
