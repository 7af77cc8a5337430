"""The lines of a month's file, computed and kept in the database: persons, dates and hours.

Neither numbers nor names are among them; numbers come from the vault, and only
while bytes are made.
"""

import datetime
import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from programme.hours import reading
from programme.models import Programme
from programme.months import figures, rules

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
           '[]'::jsonb)::text,
       count(*), coalesce(sum(minutes), 0), coalesce(sum(hundredths), 0) FROM lines
"""


def parameters(programme: Programme, month: datetime.date) -> dict[str, Any]:
    """What the query asks for: the month, and how its hours are rounded."""
    rule_set = reading.rule_book().on(programme.pk, rules.last_day(month))
    return {
        **figures.parameters(programme.pk, month),
        "how": rule_set.month_rounding,
        "to": rule_set.month_rounding_minutes,
    }


def computed(programme: Programme, month: datetime.date) -> tuple[str, int, int, int]:
    """The lines as JSON text as they are now, with rows, minutes and hundredths of hours."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES + _AS_JSON, parameters(programme, month))
        text, rows, minutes, hundredths = cursor.fetchone()
    return text, rows, int(minutes), int(hundredths)


def as_dict(text: str) -> dict[int, dict[str, Any]]:
    """Lines by person, for comparing two versions."""
    return {line["person"]: line for line in json.loads(text)}


_STORED = """
SELECT l.person, l.starts, l.ends, l.hundredths, i.ciphertext, p.protected, p.sex
  FROM jsonb_to_recordset(%s::jsonb)
       AS l(person bigint, starts text, ends text, hundredths int)
  JOIN people_person p ON p.id = l.person
  JOIN people_identity i ON i.person_id = l.person
 ORDER BY l.person
"""
# One person's line with what the number is made from.
Sealed = tuple[int, str, str, int, bytes, bool, str]


def sealed(text: str) -> Iterator[Sealed]:
    """The lines with the sealed numbers, in order, a thousand at a time from the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_STORED, [text])
        while rows := cursor.fetchmany(1000):
            yield from rows
