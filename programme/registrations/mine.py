"""A person's own registrations; the number of queries never follows the number of rows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from people.models import Person
from programme.models import Occasion, Registration
from programme.registrations import errors, queries
from programme.venues.booking import hours_in_words
from programme.venues.queries import State as Tag

State = Registration.State


@dataclass(frozen=True)
class MyRegistration:
    """One line on «my registrations»."""

    registration: Registration
    tag: Tag
    when: str
    detail: str

    @property
    def occasion(self) -> Occasion:
        """The occasion."""
        return self.registration.plan.occasion


def mine(person: Person, now: datetime.datetime | None = None) -> list[MyRegistration]:
    """Registrations for what is to come, and offers first; three queries."""
    at = now or timezone.now()
    rows = list(
        Registration.objects.filter(person=person, plan__occasion__ends_at__gt=at)
        .exclude(state__in=[State.LEFT, State.REPLACED, State.DECLINED])
        .select_related("plan__occasion")
        .order_by("plan__occasion__starts_at", "pk")
    )
    ahead = _ahead_of([row for row in rows if row.state == State.WAITING])
    shown = [
        MyRegistration(
            row,
            _tag(row),
            hours_in_words(row.plan.occasion.starts_at, row.plan.occasion.ends_at),
            _detail(row, ahead),
        )
        for row in rows
    ]
    return sorted(shown, key=lambda one: one.registration.state != State.OFFERED)


def undecided(person: Person) -> list[MyRegistration]:
    """Those that are no seat: offers to answer, lines, approvals and what is cancelled.

    A seat is an invitation, which the own page shows already.
    """
    return [
        one
        for one in mine(person)
        if one.registration.state != State.REGISTERED
        or one.occasion.state == Occasion.State.CANCELLED
    ]


def _tag(row: Registration) -> Tag:
    if row.plan.occasion.state == Occasion.State.CANCELLED:
        return Tag(pgettext("occasion", "Cancelled"), "red")
    return queries.tag_of(row.state)


def _ahead_of(rows: Sequence[Registration]) -> dict[int, int]:
    """How many stand before each in its line; one query."""
    if not rows:
        return {}
    lines: dict[int, list[int]] = {}
    found = Registration.objects.in_line().filter(plan__in=[row.plan_id for row in rows])
    for plan_id, pk in found.values_list("plan_id", "pk"):
        lines.setdefault(plan_id, []).append(pk)
    return {row.pk: lines[row.plan_id].index(row.pk) for row in rows}


def _detail(row: Registration, ahead: dict[int, int]) -> str:
    if row.state == State.OFFERED and row.offer_until:
        return _("Answer before %(until)s.") % {"until": errors.moment(row.offer_until)}
    if row.state == State.WAITING:
        before = ahead[row.pk]
        if not before:
            return _("You are first in line.")
        return ngettext(
            "%(n)d person stands before you.", "%(n)d persons stand before you.", before
        ) % {"n": before}
    return ""
