"""Months that are over: attested by the participants, checked by the economist, then locked."""

import datetime
import hashlib
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby, islice

from people.models import User
from programme.demo_story.cast import PARTICIPANT
from programme.demo_story.dating import at
from programme.demo_story.ids import Ids
from programme.models import CountedTime, Month, Programme, Statement
from programme.months import figures, rules
from programme.months.rules import Standing

# Days after the end of the month; Statistics Sweden wants it within 28.
ATTESTED_FROM, CHECKED_ON, LOCKED_ON = 1, 14, 20
CHUNK = 2000


def close_months(
    programme: Programme, today: datetime.date, *, checker: User, noter: User
) -> list[Month]:
    """Every month before the day's own, as far as it has come by then.

    :param checker: checks and locks; has registered nobody's attendance.
    :param noter: notes what was attested on paper.
    """
    ids, draw = Ids("months"), random.Random("kompetensportalen/months")
    over = [
        month
        for month in rules.months_between(programme.starts_on, today)
        if rules.last_day(month) < today
    ]
    Month.objects.bulk_create(
        [
            Month(public_id=ids.new(), programme=programme, first_day=month)
            for month in [*over, today.replace(day=1)]
        ],
        ignore_conflicts=True,
    )
    rows = {row.first_day: row for row in Month.objects.filter(programme=programme)}
    for month in over:
        statements = _statements(rows[month], today, checker, noter, ids, draw)
        while some := list(islice(statements, CHUNK)):
            Statement.objects.bulk_create(some)
        if rules.last_day(month) + datetime.timedelta(days=LOCKED_ON) < today:
            _lock(rows[month], checker)
    return [rows[month] for month in over]


def _statements(
    row: Month,
    today: datetime.date,
    checker: User,
    noter: User,
    ids: Ids,
    draw: random.Random,
) -> Iterator[Statement]:
    end = rules.last_day(row.first_day)
    checked_on = end + datetime.timedelta(days=CHECKED_ON)
    is_locked = end + datetime.timedelta(days=LOCKED_ON) < today
    for lines in _lines(row):
        attested_on = end + datetime.timedelta(days=ATTESTED_FROM + draw.randrange(9))
        on_paper = draw.random() < 0.07
        person = lines[0].person
        # Whoever visitors sign in as attests for themselves, as long as that can be done.
        if attested_on >= today or (person.email.startswith(PARTICIPANT) and not is_locked):
            continue
        is_checked = checked_on < today
        yield Statement(
            public_id=ids.new(),
            month=row,
            person=person,
            minutes=sum(line.minutes for line in lines),
            digest=rules.digest_of(
                rules.Line(line.occasion_id, line.day, line.minutes) for line in lines
            ),
            lines=[
                {
                    "occasion": line.occasion_id,
                    "day": line.day.isoformat(),
                    "minutes": line.minutes,
                    "counted": line.public_id,
                }
                for line in lines
            ],
            attested_by=noter if on_paper else person.user,
            attested_at=at(attested_on, 480 + draw.randrange(480)),
            channel=Statement.Channel.PAPER if on_paper else Statement.Channel.WEB,
            checked_by=checker if is_checked else None,
            checked_at=at(checked_on, 600) if is_checked else None,
        )


def _lines(row: Month) -> Iterator[list[CountedTime]]:
    """The counted times of each person's month, in the order of the persons; never all at once."""
    counted = CountedTime.objects.filter(
        occasion__programme=row.programme_id,
        current=True,
        minutes__gt=0,
        day__gte=row.first_day,
        day__lte=rules.last_day(row.first_day),
    ).select_related("person__user")
    ordered = counted.defer("explanation").order_by("person_id", "day", "occasion")
    for _person, lines in groupby(ordered.iterator(CHUNK), key=lambda line: line.person_id):
        yield list(lines)


def _lock(row: Month, checker: User) -> None:
    """Lock as `months.locking` does, on the story's day; a test holds them together."""
    persons = figures.persons_of(row.programme_id, row.first_day)
    kept = [one for one in persons if one.standing == Standing.CHECKED]
    text = ";".join(f"{one.person_id}:{one.digest}" for one in kept)
    row.state = Month.State.LOCKED
    row.locked_by = checker
    row.locked_at = at(rules.last_day(row.first_day) + datetime.timedelta(days=LOCKED_ON), 660)
    row.summary = {
        "persons": len(kept),
        "minutes": sum(one.minutes for one in kept),
        "kronor": str(sum((one.kronor for one in kept), start=Decimal(0))),
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "left_out": [],
        "left_out_reason": "",
    }
    row.save(update_fields=["state", "locked_by", "locked_at", "summary"])
