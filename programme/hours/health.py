"""Counted time that stands, or has stood back, past the counting; for the configuration check."""

import datetime
from collections.abc import Iterator

from django.db import connection
from django.urls import reverse
from django.utils.translation import ngettext

from core.health import Finding

# Of an occasion and a person the newest row stands, and no other can: of a person who was
# merged into another none does. History does not repeat what follows from that.
_ASTRAY = """
    SELECT count(*)
      FROM (SELECT DISTINCT ON (occasion_id, person_id) person_id, current
              FROM programme_countedtime
             ORDER BY occasion_id, person_id, id DESC) newest
      JOIN people_person p ON p.id = newest.person_id
     WHERE newest.current <> (p.merged_into_id IS NULL)
"""


def check(on: datetime.date) -> Iterator[Finding]:
    """Occasions and persons whose standing minutes are not the ones counted last."""
    with connection.cursor() as cursor:
        cursor.execute(_ASTRAY)
        (astray,) = cursor.fetchone()
    if astray:
        yield Finding(
            ngettext(
                "%(n)d counted time was put in or out of force past the counting, so hours may be"
                " wrong. Ask technical staff to compare it with the events.",
                "%(n)d counted times were put in or out of force past the counting, so hours may"
                " be wrong. Ask technical staff to compare them with the events.",
                astray,
            )
            % {"n": astray},
            link=reverse("months:list"),
        )
