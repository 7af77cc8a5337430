"""The lines of a month's file, computed and kept in the database: persons, dates and hours.

Neither numbers nor names are among them; numbers come from the vault, and only
while bytes are made.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from programme.hours import reading
from programme.models import Month, Programme
from programme.months import figures, rules
from reports.models import ScbFile

_LINES = (
    figures.ROWS
    + """
, firsts AS (
    SELECT c.person_id, min(c.day) AS day
      FROM programme_countedtime c
      JOIN programme_occasion o ON o.id = c.occasion_id AND o.programme_id = %(programme)s
     WHERE c.current AND c.minutes > 0 AND c.day < %(after)s
     GROUP BY c.person_id
), ends AS (
    SELECT t.person_id, max(t.ended_on) AS day
      FROM programme_participation t
      JOIN programme_course u ON u.id = t.course_id AND u.programme_id = %(programme)s
     GROUP BY t.person_id
    HAVING bool_and(t.ended_on IS NOT NULL)
       AND max(t.ended_on) >= %(first)s AND max(t.ended_on) < %(after)s
), lines AS (
    SELECT f.person_id, coalesce(r.minutes, 0)::int AS minutes,
           ((CASE %(how)s WHEN 'down' THEN coalesce(r.minutes, 0)::int / %(to)s * %(to)s
             WHEN 'nearest' THEN (2 * coalesce(r.minutes, 0)::int + %(to)s) / (2 * %(to)s) * %(to)s
             ELSE coalesce(r.minutes, 0)::int END) * 200 + 60) / 120 AS hundredths,
           CASE WHEN f.day >= %(first)s THEN to_char(f.day, 'YYYY-MM-DD') ELSE '' END AS starts,
           coalesce(to_char(e.day, 'YYYY-MM-DD'), '') AS ends
      FROM firsts f
      JOIN people_person p ON p.id = f.person_id AND p.publicly_employed
      LEFT JOIN rows r ON r.person_id = f.person_id AND r.standing = 'checked'
      LEFT JOIN ends e ON e.person_id = f.person_id
     WHERE EXISTS (SELECT FROM people_identity i WHERE i.person_id = p.id)
       AND (r.person_id IS NOT NULL OR (e.day IS NOT NULL AND f.day < %(first)s))
)
"""
)
_AS_JSON = """
SELECT coalesce(jsonb_agg(jsonb_build_object('person', person_id, 'minutes', minutes,
           'hundredths', hundredths, 'starts', starts, 'ends', ends) ORDER BY person_id),
           '[]'::jsonb) AS lines,
       count(*) AS rows, coalesce(sum(minutes), 0) AS minutes,
       coalesce(sum(hundredths), 0) AS hundredths FROM lines
"""
# What is computed stays in the server until the file is kept, however many persons there are.
_HOLD = "CREATE TEMPORARY TABLE scb_lines_now ON COMMIT DROP AS " + _LINES + _AS_JSON
_HELD = """
SELECT encode(sha256(convert_to(lines::text, 'UTF8')), 'hex'), rows, minutes, hundredths
  FROM scb_lines_now
"""
_HELD_LINES = "SELECT lines FROM scb_lines_now"
_LEFT = (
    figures.ROWS
    + """
SELECT count(*) FILTER (WHERE r.standing = ANY(%(unfinished)s)
                          AND r.person_id <> ALL(%(left_out)s::bigint[])),
       count(*) FILTER (WHERE r.standing = 'checked' AND (p.publicly_employed OR p.temporary)
                          AND NOT EXISTS (
                            SELECT FROM people_identity i WHERE i.person_id = p.id))
  FROM rows r JOIN people_person p ON p.id = r.person_id
"""
)


@dataclass(frozen=True)
class Held:
    """The month's lines as they are now, held by the server until the transaction ends."""

    # SHA-256 of the lines as text.
    digest: str
    rows: int
    minutes: int
    # Reported hours, in hundredths.
    hundredths: int

    @property
    def stored(self) -> RawSQL:
        """The lines as a value to write to a column, without a way through here."""
        return RawSQL(f"({_HELD_LINES})", [])


def parameters(programme: Programme, month: datetime.date) -> dict[str, Any]:
    """What the query asks for: the month, and how its hours are rounded."""
    rule_set = reading.rule_book().on(programme.pk, rules.last_day(month))
    return {
        **figures.parameters(programme.pk, month),
        "how": rule_set.month_rounding,
        "to": rule_set.month_rounding_minutes,
    }


def left(month: Month) -> tuple[int, int]:
    """How many changed after the lock and are not checked again, and how many lack a number."""
    values = {
        **figures.parameters(month.programme_id, month.first_day),
        "unfinished": [str(standing) for standing in rules.UNFINISHED],
        "left_out": [row["person"] for row in month.summary.get("left_out", [])],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, values)
        unfinished, missing = cursor.fetchone()
    return unfinished, missing


def hold(programme: Programme, month: datetime.date) -> Held:
    """Compute the lines as they are now; only inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.scb_lines_now")
        cursor.execute(_HOLD, parameters(programme, month))
        cursor.execute(_HELD)
        digest, rows, minutes, hundredths = cursor.fetchone()
    return Held(digest, rows, int(minutes), int(hundredths))


def computed(programme: Programme, month: datetime.date) -> list[dict[str, Any]]:
    """The lines as they are now, for being shown."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES + _AS_JSON, parameters(programme, month))
        found: list[dict[str, Any]] = json.loads(cursor.fetchone()[0])
    return found


_SEALED = """
SELECT l.person, l.starts, l.ends, l.hundredths, i.ciphertext, p.protected, p.sex
  FROM ({lines}) AS kept, jsonb_to_recordset(kept.lines)
       AS l(person bigint, starts text, ends text, hundredths int)
  JOIN people_person p ON p.id = l.person
  JOIN people_identity i ON i.person_id = l.person
 ORDER BY l.person
"""
# One person's line with what the number is made from.
Sealed = tuple[int, str, str, int, bytes, bool, str]


def sealed_now() -> Iterator[Sealed]:
    """The held lines with the sealed numbers; see :func:`hold`."""
    return _sealed(_HELD_LINES, [])


def sealed_of(file: ScbFile) -> Iterator[Sealed]:
    """The file's stored lines with the sealed numbers."""
    return _sealed("SELECT lines FROM reports_scbfile WHERE id = %s", [file.pk])


def _sealed(lines: str, values: list[int]) -> Iterator[Sealed]:
    """In order, a thousand at a time from the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SEALED.format(lines=lines), values)
        while rows := cursor.fetchmany(1000):
            yield from rows
