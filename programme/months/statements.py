"""Attesting hours, and checking what was attested."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from programme.absences.rules import Finding
from programme.errors import NotAllowed, ReasonNeeded, Refused, Stale
from programme.hours.closed import first_of
from programme.hours.reading import own_persons
from programme.models import Attendance, CountedTime, Month, Programme, Segment, Statement
from programme.months import access, conflicts, rules
from programme.months.errors import (
    AlreadyAttested,
    AttestedByYou,
    ImpossibleHours,
    NotAttested,
    NothingToAttest,
    OwnHours,
    Registrar,
)
from programme.months.following import tell


@dataclass
class Outcome:
    """What came of checking several persons at once."""

    checked: list[int] = field(default_factory=list)
    # Whom somebody had checked before; nothing is changed.
    already: list[int] = field(default_factory=list)
    # The refusal of each person by key.
    refused: dict[int, Refused] = field(default_factory=dict)


def lines_of(programme_id: int, person_id: int, month: datetime.date) -> list[CountedTime]:
    """The counted times of the person's month, in order."""
    return list(
        CountedTime.objects.filter(
            occasion__programme=programme_id,
            person=person_id,
            current=True,
            minutes__gt=0,
            day__gte=month,
            day__lte=rules.last_day(month),
        )
        .select_related("occasion")
        .order_by("day", "occasion")
    )


def month_row(programme: Programme, month: datetime.date) -> Month:
    """The month's row, made when it is missing, locked until the transaction ends."""
    with operation("month.open"):
        Month.objects.get_or_create(programme=programme, first_day=first_of(month))
    return Month.objects.select_for_update().get(programme=programme, first_day=first_of(month))


@transaction.atomic
def attest(*, programme: Programme, month: datetime.date, seen: str, actor: User) -> Statement:
    """The participant attests the hours as the page showed them; twice is once.

    :param seen: the digest of what the page showed.
    :raises Stale: when the hours have changed since.
    """
    person = Person.objects.filter(user=actor).first()
    if person is None:
        raise NotAllowed
    row = month_row(programme, month)
    with operation("month.attest", actor=actor_of(actor), subject=f"{row.first_day:%Y-%m}"):
        return _attest(row, person, actor, Statement.Channel.WEB, seen)


@transaction.atomic
def attest_on_paper(
    *, programme: Programme, month: datetime.date, person: Person, note: str, actor: User
) -> Statement:
    """Staff note that the person has signed on paper.

    :param note: where the signed paper is kept; stands with the operation.
    :raises AlreadyAttested: when the hours stand attested as they are now.
    """
    access.ensure_checks(actor, person.unit)
    if person.pk in own_persons(actor):
        raise OwnHours
    if not says(note):
        raise ReasonNeeded
    row = month_row(programme, month)
    subject = f"{row.first_day:%Y-%m}"
    with operation(
        "month.attest_on_paper", actor=actor_of(actor), reason=note.strip(), subject=subject
    ):
        return _attest(row, person, actor, Statement.Channel.PAPER, None)


def _attest(row: Month, person: Person, actor: User, channel: str, seen: str | None) -> Statement:
    counted = lines_of(row.programme_id, person.pk, row.first_day)
    if not counted:
        raise NothingToAttest
    digest = rules.digest_of(rules.Line(c.occasion_id, c.day, c.minutes) for c in counted)
    if seen is not None and seen != digest:
        raise Stale
    live = Statement.objects.filter(month=row, person=person, replaced_at=None)
    standing = live.first()
    if standing is not None and standing.digest == digest:
        if channel == Statement.Channel.PAPER:
            raise AlreadyAttested(standing)
        return standing
    live.update(replaced_at=timezone.now())
    return Statement.objects.create(
        month=row,
        person=person,
        minutes=sum(c.minutes for c in counted),
        digest=digest,
        lines=[_line(c) for c in counted],
        attested_by=actor,
        attested_at=timezone.now(),
        channel=channel,
    )


def _line(counted: CountedTime) -> dict[str, Any]:
    return {
        "occasion": counted.occasion_id,
        "day": counted.day.isoformat(),
        "minutes": counted.minutes,
        "counted": counted.public_id,
    }


def registrars_of(
    programme_id: int, month: datetime.date, persons: Iterable[int]
) -> dict[int, set[int]]:
    """The accounts that registered each person's attendance of the month; three queries."""
    asked = list(persons)
    owners = dict(
        Person.objects.filter(merged_into__in=asked).values_list("pk", "merged_into_id")
    ) | {pk: pk for pk in asked}
    zone = timezone.get_default_timezone()
    first = datetime.datetime.combine(month, datetime.time.min, zone)
    after = datetime.datetime.combine(rules.next_month(month), datetime.time.min, zone)
    when = Q(
        occasion__programme=programme_id,
        occasion__starts_at__gte=first,
        occasion__starts_at__lt=after,
        person__in=list(owners),
    )
    found: dict[int, set[int]] = {pk: set() for pk in asked}
    marks = Attendance.objects.filter(when, marked_by__isnull=False).values_list(
        "person_id", "marked_by_id"
    )
    times = Segment.objects.filter(when, recorded_by__isnull=False, voided_at=None)
    for person, account in [*marks, *times.order_by().values_list("person_id", "recorded_by_id")]:
        found[owners[person]].add(account)
    return found


@transaction.atomic
def check(
    *, programme: Programme, month: datetime.date, persons: Sequence[Person], actor: User
) -> Outcome:
    """Check the attested hours of several persons; whom the actor may not check is said why.

    The person's own check-ins are no registration by staff; a list they marked for
    others does not stop anyone.
    """
    row = month_row(programme, month)
    outcome = Outcome()
    whom = [person.pk for person in persons]
    registrars = registrars_of(programme.pk, row.first_day, whom)
    odd = conflicts.findings_of(programme, row.first_day, whom)
    own = own_persons(actor)
    with operation("month.check", actor=actor_of(actor), subject=f"{row.first_day:%Y-%m}"):
        for person in persons:
            try:
                statement = _ensure_checkable(row, person, registrars[person.pk], own, actor)
                _ensure_possible(odd.get(person.pk, []))
            except Refused as refusal:
                outcome.refused[person.pk] = refusal
                continue
            if statement.checked_at is None:
                statement.checked_by, statement.checked_at = actor, timezone.now()
                statement.save(update_fields=["checked_by", "checked_at"])
                outcome.checked.append(person.pk)
            else:
                outcome.already.append(person.pk)
        if outcome.checked and row.state == Month.State.LOCKED:
            tell(row)
    return outcome


def _ensure_checkable(
    row: Month, person: Person, registrars: set[int], own: set[int], actor: User
) -> Statement:
    access.ensure_checks(actor, person.unit)
    if person.pk in own:
        raise OwnHours
    if actor.pk in registrars:
        raise Registrar
    statement = Statement.objects.filter(month=row, person=person, replaced_at=None).first()
    counted = lines_of(row.programme_id, person.pk, row.first_day)
    digest = rules.digest_of(rules.Line(c.occasion_id, c.day, c.minutes) for c in counted)
    if statement is None or statement.attested_at is None or statement.digest != digest:
        raise NotAttested
    if statement.attested_by_id == actor.pk:
        raise AttestedByYou
    return statement


def _ensure_possible(found: Sequence[Finding]) -> None:
    """Refuse hours that cannot have been, such as on a day of absence."""
    blocking = [conflicts.worded(one) for one in found if one.blocking]
    if blocking:
        raise ImpossibleHours(blocking)
