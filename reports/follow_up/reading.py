"""The roll-up's rows: three queries for all months, and one for the persons behind a figure."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Person
from people.ordering import by_name
from programme import queries
from programme.models import Category, Participation, Programme
from programme.months.rules import last_day, months_between
from reports.economy import reading as economy
from reports.economy.rules import even_pace
from reports.follow_up.rules import Cell, Count, Taking, What, added, happened, running


@dataclass(frozen=True)
class Row:
    """One line: a month, or a category within it."""

    name: str
    count: Count
    # Everything until then.
    until: Count
    code: str = ""
    category: str = ""


@dataclass(frozen=True)
class Page:
    """Everything that the page says."""

    programme: Programme
    # Newest first.
    months: list[Row]
    categories: list[Row]
    whole: Row
    as_of: datetime.datetime


def page(programme: Programme, now: datetime.datetime | None = None) -> Page:
    """Every month from the start until this one."""
    at = now or timezone.now()
    today = timezone.localdate(at)
    firsts = months_between(programme.starts_on, min(today, programme.ends_on))
    categories = list(programme.categories.order_by("pk"))
    cells = _cells(programme, categories, today)
    # What lies outside the period is not lost.
    firsts = sorted({*firsts, *(month for month, _category in cells)} - _ahead(cells, today))
    by_month = [
        added(cells.get((first, each.pk), Count()) for each in categories) for first in firsts
    ]
    until = running(by_month)
    whole = added(by_month)
    return Page(
        programme,
        [
            Row(f"{first:%Y-%m}", count, so_far, f"{first:%Y-%m}")
            for first, count, so_far in zip(firsts, by_month, until, strict=True)
        ][::-1],
        [_of_category(each, cells, firsts) for each in categories],
        Row(_("The whole project so far"), whole, whole),
        at,
    )


def _ahead(cells: dict[Cell, Count], today: datetime.date) -> set[datetime.date]:
    """Months to come: they have a plan and nothing else."""
    return {month for month, _category in cells if month > today}


def _of_category(category: Category, cells: dict[Cell, Count], firsts: list[datetime.date]) -> Row:
    count = added(cells.get((first, category.pk), Count()) for first in firsts)
    return Row(category.name, count, count, category=category.key)


def _cells(
    programme: Programme, categories: list[Category], today: datetime.date
) -> dict[Cell, Count]:
    takings = takings_of(programme)
    moments = {what: happened(takings, what) for what in (What.BEGAN, What.COMPLETED, What.LEFT)}
    cells: dict[Cell, Count] = {}

    def add(cell: Cell, count: Count) -> None:
        cells[cell] = cells.get(cell, Count()) + count

    for cell, persons in moments[What.BEGAN].items():
        add(cell, Count(began=persons))
    for cell, persons in moments[What.COMPLETED].items():
        add(cell, Count(completed=persons))
    for cell, persons in moments[What.LEFT].items():
        add(cell, Count(left=persons))
    # The same rows as co-financing, and those who earn none.
    for (month, _district, category), one in economy.counted(programme).items():
        minutes = one.minutes + one.outside
        add((month, category), Count(present=one.persons, minutes=minutes))
    for cell, count in _plan(programme, categories, today).items():
        add(cell, count)
    return cells


def takings_of(programme: Programme) -> list[Taking]:
    """Every participation in the programme's courses; one query."""
    state = Participation.State
    return [
        Taking(pk, person, category, started, ended, kept == state.COMPLETED, kept == state.DROPPED)
        for pk, person, category, started, ended, kept in Participation.objects.filter(
            course__programme=programme
        ).values_list("pk", "person_id", "category_id", "started_on", "ended_on", "state")
    ]


def _plan(
    programme: Programme, categories: list[Category], today: datetime.date
) -> dict[Cell, Count]:
    """Each category's persons and hours, evenly over the project's months."""
    firsts = months_between(programme.starts_on, programme.ends_on)
    plans = queries.plans_on(programme, today)
    found: dict[Cell, Count] = {}
    for each in categories:
        plan = plans[each.pk]
        minutes = even_pace(plan.persons * plan.hours_each * 60, len(firsts))
        persons = even_pace(plan.persons, len(firsts))
        for first, time, number in zip(firsts, minutes, persons, strict=True):
            if first <= today:
                found[first, each.pk] = Count(planned_minutes=time, planned_persons=number)
    return found


def behind(
    programme: Programme, what: What, month: datetime.date | None, category: Category | None
) -> QuerySet[Participation]:
    """The participations that a figure of persons is counted from; not of those who took part.

    :param month: its first day; nothing for the whole time.
    """
    found = (
        Participation.objects.filter(course__programme=programme)
        .select_related("person__unit", "course", "category", "district")
        .order_by(*by_name("person__"), "pk")
    )
    if category is not None:
        found = found.filter(category=category)
    state = Participation.State
    field = "started_on" if what is What.BEGAN else "ended_on"
    asked = Q(**{f"{field}__isnull": False})
    if month is not None:
        asked &= Q(**{f"{field}__range": (month, last_day(month))})
    if what is not What.BEGAN:
        asked &= Q(state=state.COMPLETED if what is What.COMPLETED else state.DROPPED)
    return found.filter(asked)


def present(
    programme: Programme, month: datetime.date | None, category: Category | None
) -> QuerySet[Person]:
    """Whoever has counted time: also those whom no participation ties to a course."""
    choice = economy.Choice(month, None, category.pk if category else None)
    counted = economy.counted(programme, choice).values()
    return (
        Person.objects.filter(pk__in={pk for one in counted for pk in one.persons})
        .select_related("unit")
        .order_by(*by_name(), "pk")
    )
