"""The tables of the page, made of the same cells, and the words that explain the forecast."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum as Total
from django.utils import timezone
from django.utils.translation import gettext as _

from core import figures
from people.models import Organisation
from programme import queries, terms
from programme.models import Category, Course, Programme, Quota, Rate
from programme.months.rules import months_between
from programme.queries import Planned
from reports.economy import reading
from reports.economy.access import Sight
from reports.economy.reading import Cell, Choice, Forecast, Seats
from reports.economy.rules import (
    Line,
    Point,
    Share,
    Sum,
    even_pace,
    months_without_small,
    total,
    without_small,
)


@dataclass(frozen=True)
class Page:
    """Everything the page says."""

    programme: Programme
    months: list[Line]
    districts: list[Line]
    categories: list[Line]
    whole: Line
    forecast: Forecast
    points: list[Point]
    gap: Decimal
    gap_now: Decimal
    alarm: bool
    alarm_percent: int
    limit: int
    as_of: datetime.datetime

    @property
    def deviation(self) -> Decimal:
        """The forecast against the plan, in per cent; below zero when it falls short."""
        if not self.whole.planned_kronor:
            return Decimal(0)
        return 100 * (self.whole.sum.all_kronor / self.whole.planned_kronor - 1)

    @property
    def share(self) -> Decimal:
        """Minutes that came of the minutes invited to, in per cent."""
        return terms.share_shown(self.forecast.came, self.forecast.invited)


def page(programme: Programme, sight: Sight) -> Page:
    """The page's figures; the same number of queries however many rows there are."""
    now = timezone.now()
    today = timezone.localdate(now)
    settings = queries.settings_on(programme, today)
    limit, percent = (
        int(settings["small_number_limit"]),
        int(settings["co_financing_alarm_percent"]),
    )
    forecast = reading.forecast(programme, now)
    cells = cells_of(reading.counted(programme), forecast.seats)
    plans = queries.plans_on(programme, today)
    worths = _worths(programme, plans)
    months = _months(programme, cells, plans, worths)
    districts = _districts(programme, cells, plans, worths)
    categories = _categories(programme, cells, plans, worths)
    whole = total(months, _("The whole project"))
    if not sight.rows:
        others = _("Others, added together because they are few")
        months = months_without_small(
            months, limit, lambda first, last: f"{first.name[:7]} – {last.name[-7:]}"
        )
        districts = without_small(districts, limit, others)
        categories = without_small(categories, limit, others)
        whole = total(months, whole.name)
    return Page(
        programme,
        months,
        districts,
        categories,
        whole,
        forecast,
        _points(months, today),
        terms.shortfall(whole.planned_kronor, whole.sum.all_kronor),
        terms.shortfall(whole.planned_kronor, whole.sum.kronor),
        terms.falls_short(whole.planned_kronor, whole.sum.all_kronor, percent),
        percent,
        limit,
        now,
    )


def cells_of(counted: dict[Cell, Sum], seats: list[Seats]) -> dict[Cell, Sum]:
    """Counted and expected, by month, administration and category."""
    cells = dict(counted)
    for one in seats:
        more = Sum(expected_minutes=one.minutes, expected_kronor=one.kronor)
        cells[one.cell] = cells.get(one.cell, Sum()) + more
    return cells


def _added(cells: dict[Cell, Sum], place: Callable[[Cell], object]) -> dict[object, Sum]:
    found: dict[object, Sum] = {}
    for cell, one in cells.items():
        found[place(cell)] = found.get(place(cell), Sum()) + one
    return found


def _worths(programme: Programme, plans: dict[int, Planned]) -> dict[int, Decimal]:
    """Kronor an hour of each category's plan: the rate of the day the plan holds from."""
    rates = list(
        Rate.objects.filter(programme=programme, kind="participant")
        .order_by("-valid_from")
        .values_list("valid_from", "amount")
    )
    return {
        pk: next((amount for first, amount in rates if first <= plan.since), Decimal(0))
        for pk, plan in plans.items()
    }


def _months(
    programme: Programme,
    cells: dict[Cell, Sum],
    plans: dict[int, Planned],
    worths: dict[int, Decimal],
) -> list[Line]:
    firsts = months_between(programme.starts_on, programme.ends_on)
    sums = _added(cells, lambda cell: cell[0])
    # What lies outside the period is not lost: it gets a line of its own.
    firsts = sorted({*firsts, *(cell[0] for cell in cells)})
    within = [first for first in firsts if _within(programme, first)]
    minutes = sum(plan.persons * plan.hours_each * 60 for plan in plans.values())
    ore = sum(int(plan.persons * plan.hours_each * worths[pk] * 100) for pk, plan in plans.items())
    pace = dict(zip(within, even_pace(minutes, len(within)), strict=True))
    money = dict(zip(within, even_pace(ore, len(within)), strict=True))
    return [
        Line(
            f"{first:%Y-%m}",
            sums.get(first, Sum()),
            pace.get(first, 0),
            Decimal(money.get(first, 0)) / 100,
            f"{first:%Y-%m}",
            first,
        )
        for first in firsts
    ]


def _within(programme: Programme, first: datetime.date) -> bool:
    return programme.starts_on.replace(day=1) <= first <= programme.ends_on


def _districts(
    programme: Programme,
    cells: dict[Cell, Sum],
    plans: dict[int, Planned],
    worths: dict[int, Decimal],
) -> list[Line]:
    sums = _added(cells, lambda cell: cell[1])
    hours: dict[int, int] = {}
    money: dict[int, Decimal] = {}
    for district, category, places in (
        Quota.objects.filter(wave__programme=programme)
        .order_by()
        .values_list("organisation_id", "category_id")
        .annotate(places=Total("places"))
    ):
        own = places * plans[category].hours_each
        hours[district] = hours.get(district, 0) + own * 60
        money[district] = money.get(district, Decimal(0)) + own * worths[category]
    found = Organisation.objects.filter(pk__in={*hours, *(cell[1] for cell in cells)})
    return [
        Line(
            one.name, sums.get(one.pk, Sum()), hours.get(one.pk, 0),
            money.get(one.pk, Decimal(0)), one.code,
        )
        for one in found.order_by("name")
    ]  # fmt: skip


