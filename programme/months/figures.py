"""Hours and kronor of each person and month, with where the statement stands; one query.

Every figure of every page comes from here, so what is shown of a month is the
sum of what is shown of its persons, to the öre.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from programme.months.rules import Standing, next_month

ZERO = Decimal(0)
ROWS = """
WITH hours AS (
    SELECT c.person_id, date_trunc('month', c.day)::date AS month,
           sum(c.minutes) AS minutes, count(*) AS occasions,
           sum(CASE WHEN p.publicly_employed
               THEN coalesce(round(c.minutes * r.amount / 60, 2), 0) ELSE 0 END) AS kronor,
           encode(sha256(convert_to(string_agg(
               c.occasion_id || ':' || to_char(c.day, 'YYYY-MM-DD') || ':' || c.minutes,
               ';' ORDER BY c.day, c.occasion_id), 'UTF8')), 'hex') AS digest
      FROM programme_countedtime c
      JOIN programme_occasion o ON o.id = c.occasion_id AND o.programme_id = %(programme)s
      JOIN people_person p ON p.id = c.person_id
      LEFT JOIN LATERAL (
          SELECT amount FROM programme_rate
           WHERE programme_id = %(programme)s AND kind = 'participant' AND valid_from <= c.day
           ORDER BY valid_from DESC LIMIT 1) r ON true
     WHERE c.current AND c.minutes > 0 AND c.day >= %(first)s AND c.day < %(after)s
       AND (%(person)s::bigint IS NULL OR c.person_id = %(person)s)
     GROUP BY 1, 2
), statements AS (
    SELECT s.*, m.first_day FROM programme_statement s JOIN programme_month m ON m.id = s.month_id
     WHERE s.replaced_at IS NULL AND m.programme_id = %(programme)s
       AND m.first_day >= %(first)s AND m.first_day < %(after)s
       AND (%(person)s::bigint IS NULL OR s.person_id = %(person)s)
), rows AS (
    SELECT coalesce(h.person_id, s.person_id) AS person_id,
           coalesce(h.month, s.first_day) AS month,
           coalesce(h.minutes, 0) AS minutes, coalesce(h.occasions, 0) AS occasions,
           coalesce(h.kronor, 0) AS kronor, coalesce(h.digest, '') AS digest,
           s.id AS statement_id, s.minutes AS stated_minutes, s.attested_at, s.checked_at,
           CASE WHEN h.person_id IS NULL THEN 'gone' WHEN s.id IS NULL THEN 'waiting'
                WHEN s.digest <> h.digest THEN 'changed'
                WHEN s.checked_at IS NULL THEN 'attested' ELSE 'checked' END AS standing
      FROM hours h FULL JOIN statements s ON s.person_id = h.person_id AND s.first_day = h.month
), reached AS (
    SELECT r.*, CASE WHEN p.protected THEN '' ELSE p.last_name END AS sort1,
           CASE WHEN p.protected THEN '' ELSE p.first_name END AS sort2
      FROM rows r JOIN people_person p ON p.id = r.person_id
      JOIN people_organisation u ON u.id = p.unit_id
     WHERE %(reach)s::bigint[] IS NULL OR u.lineage && %(reach)s::bigint[]
)
"""
_PERSONS = (
    ROWS
    + """
SELECT person_id, month, minutes, occasions, kronor, digest, statement_id, stated_minutes,
       attested_at, checked_at, standing
  FROM reached ORDER BY month, sort1, sort2, person_id
"""
)
_MONTHS = (
    ROWS
    + """
SELECT month, count(*) FILTER (WHERE minutes > 0), sum(minutes), sum(kronor),
       count(*) FILTER (WHERE standing IN ('attested', 'checked')),
       count(*) FILTER (WHERE standing = 'checked'),
       count(*) FILTER (WHERE standing IN ('waiting', 'changed', 'attested'))
  FROM reached GROUP BY month ORDER BY month
"""
)


@dataclass(frozen=True)
class PersonMonth:
    """One person's month."""

    person_id: int
    month: datetime.date
    minutes: int
    occasions: int
    kronor: Decimal
    digest: str
    statement_id: int | None
    stated_minutes: int | None
    attested_at: datetime.datetime | None
    checked_at: datetime.datetime | None
    standing: Standing


@dataclass(frozen=True)
class MonthSum:
    """One month of all persons within reach."""

    month: datetime.date
    persons: int = 0
    minutes: int = 0
    kronor: Decimal = Decimal(0)
    attested: int = 0
    checked: int = 0
    left: int = 0


def persons_of(
    programme_id: int,
    first: datetime.date,
    last: datetime.date | None = None,
    *,
    reach: Sequence[int] | None = None,
    person_id: int | None = None,
) -> list[PersonMonth]:
    """Each person with hours or a statement in the months, by name.

    :param first: the first day of the first month; `last` of the last, the same when not given.
    :param reach: organisations that the persons must work in or below; none means everyone.
    """
    return [
        PersonMonth(*(*row[:-1], Standing(row[-1])))
        for row in _ask(
            _PERSONS, parameters(programme_id, first, last, reach=reach, person_id=person_id)
        )
    ]


def months_of(
    programme_id: int,
    first: datetime.date,
    last: datetime.date,
    *,
    reach: Sequence[int] | None = None,
) -> dict[datetime.date, MonthSum]:
    """The sum of each month that has anything."""
    rows = _ask(_MONTHS, parameters(programme_id, first, last, reach=reach))
    return {row[0]: MonthSum(*row) for row in rows}


def parameters(
    programme_id: int,
    first: datetime.date,
    last: datetime.date | None = None,
    *,
    reach: Sequence[int] | None = None,
    person_id: int | None = None,
) -> dict[str, Any]:
    """What `ROWS` asks for."""
    return {
        "programme": programme_id,
        "first": first,
        "after": next_month(last or first),
        "reach": None if reach is None else list(reach),
        "person": person_id,
    }


def _ask(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
