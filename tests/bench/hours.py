"""Counting everybody's hours anew: 1 140 persons over eighteen months."""

import datetime
import statistics
from typing import Any

from django.db import connection, transaction

from audit.operations import operation
from people.models import Organisation
from programme.hours.actions import recount
from programme.models import CountedTime, HourRules, Occasion, Programme
from tests.bench.harness import Result, benchmark, seconds
from tests.programme.builders import build_world

PERSONS, MONTHS, GROUP = 1140, 18, 20
ROUNDS = 3
MOST_QUERIES = 20


def lay(persons: int, months: int, first: datetime.date) -> Programme:
    """Groups of twenty with one occasion a month; one in ten was away in the middle."""
    with transaction.atomic(), operation("bench"):
        world = build_world(staff=0)
        lay_rows(world.programme, world.unit, world.farsta, persons, months, first)
    return world.programme


def lay_rows(
    programme: Programme,
    unit: Organisation,
    district: Organisation,
    persons: int,
    months: int,
    first: datetime.date,
) -> None:
    """The same, inside the caller's operation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (public_id, first_name, last_name, email, unit_id, job_role,"
            " is_manager, sex, publicly_employed, protected, temporary)"
            " SELECT 'b' || lpad(n::text, 9, '0'), 'Bo', 'Bengtsson' || n, '', %s, '', false,"
            " 'woman', true, false, false FROM generate_series(1, %s) n",
            [unit.pk, persons],
        )
        cursor.execute(
            "INSERT INTO programme_occasion (public_id, programme_id, kind, title, starts_at,"
            " ends_at, breaks, district_id, online, join_address, deviation_reason, state,"
            " cancel_reason, sequence, check_in_secret)"
            " SELECT 'b' || m || '-' || g, %s, 'training', 'Tillfälle', t.at,"
            " t.at + interval '5 hours', '[[150, 190]]', %s, false, '', '', 'planned', '', 0, 'x'"
            " FROM generate_series(0, %s) m, generate_series(0, %s) g,"
            " LATERAL (SELECT (%s::date + make_interval(months => m, days => g %% 20)"
            " + interval '9 hours') AT TIME ZONE 'Europe/Stockholm' AS at) t",
            [programme.pk, district.pk, months - 1, (persons - 1) // GROUP, first],
        )
        seats = (
            " FROM programme_occasion o JOIN people_person p ON p.public_id LIKE 'b0%%'"
            " AND (substr(p.public_id, 2)::int - 1) / %s = split_part(o.public_id, '-', 2)::int"
            " WHERE o.public_id LIKE 'b%%-%%'"
        )
        cursor.execute(
            "INSERT INTO programme_attendance (public_id, occasion_id, person_id, mark, note,"
            " marked_at) SELECT substr(md5(o.id || 'a' || p.id), 1, 12), o.id, p.id, 'present', '',"
            " now()" + seats,
            [GROUP],
        )
        cursor.execute(
            "INSERT INTO programme_segment (public_id, occasion_id, person_id, began_at, ended_at,"
            " source, device, recorded_at, void_reason)"
            " SELECT substr(md5(o.id || 's' || k || p.id), 1, 12), o.id, p.id,"
            " o.starts_at + make_interval(mins => 125 * k), o.starts_at + make_interval(mins =>"
            " CASE WHEN k = 0 AND p.id %% 10 > 0 THEN 125 ELSE 100 + 200 * k END),"
            " 'list', '', now(), '' FROM generate_series(0, 1) k,"
            + seats.removeprefix(" FROM").replace("JOIN", "JOIN", 1),
            [GROUP],
        )
        cursor.execute(
            "ANALYZE people_person, programme_occasion, programme_attendance, programme_segment"
        )


@benchmark(most=3)
def hours_recalculate() -> Result:
    """Seconds to count everybody after a change of rules; against counting what is unchanged."""
    programme = lay(PERSONS, MONTHS, datetime.date(2026, 1, 1))
    occasions = list(Occasion.objects.filter(programme=programme).values_list("pk", flat=True))

    def count() -> int:
        with transaction.atomic(), operation("bench"):
            return recount(occasion_ids=occasions)

    if count() != PERSONS * MONTHS:
        raise RuntimeError("not everybody was counted")
    times = []
    for late in range(1, ROUNDS + 1):
        with transaction.atomic(), operation("bench"):
            HourRules.objects.filter(programme=programme).update(late_minutes_forgiven=late)
        times.append(seconds(count))
    written = CountedTime.objects.count()
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        unchanged = seconds(count)
    if CountedTime.objects.count() != written or len(asked) > MOST_QUERIES:
        raise RuntimeError(f"an unchanged recount wrote or asked too much: {len(asked)} queries")
    value = statistics.median(times)
    return Result(
        round(value, 2),
        "s",
        round(value / unchanged, 2),
        f"the same recount of unchanged data, {len(asked)} queries and nothing written",
    )
