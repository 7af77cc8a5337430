"""Viewing that came to count after its month was locked becomes a proposed correction (R-097)."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from people.models import Person
from programme.hours.closed import first_of
from programme.hours.intervals import Interval, union
from programme.models import Attendance, Correction, Month, Occasion
from programme.months import corrections


def propose_viewing(occasion: Occasion, person_id: int, spans: Sequence[Interval]) -> None:
    """Propose the viewer's times beside those that stand; whoever checks hours decides.

    The viewer is the first of the two persons, as when attesting. Nothing is proposed when
    the hours stay as they are, or while another correction of the same attendance waits:
    the next thing the player tells tries again.

    Asks no permission. Whoever calls holds the month's row, so that it stays locked, and the
    viewer's, so that two beacons do not both propose.
    """
    person = Person.objects.select_related("user", "unit").get(pk=person_id)
    month = Month.objects.get(
        programme=occasion.programme_id, first_day=first_of(corrections.day_of(occasion))
    )
    waits = Correction.objects.filter(
        occasion=occasion, person=person, state=Correction.State.PROPOSED
    )
    if person.user is None or month.state != Month.State.LOCKED or waits.exists():
        return
    before = corrections.situation(occasion, person)
    times = _together(before, spans)
    mark = Attendance.Mark.PRESENT
    effect = corrections.effect_of(occasion=occasion, person=person, mark=mark, times=times)
    if effect.minutes_before == effect.minutes_after:
        return
    corrections.keep_proposal(
        month=month,
        occasion=occasion,
        person=person,
        before=before,
        after=corrections.as_data(mark, times),
        effect=effect,
        reason=_(
            "Time watched of a recording. Enough of it had been watched only after the month"
            " was locked."
        ),
        actor=person.user,
    )


def _together(before: dict[str, list[list[str]]], spans: Sequence[Interval]) -> corrections.Times:
    """The times that stand and the watched ones, as one list without overlaps."""
    moment = datetime.datetime.fromisoformat
    standing = [
        (int(moment(begin).timestamp()), int(moment(end).timestamp()))
        for begin, end in before["segments"]
        if end
    ]
    return [
        (
            datetime.datetime.fromtimestamp(begin, datetime.UTC),
            datetime.datetime.fromtimestamp(end, datetime.UTC),
        )
        for begin, end in union([*standing, *spans])
    ]
