"""Corrections of locked months: a reason, the effect shown first, and two persons (4.9, D7)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.hours import rules as hour_rules
from programme.hours.actions import hold, recount_corrected
from programme.hours.closed import first_of
from programme.hours.reading import own_persons
from programme.hours.what_if import Change, what_if
from programme.models import Attendance, Correction, Month, Occasion, Rate, Segment
from programme.months import access, rules
from programme.months.errors import OwnHours, SamePerson
from programme.months.following import tell

Times = Sequence[tuple[datetime.datetime, datetime.datetime]]


@dataclass(frozen=True)
class Effect:
    """What a correction changes, as both persons see it."""

    changes: list[Change]
    minutes_before: int
    minutes_after: int
    kronor: Decimal
    # The locked months whose files follow: this one and every later one with hours.
    months: list[str]

    def as_data(self) -> dict[str, Any]:
        """The effect as it is kept with the correction."""
        return {
            "changes": [[one.occasion, one.before, one.after] for one in self.changes],
            "kronor": str(self.kronor),
            "months": self.months,
        }


def day_of(occasion: Occasion) -> datetime.date:
    """The day in Stockholm that the occasion begins on."""
    return timezone.localtime(occasion.starts_at).date()


def effect_of(*, occasion: Occasion, person: Person, mark: str, times: Times) -> Effect:
    """Minutes, kronor and months that the correction would change; writes nothing."""
    changes = what_if(
        occasion=occasion,
        person_id=person.pk,
        mark=mark,
        segments=[(hour_rules.instant(a), hour_rules.instant(b)) for a, b in times],
    )
    day = day_of(occasion)
    rate = (
        Rate.objects.filter(
            programme=occasion.programme_id, kind="participant", valid_from__lte=day
        )
        .order_by("-valid_from")
        .values_list("amount", flat=True)
        .first()
    ) or Decimal(0)
    if not person.publicly_employed:
        rate = Decimal(0)
    months = Month.objects.filter(
        # A later month in which nobody had hours has no file to send.
        Q(first_day=first_of(day)) | Q(summary__persons__gt=0),
        programme=occasion.programme_id,
        first_day__gte=first_of(day),
        state=Month.State.LOCKED,
    )
    worth = [rules.worth(one.after, rate) - rules.worth(one.before, rate) for one in changes]
    return Effect(
        changes,
        sum(one.before for one in changes),
        sum(one.after for one in changes),
        sum(worth, start=Decimal(0)),
        [f"{first:%Y-%m}" for first in months.values_list("first_day", flat=True)],
    )


def preview(*, occasion: Occasion, person: Person, mark: str, times: Times, actor: User) -> Effect:
    """The effect of what could be proposed; writes nothing.

    :raises Refused: with what :func:`propose` would refuse, so that nothing is promised in vain.
    """
    _ensure_not_own(person, actor)
    _ensure_locked(_month_of(occasion).first())
    _ensure_possible(occasion, person, mark, times)
    return effect_of(occasion=occasion, person=person, mark=mark, times=times)


@transaction.atomic
def propose(
    *, occasion: Occasion, person: Person, mark: str, times: Times, reason: str, actor: User
) -> Correction:
    """Propose another attendance for one person at one occasion of a locked month.

    :raises ReasonNeeded: without a reason.
    :raises Refused: when the month is open, the times lie outside the occasion, nothing
        would change, or a proposal already waits.
    """
    access.ensure_checks(actor, person.unit)
    _ensure_not_own(person, actor)
    if not says(reason):
        raise ReasonNeeded
    hold(person.pk)
    month = _ensure_locked(_month_of(occasion).select_for_update().first())
    before, after = _ensure_possible(occasion, person, mark, times)
    return keep_proposal(
        month=month,
        occasion=occasion,
        person=person,
        before=before,
        after=after,
        effect=effect_of(occasion=occasion, person=person, mark=mark, times=times),
        reason=reason.strip(),
        actor=actor,
    )


def keep_proposal(
    *,
    month: Month,
    occasion: Occasion,
    person: Person,
    before: dict[str, Any],
    after: dict[str, Any],
    effect: Effect,
    reason: str,
    actor: User,
) -> Correction:
    """Write the proposal, with whoever it comes from; whoever calls has checked and locked."""
    with operation(
        "correction.propose",
        actor=actor_of(actor),
        reason=reason,
        subject=f"{month.first_day:%Y-%m}",
    ):
        return Correction.objects.create(
            month=month,
            occasion=occasion,
            person=person,
            before=before,
            after=after,
            minutes_before=effect.minutes_before,
            minutes_after=effect.minutes_after,
            effect=effect.as_data(),
            reason=reason,
            proposed_by=actor,
        )


def _ensure_not_own(person: Person, actor: User) -> None:
    if person.user_id == actor.pk or person.pk in own_persons(actor):
        raise OwnHours


def _month_of(occasion: Occasion) -> QuerySet[Month]:
    return Month.objects.filter(
        programme=occasion.programme_id, first_day=first_of(day_of(occasion))
    )


def _ensure_locked(month: Month | None) -> Month:
    if month is None or month.state != Month.State.LOCKED:
        raise Refused(
            _("The month is open: change the attendance itself, no correction is needed.")
        )
    return month


def _ensure_possible(
    occasion: Occasion, person: Person, mark: str, times: Times
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands and what would stand instead; refuses where there is nothing to decide on."""
    _ensure_sensible(occasion, mark, times)
    waiting = Correction.objects.filter(occasion=occasion, person=person)
    if waiting.filter(state=Correction.State.PROPOSED).exists():
        raise Refused(_("A correction of this attendance already waits for a second person."))
    before, after = situation(occasion, person), as_data(mark, times)
    if before == after:
        raise Refused(_("The correction changes nothing, so it was not kept."))
    return before, after


