"""Progress of one or many participations: the same number of queries for one as for 300.

The rules are in `rules`; here the rows are read for them.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from programme import queries
from programme.models import (
    CompletionRule,
    CountedTime,
    Group,
    Invitation,
    LearningUnit,
    Membership,
    Occasion,
    Participation,
)
from programme.staff import rules

# At most so many occasions are suggested for one participation.
MOST_REPAIRS = 4


@dataclass(frozen=True)
class Repair:
    """A coming occasion of another group, or open to all, that teaches a missed unit."""

    occasion: Occasion
    unit: rules.Unit
    # Seats left; nothing when nobody has set a size.
    left: int | None


@dataclass(frozen=True)
class Standing:
    """A participation with its progress, its group and what would repair it."""

    participation: Participation
    group: Group | None
    progress: rules.Progress
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class _Course:
    units: tuple[rules.Unit, ...]
    # Newest first.
    completion: tuple[CompletionRule, ...]

    def rule_on(self, day: datetime.date, reached_percent: int) -> rules.Rule | None:
        """The rule in force on the day."""
        for each in self.completion:
            if each.valid_from <= day:
                return rules.Rule(each.least_units, each.least_percent, reached_percent)
        return None


def of_one(participation: Participation, *, now: datetime.datetime | None = None) -> Standing:
    """The progress of one participation."""
    return of_many([participation], now=now)[participation.pk]


def of_many(
    participations: Sequence[Participation],
    *,
    now: datetime.datetime | None = None,
    repairs: bool = True,
) -> dict[int, Standing]:
    """The progress of each participation, by its key; at most eleven queries.

    Reads ``course`` of each: select them along.

    :param repairs: leave out the search for other occasions where no page shows them.
    """
    if not participations:
        return {}
    now = now or timezone.now()
    courses = _courses({p.course_id for p in participations})
    reached_percent = _reached_percent(participations[0], timezone.localdate(now))
    plans = queries.plans_on(participations[0].course.programme, timezone.localdate(now))
    attended = _attended(participations)
    booked, invited = _booked(participations, now)
    groups = _groups(participations)
    planned = _planned_units({group.pk for group in groups.values()})
    found = {}
    for each in participations:
        course = courses[each.course_id]
        group = groups.get(each.pk)
        found[each.pk] = Standing(
            each,
            group,
            rules.progress(
                units=course.units,
                attended=attended[each.pk],
                booked=booked[each.pk],
                planned_units=planned[group.pk] if group else frozenset(),
                rule=course.rule_on(each.ended_on or timezone.localdate(now), reached_percent),
                planned_minutes=plans[each.category_id].hours_each * 60,
            ),
        )
    return _with_repairs(found, invited, now) if repairs else found


def _reached_percent(participation: Participation, day: datetime.date) -> int:
    programme = participation.course.programme
    return int(queries.settings_on(programme, day)["unit_reached_percent"])


def _courses(ids: Iterable[int]) -> dict[int, _Course]:
    units: dict[int, list[rules.Unit]] = defaultdict(list)
    for unit in LearningUnit.objects.filter(course__in=ids, in_use=True).order_by("number"):
        units[unit.course_id].append(as_unit(unit))
    completion: dict[int, list[CompletionRule]] = defaultdict(list)
    for rule in CompletionRule.objects.filter(course__in=ids).order_by("-valid_from"):
        completion[rule.course_id].append(rule)
    return {pk: _Course(tuple(units[pk]), tuple(completion[pk])) for pk in ids}


def as_unit(unit: LearningUnit) -> rules.Unit:
    """The learning unit as the rules see it."""
    net = rules.net_minutes(unit.minutes, unit.breaks)
    return rules.Unit(unit.pk, unit.number, unit.title, net, unit.must_have)


def _attended(participations: Sequence[Participation]) -> dict[int, list[rules.Attended]]:
    """Counted time by participation; of a course that does not count, outside the plan."""
    rows = (
        CountedTime.objects.filter(current=True, participation__in=participations)
        .order_by("day", "pk")
        .values_list(
            "participation_id",
            "day",
            "minutes",
            "planned_minutes",
            "occasion__unit_id",
            "occasion__unit__course__counts_towards_plan",
        )
    )
    found: dict[int, list[rules.Attended]] = defaultdict(list)
    for pk, day, minutes, planned, unit, counts in rows:
        found[pk].append(rules.Attended(day, minutes, planned, unit, counts is not False))
    return found


def occasion_minutes(occasion: Occasion) -> int:
    """Net minutes of an occasion."""
    whole = int((occasion.ends_at - occasion.starts_at).total_seconds()) // 60
    return rules.net_minutes(whole, occasion.breaks)


def _booked(
    participations: Sequence[Participation], now: datetime.datetime
) -> tuple[dict[int, list[rules.Booked]], set[tuple[int, int]]]:
    """Coming occasions by participation, and every standing pair of person and occasion.

    An occasion that has ended but is not counted yet is still to come: the person may
    have been there, and nobody has said otherwise.
    """
    mine = {(p.person_id, p.course_id): p.pk for p in participations}
    rows = (
        Invitation.objects.filter(
            person__in={p.person_id for p in participations}, withdrawn_at__isnull=True
        )
        .exclude(occasion__state=Occasion.State.CANCELLED)
        .filter(Q(occasion__ends_at__gt=now) | Q(occasion__ends_at__gt=now - GRACE))
        .select_related("occasion__unit__course", "occasion__group")
        .order_by("occasion__starts_at", "pk")
    )
    counted = set(
        CountedTime.objects.filter(
            current=True,
            person__in={p.person_id for p in participations},
            occasion__ends_at__gt=now - GRACE,
        ).values_list("person_id", "occasion_id")
    )
    known = {p.pk for p in participations}
    found: dict[int, list[rules.Booked]] = defaultdict(list)
    invited: set[tuple[int, int]] = set()
    for row in rows:
        pair = (row.person_id, row.occasion_id)
        invited.add(pair)
        pk = row.participation_id or mine.get((row.person_id, _course_of(row.occasion)))
        if pk not in known or pair in counted or row.answer == Invitation.Answer.NOT_COMING:
            continue
        found[pk].append(_as_booked(row.occasion))
    return found, invited


# How long an occasion without registered attendance is given the benefit of the doubt.
GRACE = datetime.timedelta(days=3)


def _course_of(occasion: Occasion) -> int:
    if occasion.unit is not None:
        return occasion.unit.course_id
    return occasion.group.course_id if occasion.group else 0


def _as_booked(occasion: Occasion) -> rules.Booked:
    counts = occasion.unit is None or occasion.unit.course.counts_towards_plan
    day = timezone.localdate(occasion.starts_at)
    return rules.Booked(day, occasion_minutes(occasion), occasion.unit_id, counts)


def _groups(participations: Sequence[Participation]) -> dict[int, Group]:
    rows = Membership.objects.filter(
        participation__in=participations, to_date__isnull=True
    ).select_related("group__district")
    return {row.participation_id: row.group for row in rows}


def _planned_units(group_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Units that each group has a standing occasion for, past or to come."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Occasion.objects.standing().filter(group__in=group_ids, unit__isnull=False)
    for group_id, unit_id in rows.order_by().values_list("group_id", "unit_id"):
        found[group_id].add(unit_id)
    return {pk: frozenset(found[pk]) for pk in group_ids}


def _with_repairs(
    found: dict[int, Standing], invited: set[tuple[int, int]], now: datetime.datetime
) -> dict[int, Standing]:
    wanted = {
        unit.id
        for standing in found.values()
        if not standing.progress.completed_on
        for unit in standing.progress.repairable
    }
    offered = _offered(wanted, now) if wanted else {}
    return {pk: _repaired(standing, offered, invited) for pk, standing in found.items()}


def _repaired(
    standing: Standing,
    offered: dict[int, list[tuple[Occasion, int]]],
    invited: set[tuple[int, int]],
) -> Standing:
    if standing.progress.completed_on:
        return standing
    repairs = [
        Repair(occasion, unit, left)
        for unit in standing.progress.repairable
        for occasion, taken in offered.get(unit.id, [])
        if (standing.participation.person_id, occasion.pk) not in invited
        and ((left := _left(occasion, taken)) is None or left > 0)
    ]
    repairs.sort(key=lambda each: (each.occasion.starts_at, each.occasion.pk))
    return Standing(
        standing.participation, standing.group, standing.progress, tuple(repairs[:MOST_REPAIRS])
    )


def _offered(
    unit_ids: Iterable[int], now: datetime.datetime
) -> dict[int, list[tuple[Occasion, int]]]:
    """Standing coming occasions for the units, each with how many are expected."""
    rows = (
        Occasion.objects.standing()
        .filter(unit__in=unit_ids, starts_at__gt=now)
        .exclude(group__state=Group.State.CANCELLED)
        .select_related("group", "district", "unit")
        .annotate(
            taken=Count(
                "invitations",
                filter=Q(
                    invitations__withdrawn_at__isnull=True,
                    # Whoever cannot come leaves the seat free.
                    invitations__answer__in=[Invitation.Answer.NONE, Invitation.Answer.COMING],
                ),
            )
        )
        .order_by("starts_at", "pk")
    )
    found: dict[int, list[tuple[Occasion, int]]] = defaultdict(list)
    for row in rows:
        if row.unit_id is not None:
            found[row.unit_id].append((row, row.taken))  # type: ignore[attr-defined]
    return found


def _left(occasion: Occasion, taken: int) -> int | None:
    return occasion.group.seats - taken if occasion.group else None
