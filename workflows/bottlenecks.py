"""Where cases wait: how many and how long, by step and district, added up in the database."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workdays import is_working_day
from people.access import Held, held_by
from people.models import Capability, User
from workflows import kinds
from workflows.queries import Counter

PERIODS = (30, 90, 180, 365)
# Cases older than this count as opened then: nobody waits for years without being seen.
CALENDAR_DAYS = 1100
# Who sees where cases wait: those who look after cases, and heads, each below their own place.
SEES = (Capability.SEE_CASES, Capability.PLACE, Capability.MANAGE_PROGRAMME)


@dataclass(frozen=True)
class Figures:
    """One step, in one district or in all of them."""

    name: str
    waiting: int = 0
    late: int = 0
    decided: int = 0
    # Working days from the day the step began to wait until it was decided.
    median: float | None = None
    slowest: float | None = None
    # For the picture, in hundredths of its width.
    median_x: float = 0
    slowest_x: float = 0


@dataclass
class StepFigures:
    """A step of a workflow: all districts together, and each."""

    kind: str
    step: str
    total: Figures
    districts: list[Figures] = field(default_factory=list)
    # How many working days the step is meant to take, when its versions agree.
    scale: int = 0


@dataclass(frozen=True)
class Page:
    """The page's figures."""

    steps: Sequence[StepFigures]
    kinds: Sequence[Counter]
    longest: int
    waiting: int
    late: int
    worst: StepFigures | None


def places(held: Held) -> list[int]:
    """The organisations below which the person sees where cases wait."""
    return sorted({pk for capability in SEES for pk in held.organisation_ids(capability)})


def page(user: User, *, kind: str, days: int) -> Page:
    """The figures that the person may see, in two queries whatever the number of cases."""
    today = timezone.localdate()
    where = places(held_by(user))
    rows = _rows(where, kind, today, today - datetime.timedelta(days=days))
    found: dict[tuple[str, str], StepFigures] = {}
    longest = max((row["slowest"] or 0 for row in rows), default=0) or 1
    for row in rows:
        key = (row["kind"], row["step"])
        figures = _figures(row, float(longest))
        if row["all_districts"]:
            found[key] = StepFigures(row["kind"], row["step"], figures)
    for row in rows:
        if not row["all_districts"]:
            found[row["kind"], row["step"]].districts.append(_figures(row, float(longest)))
    steps = sorted(found.values(), key=lambda s: (-s.total.late, -(s.total.median or 0), s.step))
    names = {each.key: str(each.name) for each in kinds.all_kinds()}
    for each in steps:
        each.kind = names.get(each.kind, each.kind)
    return Page(
        steps,
        _kinds(where, names),
        int(longest),
        sum(step.total.waiting for step in steps),
        sum(step.total.late for step in steps),
        next((step for step in steps if step.total.late), None),
    )


def _figures(row: dict[str, Any], longest: float) -> Figures:
    median, slowest = row["median"], row["slowest"]
    return Figures(
        row["district"] or (_("All") if row["all_districts"] else _("The whole city")),
        row["waiting"],
        row["late"],
        row["decided"],
        median,
        slowest,
        _wide(median, longest),
        _wide(slowest, longest),
    )


def _wide(days: float | None, longest: float) -> float:
    """The bar's length; the same day is a sliver, so that it can be seen."""
    return max(1.0, round(100 * (days or 0) / longest, 1))


def _kinds(where: Collection[int], names: dict[str, str]) -> list[Counter]:
    """The kinds of case there are, with how many wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.kind, count(*) FILTER (WHERE c.state = 'waiting') FROM workflows_case c
               JOIN people_organisation o ON o.id = c.organisation_id
               WHERE o.lineage && %s::bigint[] GROUP BY c.kind""",
            [list(where)],
        )
        counted: dict[str, int] = defaultdict(int, cursor.fetchall())
    return [Counter(key, name, counted[key]) for key, name in names.items() if key in counted]


def _rows(
    where: Collection[int], kind: str, today: datetime.date, since: datetime.date
) -> list[dict[str, Any]]:
    first = today - datetime.timedelta(days=CALENDAR_DAYS)
    days = [first + datetime.timedelta(days=n) for n in range(CALENDAR_DAYS + 1)]
    # The working days up to each day: the difference of two is what core.workdays counts.
    passed, numbers = 0, []
    for day in days:
        passed += is_working_day(day)
        numbers.append(passed)
    zone = timezone.get_current_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "days": days,
                "numbers": numbers,
                "first": first,
                "today": today,
                "since": since,
                "zone": zone,
                "where": list(where),
                "kind": kind,
            },
        )
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


# Decided means that there is a decision: what was withdrawn or lapsed has no such time.
_SQL = """
    WITH calendar AS (
      SELECT * FROM unnest(%(days)s::date[], %(numbers)s::int[]) AS c(day, n)
    ), item AS (
      SELECT c.kind, w.step_name AS step, d.short_name AS district,
        (w.closed_at IS NULL AND c.state = 'waiting')::int AS waits,
        (w.closed_at IS NULL AND c.state = 'waiting' AND w.due_on < %(today)s)::int AS is_late,
        CASE WHEN w.closed_at IS NOT NULL THEN decided.n - opened.n END AS took
      FROM workflows_workitem w
      JOIN workflows_case c ON c.id = w.case_id
      JOIN people_organisation o ON o.id = c.organisation_id
      LEFT JOIN people_organisation d
        ON d.id = ANY(o.lineage) AND d.kind IN ('district', 'city_wide')
      JOIN calendar opened
        ON opened.day = GREATEST((w.opened_at AT TIME ZONE %(zone)s)::date, %(first)s)
      LEFT JOIN calendar decided
        ON decided.day = GREATEST((w.closed_at AT TIME ZONE %(zone)s)::date, %(first)s)
      WHERE o.lineage && %(where)s::bigint[] AND %(kind)s IN ('', c.kind)
        AND ((w.closed_at IS NULL AND c.state = 'waiting')
          OR ((w.closed_at AT TIME ZONE %(zone)s)::date >= %(since)s AND EXISTS (
            SELECT 1 FROM workflows_decision x WHERE x.case_id = w.case_id
              AND x.round = w.round AND x.step_key = w.step_key)))
    )
    SELECT kind, step, district, GROUPING(district) = 1 AS all_districts,
      sum(waits)::int AS waiting, sum(is_late)::int AS late, count(took)::int AS decided,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS median,
      percentile_cont(0.9) WITHIN GROUP (ORDER BY took) AS slowest
    FROM item
    GROUP BY GROUPING SETS ((kind, step), (kind, step, district))
    ORDER BY kind, step, all_districts DESC, late DESC, median DESC NULLS LAST, district
"""
