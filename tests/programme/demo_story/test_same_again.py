"""The same command and the same day give the same demo."""

import datetime
import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from programme.models import Group, Occasion, Participation

TODAY = datetime.date(2026, 5, 20)
# What is compared: everything but keys, random ids and moments of writing.
DIGESTED = {
    "people_person": "first_name, last_name, email, job_role, sex",
    "programme_participation": "public_id, state, admitted_on, started_on, ended_on, end_reason",
    "programme_group": "public_id, name, state",
    "programme_occasion": "public_id, check_in_secret, title, starts_at, ends_at, state, online",
    "programme_invitation": "public_id, join_token, invited_at, withdrawn_at",
    "programme_attendance": "public_id, mark, marked_at, note",
    "programme_segment": "public_id, began_at, ended_at, source, device, recorded_at",
    "programme_reportrow": "public_id, number, shown_name, how",
    "programme_booking": "public_id, period, exception_reason",
    "programme_statement": "public_id, minutes, attested_at, checked_at",
}


TRAINING = "WHERE occasion_id IN (SELECT id FROM programme_occasion WHERE kind = 'training')"
# Participations of the nominations come from an action, with a random id, and so do the
# occasions that people register for.
ONLY = {
    "programme_participation": "WHERE place_id IS NULL",
    "programme_occasion": "WHERE kind = 'training'",
    "programme_invitation": TRAINING,
    "programme_attendance": TRAINING,
    "programme_segment": TRAINING,
}


def digest(table: str) -> str:
    """Of the story's rows of the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT string_agg(line, ';' ORDER BY line COLLATE \"C\") FROM (SELECT"
            f" concat_ws('|', {DIGESTED[table]}) AS line FROM {table} {ONLY.get(table, '')}) rows"
        )
        return hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()


def told(today: datetime.date, scale: float = 0.1) -> dict[str, str]:
    """The digest of each table of a story that is taken back at once."""
    with transaction.atomic():
        call_command("demo", scale=scale, today=today, verbosity=0, stdout=StringIO())
        found = {table: digest(table) for table in DIGESTED}
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_day_gives_the_same_story_and_a_later_one_another() -> None:
    first = told(TODAY)
    assert told(TODAY) == first
    later = told(TODAY + datetime.timedelta(days=40))
    assert later["programme_segment"] != first["programme_segment"]
    assert later["people_person"] == first["people_person"]


@pytest.mark.django_db
def test_without_a_story_there_are_people_and_nominations_only() -> None:
    call_command("demo", scale=0, verbosity=0, stdout=StringIO())
    assert not Group.objects.exists()
    assert not Occasion.objects.filter(kind=Occasion.Kind.TRAINING).exists()
    assert not Participation.objects.filter(place=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("today", ["2025-12-30", "2026-01-21", "2026-07-15", "2027-07-31"])
def test_any_day_can_be_told(today: str) -> None:
    day = datetime.date.fromisoformat(today)
    call_command("demo", scale=0.1, today=day, verbosity=0, stdout=StringIO())
    states = set(Group.objects.values_list("state", flat=True))
    assert states == {"planned"} if day < datetime.date(2026, 1, 20) else states
    assert ("finished" in states) == (day > datetime.date(2026, 4, 14))


@pytest.mark.django_db
def test_a_negative_scale_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("demo", scale=-1, verbosity=0, stdout=StringIO())
