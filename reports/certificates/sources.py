"""The facts behind certificates, read for one or for hundreds with the same queries."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from people.identity import masked
from people.models import Organisation, Person
from programme import queries
from programme.access import ADMINISTRATIONS
from programme.models import CountedTime, Month, Occasion, Participation, Programme, Statement
from programme.months import figures
from programme.months import rules as months
from reports.certificates.content import LANGUAGE, Facts, Line
from reports.models import Certificate


@dataclass(frozen=True)
class Basis:
    """What one certificate is issued for, with the facts as they are now."""

    person: Person
    facts: Facts
    month: Month | None = None
    participation: Participation | None = None


def months_of(statements: Sequence[Statement]) -> list[Basis]:
    """The basis of each statement that holds; those whose hours have changed since are left out."""
    holding = _holding(statements)
    with translation.override(LANGUAGE):
        occasions = _occasions(line["occasion"] for one in holding for line in one.lines)
        employers = _Employers([one.person for one in holding])
        return [
            Basis(one.person, _month_facts(one, occasions, employers), month=one.month)
            for one in holding
        ]


def issuable_statements() -> QuerySet[Statement]:
    """Checked statements of locked months, with everything that the facts need."""
    return Statement.objects.filter(
        replaced_at__isnull=True,
        checked_at__isnull=False,
        minutes__gt=0,
        month__state=Month.State.LOCKED,
    ).select_related("person__unit", "person__identity", "month__programme")


def unsettled(
    programme: Programme, first: datetime.date, last: datetime.date
) -> set[tuple[int, datetime.date]]:
    """Persons and months whose hours do not stand attested and checked; one query.

    The night takes back the certificates of these.
    """
    return {
        (one.person_id, one.month)
        for one in figures.persons_of(programme.pk, first, last)
        if one.standing is not months.Standing.CHECKED
    }


def _holding(statements: Sequence[Statement]) -> list[Statement]:
    """Statements whose counted hours still are what was attested; one query."""
    found: dict[tuple[int, datetime.date], list[months.Line]] = defaultdict(list)
    if statements:
        first = min(one.month.first_day for one in statements)
        last = months.last_day(max(one.month.first_day for one in statements))
        rows = CountedTime.objects.filter(
            current=True,
            minutes__gt=0,
            person__in={one.person_id for one in statements},
            day__range=(first, last),
        ).values_list("person_id", "day", "occasion_id", "minutes")
        for person, day, occasion, minutes in rows:
            found[(person, day.replace(day=1))].append(months.Line(occasion, day, minutes))
    return [
        one
        for one in statements
        if months.digest_of(found[(one.person_id, one.month.first_day)]) == one.digest
    ]


def _occasions(ids: Iterable[int]) -> dict[int, Occasion]:
    return Occasion.objects.select_related("unit__course", "group__course").in_bulk(set(ids))


def _activity(occasion: Occasion) -> str:
    if occasion.unit is None:
        return occasion.title
    return _("%(course)s, occasion %(number)d: %(title)s") % {
        "course": occasion.unit.course.name,
        "number": occasion.unit.number,
        "title": occasion.title,
    }


def _course_of(occasion: Occasion) -> str:
    if occasion.unit is not None:
        return occasion.unit.course.name
    return occasion.group.course.name if occasion.group else ""


def _month_facts(one: Statement, occasions: dict[int, Occasion], employers: "_Employers") -> Facts:
    rows = sorted(one.lines, key=lambda line: (line["day"], line["occasion"]))
    programme = one.month.programme
    courses = dict.fromkeys(filter(None, (_course_of(occasions[r["occasion"]]) for r in rows)))
    return Facts(
        kind=Certificate.Kind.MONTH,
        name=_name(one.person),
        identity=employers.identity(one.person, programme),
        employer=employers.name(one.person),
        organisation_number=employers.number(one.person),
        project=programme.name,
        record_number=programme.record_number,
        course=" + ".join(courses)[:120] or programme.name[:120],
        month=one.month.first_day.isoformat(),
        lines=tuple(
            Line(row["day"], _activity(occasions[row["occasion"]]), row["minutes"]) for row in rows
        ),
        attested_on=_day(one.attested_at),
        attested_how=_("in the portal") if one.channel == "web" else _("on paper"),
        checked_on=_day(one.checked_at),
    )


def _name(person: Person) -> str:
    return f"{person.first_name} {person.last_name}"


def _day(moment: datetime.datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def courses_of(participations: Sequence[Participation]) -> list[Basis]:
    """The basis of each completed participation; its lines are the hours by occasion."""
    done = [p for p in participations if p.state == Participation.State.COMPLETED]
    with translation.override(LANGUAGE):
        lines = _course_lines(done)
        employers = _Employers([p.person for p in done], done)
        return [
            Basis(p.person, _course_facts(p, lines[p.pk], employers), participation=p)
            for p in done
            if lines[p.pk]
        ]


def completed_participations() -> QuerySet[Participation]:
    """Completed participations, with everything that the facts need."""
    return Participation.objects.filter(state=Participation.State.COMPLETED).select_related(
        "person__unit", "person__identity", "course__programme"
    )


def _course_lines(done: Sequence[Participation]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    rows = (
        CountedTime.objects.filter(current=True, minutes__gt=0, participation__in=done)
        .select_related("occasion__unit__course")
        .order_by("day", "occasion_id")
    )
    for row in rows:
        line = Line(row.day.isoformat(), _activity(row.occasion), row.minutes)
        found[row.participation_id or 0].append(line)
    return found


def _course_facts(p: Participation, lines: Sequence[Line], employers: "_Employers") -> Facts:
    programme = p.course.programme
    return Facts(
        kind=Certificate.Kind.COURSE,
        name=_name(p.person),
        identity=employers.identity(p.person, programme),
        employer=employers.name(p.person),
        organisation_number=employers.number(p.person),
        project=programme.name,
        record_number=programme.record_number,
        course=p.course.name,
        month="",
        lines=tuple(lines),
        started_on=p.started_on.isoformat() if p.started_on else "",
        ended_on=p.ended_on.isoformat() if p.ended_on else "",
    )


class _Employers:
    """Who employs each person: the administration they were admitted from (R-030)."""

    def __init__(
        self, persons: Sequence[Person], participations: Sequence[Participation] | None = None
    ) -> None:
        # Of several admissions the first one counts: it comes last and stays.
        taken = participations or Participation.objects.filter(person__in=persons).order_by(
            "-admitted_on", "-pk"
        )
        self.district_ids = {p.person_id: p.district_id for p in taken}
        wanted = {pk for person in persons for pk in person.unit.lineage}
        wanted |= set(self.district_ids.values())
        self.organisations = Organisation.objects.in_bulk(wanted)
        above = {pk for each in self.organisations.values() for pk in each.lineage}
        self.organisations |= Organisation.objects.in_bulk(above - set(self.organisations))
        self._printed: dict[int, bool] = {}

    def _of(self, person: Person) -> Organisation:
        """The administration at admission, else the one above the unit, else the unit itself."""
        if person.pk in self.district_ids:
            return self.organisations[self.district_ids[person.pk]]
        line = [self.organisations[pk] for pk in reversed(person.unit.lineage)]
        return next((each for each in line if each.kind in ADMINISTRATIONS), person.unit)

    def name(self, person: Person) -> str:
        """The administration's name."""
        return self._of(person).name

    def number(self, person: Person) -> str:
        """The nearest organisation number from the administration and upwards."""
        line = [self.organisations[pk] for pk in reversed(self._of(person).lineage)]
        return next((o.organisation_number for o in line if o.organisation_number), "")

    def identity(self, person: Person, programme: Programme) -> str:
        """The masked number, when the dated setting says that it is printed."""
        if programme.pk not in self._printed:
            value = queries.settings_on(programme, timezone.localdate())["certificate_identity"]
            self._printed[programme.pk] = value == "masked"
        if person.protected or not self._printed[programme.pk]:
            return ""
        return masked(person, None)