def _ensure_sensible(occasion: Occasion, mark: str, times: Times) -> None:
    day = day_of(occasion)
    for begin, end in times:
        if end <= begin or timezone.localtime(begin).date() != day:
            raise Refused(
                _("Each time must begin on the day of the occasion and end after it began.")
            )
        if end <= occasion.starts_at or begin >= occasion.ends_at:
            raise Refused(
                _(
                    "The time %(time)s lies outside the occasion, which is %(occasion)s. Write"
                    " when the person was there during it."
                )
                % {
                    "time": _span(begin, end),
                    "occasion": _span(occasion.starts_at, occasion.ends_at),
                }
            )
    if times and mark != Attendance.Mark.PRESENT:
        raise Refused(_("Times present go with the mark present and no other."))


def _span(begin: datetime.datetime, end: datetime.datetime) -> str:
    """Two moments as they are written on the form: 9.00–11.30."""
    a, b = timezone.localtime(begin), timezone.localtime(end)
    return f"{a.hour}.{a:%M}–{b.hour}.{b:%M}"


def situation(occasion: Occasion, person: Person) -> dict[str, Any]:
    """What is registered now: the mark, and each time present."""
    mark = Attendance.objects.filter(occasion=occasion, person=person).first()
    times = Segment.objects.filter(_same_human(person.pk), occasion=occasion, voided_at=None)
    return {
        "mark": mark.mark if mark else "",
        "segments": [
            [s.began_at.isoformat(), s.ended_at.isoformat() if s.ended_at else None]
            for s in times.order_by("began_at", "pk")
        ],
    }


def _same_human(person_id: int) -> Q:
    """The person, and those who were merged into them."""
    return Q(person=person_id) | Q(person__merged_into=person_id)


def as_data(mark: str, times: Times) -> dict[str, Any]:
    """The attendance as it is kept with a correction."""
    utc = datetime.UTC
    return {
        "mark": mark,
        "segments": [
            [a.astimezone(utc).isoformat(), b.astimezone(utc).isoformat()] for a, b in sorted(times)
        ],
    }


@transaction.atomic
def decide(*, correction_id: int, approve: bool, reason: str = "", actor: User) -> Correction:
    """A second person approves or declines; approval writes, counts anew and tells what follows.

    :raises SamePerson: when the actor proposed it.
    :raises Stale: when it is decided already, or the attendance is no longer what it was.
    """
    seen = Correction.objects.select_related("month").get(pk=correction_id)
    hold(seen.person_id)
    month = Month.objects.select_for_update().get(pk=seen.month_id)
    found = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("occasion", "person__unit")
        .get(pk=correction_id)
    )
    access.ensure_checks(actor, found.person.unit)
    if found.state != Correction.State.PROPOSED:
        raise Stale
    if found.proposed_by_id == actor.pk:
        raise SamePerson
    if found.person_id in own_persons(actor):
        raise OwnHours
    if not approve and not says(reason):
        raise ReasonNeeded
    if approve and situation(found.occasion, found.person) != found.before:
        raise Stale
    with operation(
        "correction.approve" if approve else "correction.decline",
        actor=actor_of(actor),
        reason=reason.strip() or found.reason,
        subject=f"{month.first_day:%Y-%m}",
    ):
        _close(found, Correction.State.APPROVED if approve else Correction.State.DECLINED, actor)
        found.decision_reason = reason.strip()
        found.save()
        if approve:
            _carry_out(found)
            tell(month)
    return found


@transaction.atomic
def withdraw(*, correction_id: int, actor: User) -> Correction:
    """Whoever proposed it takes it back."""
    found = Correction.objects.select_for_update(of=("self",)).get(pk=correction_id)
    if found.state != Correction.State.PROPOSED or found.proposed_by_id != actor.pk:
        raise Stale
    with operation("correction.withdraw", actor=actor_of(actor)):
        _close(found, Correction.State.WITHDRAWN, actor)
        found.save()
    return found


def _close(found: Correction, state: Correction.State, actor: User) -> None:
    found.state = state
    found.decided_by, found.decided_at = actor, timezone.now()


def _carry_out(found: Correction) -> None:
    """Void what stood, write what was proposed, and count the day anew past the guard."""
    now = timezone.now()
    Segment.objects.filter(
        _same_human(found.person_id), occasion=found.occasion_id, voided_at=None
    ).update(voided_at=now, voided_by=found.decided_by, void_reason=found.reason)
    # A mark from before they were one person would speak against the corrected one.
    Attendance.objects.filter(
        occasion=found.occasion_id, person__merged_into=found.person_id
    ).update(mark=Attendance.Mark.UNMARKED)
    Segment.objects.bulk_create(
        Segment(
            occasion_id=found.occasion_id,
            person_id=found.person_id,
            began_at=begin,
            ended_at=end,
            source=Segment.Source.LIST,
            recorded_by_id=found.proposed_by_id,
        )
        for begin, end in found.after["segments"]
    )
    Attendance.objects.update_or_create(
        occasion_id=found.occasion_id,
        person_id=found.person_id,
        defaults={
            "mark": found.after["mark"],
            "marked_by_id": found.proposed_by_id,
            "marked_at": now,
        },
    )
    recount_corrected(
        occasion_ids=[found.occasion_id], person_ids=[found.person_id], reason=found.reason[:200]
    )
