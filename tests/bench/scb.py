"""The month's file to Statistics Sweden: 1 140 persons, and a hundred times as many."""

import datetime
import statistics
import tracemalloc

from django.db import connection, transaction
from django.utils import timezone

from audit.operations import operation
from people import identity
from people.demo import with_check_digit
from people.models import Identity, Person, User
from programme.hours.actions import recount
from programme.models import Month, Occasion, Programme
from programme.months import figures
from reports.scb import actions
from tests.bench.harness import Result, benchmark, seconds
from tests.bench.hours import lay
from tests.programme.builders import account

PERSONS, SCALE = 1140, 100
ROUNDS = 5
MARCH = datetime.date(2026, 3, 1)


def _statements(programme: Programme, month: Month, noter: User, checker: User) -> None:
    """Everybody attested and checked, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            figures.ROWS
            + "INSERT INTO programme_statement (public_id, month_id, person_id, minutes, digest,"
            " lines, attested_by_id, attested_at, channel, checked_by_id, checked_at)"
            " SELECT substr(md5('st' || person_id), 1, 12), %(month)s, person_id, minutes, digest,"
            " '[]', %(noter)s, now(), 'paper', %(checker)s, now() FROM rows",
            {
                **figures.parameters(programme.pk, MARCH),
                "month": month.pk,
                "noter": noter.pk,
                "checker": checker.pk,
            },
        )


def _numbers() -> None:
    """A sealed number for everybody; the world's own managers have those that end on 980."""
    day = datetime.date(1940, 1, 1)
    rows = []
    for place, pk in enumerate(
        Person.objects.filter(identity=None).order_by("pk").values_list("pk", flat=True)
    ):
        born = day + datetime.timedelta(days=place % 20_000)
        number = with_check_digit(f"{born:%Y%m%d}{981 + place // 20_000}")
        rows.append(
            Identity(
                person_id=pk,
                kind=Identity.Kind.PERSONNUMMER,
                ciphertext=identity.encrypt(pk, number),
                digest=identity.digest(number),
            )
        )
    Identity.objects.bulk_create(rows, batch_size=5000)


def _month(persons: int) -> tuple[Month, User]:
    programme = lay(persons, 1, MARCH)
    administrator = User.objects.get(email="administrator@example.org")
    occasions = list(Occasion.objects.filter(programme=programme).values_list("pk", flat=True))
    with transaction.atomic(), operation("bench"):
        checker = account("ekonom", "ekonom", programme.owner.parent or programme.owner)
        _numbers()
        recount(occasion_ids=occasions)
        month = Month.objects.get(programme=programme, first_day=MARCH)
        month.state, month.locked_at = Month.State.LOCKED, timezone.now()
        month.summary = {"persons": persons}
        month.save()
        _statements(programme, month, administrator, checker)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE programme_countedtime, programme_statement, people_identity, people_person"
        )
    return month, checker


def _seconds_a_file(month: Month, checker: User, rows: int, rounds: int) -> float:
    """Median seconds for checking, lines, both files and their row."""

    def make() -> None:
        with transaction.atomic():
            file = actions.make(month_id=month.pk, actor=checker)
            if file.rows != rows:
                raise RuntimeError(f"{file.rows} rows, not {rows}")
            # Each round makes the first version.
            transaction.set_rollback(True)

    make()
    return statistics.median([seconds(make) for _ in range(rounds)] or [0.0])


@benchmark(most=1)
def scb_month() -> Result:
    """Seconds for one month's file of 1 140 persons: checks, numbers, CSV and XLSX."""
    month, checker = _month(PERSONS)
    return Result(round(_seconds_a_file(month, checker, PERSONS, ROUNDS), 3), "s")


@benchmark(most_ratio=1.1)
def scb_month_at_scale() -> Result:
    """Seconds for a file a hundred times as large; against a hundred of the ordinary one."""
    with transaction.atomic():
        month, checker = _month(PERSONS)
        small = _seconds_a_file(month, checker, PERSONS, ROUNDS)
        # The large one begins from an empty month too.
        transaction.set_rollback(True)
    month, checker = _month(PERSONS * SCALE)
    large = _seconds_a_file(month, checker, PERSONS * SCALE, 1)
    return Result(
        round(large, 2),
        "s",
        round(large / (small * SCALE), 2),
        f"{SCALE} files of {PERSONS} persons ({small:.2f} s each)",
    )


@benchmark(most=2)
def scb_month_memory() -> Result:
    """Megabytes more that Python holds at its most when there are ten times as many persons."""
    peaks: list[float] = []
    for persons in (PERSONS, PERSONS * 10):
        with transaction.atomic():
            month, checker = _month(persons)
            # What is loaded at first need is no part of it.
            _seconds_a_file(month, checker, persons, 0)
            tracemalloc.start()
            _seconds_a_file(month, checker, persons, 0)
            peaks.append(tracemalloc.get_traced_memory()[1] / 1024**2)
            tracemalloc.stop()
            transaction.set_rollback(True)
    small, large = peaks
    return Result(
        round(large - small, 2), "MB", against=f"{small:.2f} MB for a file of {PERSONS} persons"
    )
