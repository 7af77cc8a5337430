"""What is odd about the month's hours, read for many persons in the same few queries (4.10)."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from django.utils import timezone
from django.utils.translation import gettext as _

from core import figures
from core.workdays import is_working_day
from people.models import Person
from programme.absences import rules as absence_rules
from programme.absences.rules import Away, Counted, Finding, Kind, Twice
from programme.attendance import queries as attendance
from programme.attendance import rules as attendance_rules
from programme.models import Absence, CountedTime, Occasion, Programme
from programme.months.rules import last_day, next_month
from programme.queries import settings_on


def findings_of(
    programme: Programme, month: datetime.date, person_ids: Sequence[int]
) -> dict[int, list[Finding]]:
    """Each person's findings, the blocking ones first; eight queries for one or a thousand."""
    if not person_ids:
        return {}
    counted: dict[int, list[Counted]] = defaultdict(list)
    for person, day, minutes, title in CountedTime.objects.filter(
        occasion__programme=programme,
        person__in=person_ids,
        current=True,
        minutes__gt=0,
        day__gte=month,
        day__lte=last_day(month),
    ).values_list("person_id", "day", "minutes", "occasion__title"):
        counted[person].append(Counted(day, minutes, title))
    away: dict[int, list[Away]] = defaultdict(list)
    for one in Absence.objects.filter(
        person__in=person_ids,
        set_aside_at=None,
        first_day__lte=last_day(month),
        last_day__gte=month,
    ):
        away[one.person_id].append(Away(one.public_id, one.first_day, one.last_day, one.percent))
    twice = _twice(programme, month, person_ids)
    days = (month + datetime.timedelta(days=n) for n in range(31))
    working = frozenset(day for day in days if is_working_day(day))
    left = dict(
        Person.objects.filter(pk__in=person_ids)
        .exclude(last_day=None)
        .values_list("pk", "last_day")
    )
    found = {
        person: absence_rules.findings(
            counted[person], away[person], twice.get(person, []), working, left.get(person)
        )
        for person in person_ids
    }
    return {person: rows for person, rows in found.items() if rows}


def _twice(
    programme: Programme, month: datetime.date, person_ids: Sequence[int]
) -> dict[int, list[Twice]]:
    """Times at two occasions at once; other programmes' occasions too."""
    zone = timezone.get_default_timezone()
    first = datetime.datetime.combine(month, datetime.time.min, zone)
    after = datetime.datetime.combine(next_month(month), datetime.time.min, zone)
    occasions = list(
        Occasion.objects.standing().filter(starts_at__lt=after, ends_at__gt=first).order_by("pk")
    )
    near = _overlapping(occasions)
    if not near:
        return {}
    tolerated = int(settings_on(programme, month)["overlap_minutes_tolerated"])
    found: dict[int, list[Twice]] = defaultdict(list)
    for person, by_occasion in attendance.presences(near, person_ids).items():
        for clash in attendance_rules.clashes(list(by_occasion.values()), tolerated=tolerated):
            if clash.minutes:
                day = clash.other.starts.astimezone(zone).date()
                titles = (clash.one.title, clash.other.title)
                found[person].append(Twice(day, titles, clash.minutes, clash.blocking))
    return found


def _overlapping(occasions: Sequence[Occasion]) -> list[Occasion]:
    """Only the occasions that share time with another one."""
    by_day: dict[datetime.date, list[Occasion]] = defaultdict(list)
    for one in occasions:
        by_day[one.starts_at.date()].append(one)
    found = {
        one.pk: one
        for same in by_day.values()
        for pair in combinations(same, 2)
        if pair[0].starts_at < pair[1].ends_at and pair[1].starts_at < pair[0].ends_at
        for one in pair
    }
    return list(found.values())


def worded(finding: Finding) -> str:
    """The finding as a sentence."""
    values = {
        "day": finding.day.isoformat(),
        "time": figures.hours(finding.minutes),
        "titles": _(" and ").join(f"“{title}”" for title in finding.titles),
        "percent": figures.percent(finding.percent, 0),
    }
    sentences = {
        Kind.AFTER_LAST_DAY: _(
            "%(day)s: %(time)s at %(titles)s, after the last day of employment."
        ),
        Kind.AWAY: _("%(day)s: %(time)s at %(titles)s, but absent the whole day."),
        Kind.PARTLY_AWAY: _("%(day)s: %(time)s at %(titles)s, and absent %(percent)s of the day."),
        Kind.TOO_LONG: _("%(day)s: %(time)s in one day."),
        Kind.TWO_PLACES: _("%(day)s: %(time)s at %(titles)s at the same time."),
        Kind.NEAR: _("%(day)s: %(time)s at %(titles)s at the same time, within what is allowed."),
        Kind.FREE_DAY: _("%(day)s is not a working day: %(time)s at %(titles)s."),
    }
    return sentences[finding.kind] % values