def _categories(
    programme: Programme,
    cells: dict[Cell, Sum],
    plans: dict[int, Planned],
    worths: dict[int, Decimal],
) -> list[Line]:
    sums = _added(cells, lambda cell: cell[2])
    return [
        Line(
            one.name,
            sums.get(one.pk, Sum()),
            plans[one.pk].persons * plans[one.pk].hours_each * 60,
            plans[one.pk].persons * plans[one.pk].hours_each * worths[one.pk],
            one.key,
        )
        for one in programme.categories.order_by("pk")
    ]


def _points(months: list[Line], today: datetime.date) -> list[Point]:
    """The cumulative hours at the end of each month."""
    planned = done = coming = 0
    found = []
    for line in months:
        if line.day is None:
            continue
        planned += line.planned_minutes
        done += line.sum.minutes
        coming += line.sum.expected_minutes
        found.append(Point(line.day, planned, done, done + coming))
    return found


def folded(months: list[Line], today: datetime.date) -> list[Line]:
    """The months as a table shows them: those to come without anything yet are one line."""
    last = max(
        (
            number
            for number, line in enumerate(months)
            if line.sum.all_minutes or (line.day and line.day <= today)
        ),
        default=-1,
    )
    rest = months[last + 1 :]
    if len(rest) < 2:
        return months
    name = _("%(first)s to %(last)s, nothing planned yet") % {
        "first": rest[0].name,
        "last": rest[-1].name,
    }
    return [*months[: last + 1], total(rest, name)]


@dataclass(frozen=True)
class MonthCell:
    """One administration and category in a month."""

    district: Organisation
    category: Category
    sum: Sum


def month_cells(programme: Programme, month: datetime.date) -> list[MonthCell]:
    """A month by administration and category; for those who see rows."""
    choice = Choice(month=month)
    seats = [one for one in reading.forecast(programme).seats if choice.takes(one.cell)]
    cells = cells_of(reading.counted(programme, choice), seats)
    districts = Organisation.objects.in_bulk({cell[1] for cell in cells})
    categories = programme.categories.in_bulk({cell[2] for cell in cells})
    found = [
        MonthCell(districts[district], categories[category], one)
        for (_month, district, category), one in cells.items()
        if district in districts and category in categories
    ]
    return sorted(found, key=lambda one: (one.district.name, one.category.pk))


@dataclass(frozen=True)
class OwnShare:
    """How a course and category have come, and what their coming occasions are expected with."""

    course: str
    category: str
    seats: int
    # In per cent; nothing when no seat has been held.
    observed: Decimal | None
    taken: Decimal
    own: bool


def own_shares(page: Page) -> list[OwnShare]:
    """The shares of every course and category with occasions held or to come.

    For those who see rows: behind a share there may be few persons.
    """
    shares = page.forecast.shares
    wanted = {
        *shares.by_kind,
        *(
            (one.occasion.group.course_id if one.occasion.group else None, one.cell[2])
            for one in page.forecast.seats
        ),
    }
    courses = dict(Course.objects.filter(programme=page.programme).values_list("pk", "name"))
    categories = dict(page.programme.categories.values_list("pk", "name"))
    found = []
    for kind in wanted:
        seen, taken = shares.by_kind.get(kind, Share()).capped(), shares.of(kind)
        found.append(
            OwnShare(
                courses.get(kind[0] or 0, "") or _("Open to everyone"),
                categories.get(kind[1], ""),
                seen.seats,
                terms.share_shown(seen.came, seen.invited) if seen.invited else None,
                terms.share_shown(taken.came, taken.invited) if taken.invited else Decimal(100),
                shares.own(kind) is not None,
            )
        )
    return sorted(found, key=lambda one: (one.course, one.category))


def explained(page: Page) -> list[str]:
    """How the forecast was worked out, in sentences."""
    unregistered = {one.occasion.pk for one in page.forecast.seats if one.unregistered}
    assumed = {one.occasion.pk for one in page.forecast.seats if one.assumed}
    occasions = {one.occasion.pk for one in page.forecast.seats}
    said = [
        _("Hours that are counted so far: %(hours)s.")
        % {"hours": figures.hours(page.whole.sum.minutes)},
        _("Occasions that are planned and have no hours yet: %(number)s.")
        % {"number": figures.plain(len(occasions))},
    ]
    if page.forecast.held:
        said.append(
            _(
                "At the occasions held so far, %(share)s of the time people were invited to was"
                " counted."
            )
            % {"share": figures.percent(page.share, 1)}
        )
        said.append(
            _(
                "Each course and category is expected to come as it has come so far. Where fewer"
                " than %(least)s seats have been held, the whole project's share is taken."
            )
            % {"least": figures.plain(page.forecast.shares.least)}
        )
    else:
        said.append(_("No occasion with hours has been held yet, so everyone is expected to come."))
    if assumed:
        said.append(
            _("At %(number)s of them nobody is invited yet: the group's planned size is taken.")
            % {"number": figures.plain(len(assumed))}
        )
    if unregistered:
        said.append(
            _("%(number)s of them have been held, but attendance is not registered yet.")
            % {"number": figures.plain(len(unregistered))}
        )
    said.append(_("Occasions that nobody has planned yet are not in the forecast."))
    return said
