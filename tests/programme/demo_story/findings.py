"""How an auditor finds what is wrong: one query for each planted error (docs/demo.md).

Each returns what it found as (reference, …) rows; in a sound database all are empty.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

QUERIES: dict[str, str] = {
    "two places at once": """
        SELECT DISTINCT a.person_id FROM programme_segment a
          JOIN programme_segment b ON b.person_id = a.person_id AND b.occasion_id > a.occasion_id
         WHERE a.voided_at IS NULL AND b.voided_at IS NULL
           AND a.began_at < b.ended_at AND b.began_at < a.ended_at""",
    "two on one device": """
        SELECT occasion_id, device FROM programme_segment WHERE device <> '' AND voided_at IS NULL
         GROUP BY occasion_id, device HAVING count(DISTINCT person_id) > 1""",
    "an occasion on a Sunday": """
        SELECT public_id FROM programme_occasion
         WHERE extract(isodow FROM starts_at AT TIME ZONE 'Europe/Stockholm') = 7""",
    "a venue without a check or an exception": """
        SELECT b.public_id FROM programme_booking b
         WHERE b.cancelled_at IS NULL AND b.exception_reason = ''
           AND NOT EXISTS (SELECT FROM programme_venuecheck c WHERE c.venue_id = b.venue_id)""",
    "a start before the admission": """
        SELECT public_id FROM programme_participation WHERE started_on < admitted_on""",
    "a completed course with too little attended": """
        SELECT p.public_id FROM programme_participation p
          JOIN programme_completionrule r ON r.course_id = p.course_id
         WHERE p.state = 'completed' AND r.least_units > (
               SELECT count(DISTINCT o.unit_id) FROM programme_countedtime c
                 JOIN programme_occasion o ON o.id = c.occasion_id
                WHERE c.current AND c.minutes > 0 AND c.participation_id = p.id)""",
    "checked by who registered": """
        SELECT DISTINCT s.public_id FROM programme_statement s
          JOIN programme_month m ON m.id = s.month_id
          JOIN programme_occasion o
            ON date_trunc('month', o.starts_at AT TIME ZONE 'Europe/Stockholm')::date = m.first_day
          JOIN programme_attendance a ON a.occasion_id = o.id AND a.person_id = s.person_id
         WHERE s.replaced_at IS NULL AND a.marked_by_id = s.checked_by_id""",
    "hours changed after they were attested": """
        SELECT s.public_id FROM programme_statement s JOIN programme_month m ON m.id = s.month_id
         WHERE s.replaced_at IS NULL AND m.state = 'locked' AND s.minutes <> (
               SELECT coalesce(sum(c.minutes), 0) FROM programme_countedtime c
                WHERE c.current AND c.person_id = s.person_id
                  AND date_trunc('month', c.day)::date = m.first_day)
           AND NOT EXISTS (SELECT FROM programme_correction k
                WHERE k.month_id = m.id AND k.person_id = s.person_id AND k.state = 'approved')""",
    "a receipt that does not add up": """
        SELECT public_id FROM reports_scbfile
         WHERE received_rows IS NOT NULL
           AND (received_rows <> rows OR received_hundredths <> hours_hundredths)""",
}


def finder(name: str) -> Callable[[], list[tuple[Any, ...]]]:
    """What finds that error."""

    def find() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(QUERIES[name])
            return list(cursor.fetchall())

    return find
