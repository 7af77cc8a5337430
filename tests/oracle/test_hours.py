"""The engine and the oracle agree to the minute, whatever the day was like."""

import dataclasses
import datetime
import random
from collections import defaultdict
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.operations import operation
from people.models import Person
from programme.hours import actions, rules
from programme.hours.rules import Presence, Rules
from programme.models import Attendance, CountedTime, HourRules, Occasion, Segment
from tests.oracle import oracle
from tests.oracle.cases import STOCKHOLM, day_from, presence_from
from tests.programme.builders import World, build_world

Day = list[tuple[Rules, Presence]]


def engine(day: Day) -> dict[int, tuple[int, int]]:
    """What the portal counts: counted and planned minutes by occasion."""
    return {
        one.presence.occasion: (one.minutes, one.planned_minutes) for one in rules.count_day(day)
    }


@pytest.mark.parametrize("seed", range(10))
def test_days_in_whole_minutes_agree(seed: int) -> None:
    draw = random.Random(f"minutes/{seed}")
    for _ in range(300):
        day = day_from(draw)
        assert engine(day) == oracle.minutes_of_day(day), day


@pytest.mark.parametrize("grain", [1, 7, 37])
def test_days_in_odd_seconds_agree(grain: int) -> None:
    draw = random.Random(f"seconds/{grain}")
    for _ in range(1000):
        day = day_from(draw, grain)
        assert engine(day) == oracle.minutes_of_day(day), day


@given(st.randoms(use_true_random=False), st.sampled_from((7, 60)))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_days_that_hypothesis_makes_agree(draw: random.Random, grain: int) -> None:
    day = day_from(draw, grain)
    assert engine(day) == oracle.minutes_of_day(day)


def test_the_order_of_rows_does_not_matter() -> None:
    draw = random.Random("order")
    for _ in range(300):
        day = day_from(draw)
        turned = [
            (terms, one._replace(segments=one.segments[::-1])) for terms, one in reversed(day)
        ]
        assert engine(turned) == engine(day)


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("breaks_count", lambda terms: dataclasses.replace(terms, breaks_count=True)),
        ("late", lambda terms: dataclasses.replace(terms, late_minutes_forgiven=20)),
        ("gap", lambda terms: dataclasses.replace(terms, gap_minutes_forgiven=30)),
        ("open", lambda terms: dataclasses.replace(terms, open_end_counts=True)),
        ("rounding", lambda terms: dataclasses.replace(terms, rounding="down")),
        ("day", lambda terms: dataclasses.replace(terms, most_minutes_a_day=45)),
    ],
)
def test_an_engine_with_one_rule_wrong_is_caught(
    rule: str, wrong: Callable[[Rules], Rules]
) -> None:
    draw = random.Random(f"wrong/{rule}")
    days = [day_from(draw) for _ in range(300)]
    broken = [[(wrong(terms), one) for terms, one in day] for day in days]
    assert any(
        engine(other) != oracle.minutes_of_day(day) for day, other in zip(days, broken, strict=True)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_rows_of_merged_persons_over_midnight_and_clock_changes_agree(seed: int) -> None:
    """From rows to rows: two devices, a temporary person merged, days told by Stockholm's clock."""
    world = build_world(staff=6, identities=False)
    draw = random.Random(f"rows/{seed}")
    terms = Rules(id=1, gap_minutes_forgiven=5, late_minutes_forgiven=10, open_end_counts=True)
    with transaction.atomic(), operation("test.rules"):
        HourRules.objects.update(
            gap_minutes_forgiven=5, late_minutes_forgiven=10, open_end_counts=True
        )
    first = datetime.datetime(2026, 3, 27, 6, tzinfo=STOCKHOLM)
    expected: dict[tuple[int, datetime.date], Day] = defaultdict(list)
    with transaction.atomic(), operation("test.story"):
        ghost, owner = world.staff[0], world.staff[1]
        Person.objects.filter(pk=ghost.pk).update(merged_into=owner)
        occasions = []
        for _ in range(30):
            base = int((first + datetime.timedelta(hours=draw.randrange(0, 80))).timestamp())
            drawn = presence_from(draw, 0, base)._replace(cancelled=draw.random() < 0.1)
            occasion = _occasion(world, drawn)
            occasions.append(occasion.pk)
            day = occasion.starts_at.astimezone(STOCKHOLM).date()
            for person in world.staff[1:4]:
                theirs = presence_from(draw, 0, base)
                one = drawn._replace(
                    occasion=occasion.pk,
                    mark=theirs.mark,
                    segments=_at_most_one_open(theirs.segments),
                )
                _rows(occasion, one, [person] if person != owner else [owner, ghost], draw)
                expected[person.pk, day].append((terms, one))
        actions.recount(occasion_ids=occasions)
    found = {
        (row.person_id, row.occasion_id): (row.day, row.minutes, row.planned_minutes)
        for row in CountedTime.objects.filter(current=True)
    }
    assert ghost.pk not in {person for person, _ in found}
    for (person_id, day), sets in expected.items():
        for occasion_id, (minutes, planned) in oracle.minutes_of_day(sets).items():
            if (person_id, occasion_id) in found:
                assert found[person_id, occasion_id] == (day, minutes, planned)
            else:
                assert minutes == 0
    assert sum(minutes for _, minutes, _ in found.values()) > 1000


def _occasion(world: World, drawn: Presence) -> Occasion:
    return Occasion.objects.create(
        programme=world.programme,
        title="Tillfälle",
        starts_at=datetime.datetime.fromtimestamp(drawn.starts, datetime.UTC),
        ends_at=datetime.datetime.fromtimestamp(drawn.ends, datetime.UTC),
        breaks=[[a // 60, b // 60] for a, b in drawn.breaks],
        district=world.farsta,
        state="cancelled" if drawn.cancelled else "planned",
    )


def _rows(occasion: Occasion, one: Presence, persons: list[Person], draw: random.Random) -> None:
    """The mark on the person, the times spread over the person and whoever was merged."""
    if one.mark:
        Attendance.objects.create(occasion=occasion, person=persons[0], mark=one.mark)
    for came, left in one.segments:
        Segment.objects.create(
            occasion=occasion,
            person=draw.choice(persons),
            began_at=datetime.datetime.fromtimestamp(came, datetime.UTC),
            ended_at=datetime.datetime.fromtimestamp(left, datetime.UTC) if left else None,
            source=draw.choice(("list", "screen", "report")),
            device=f"{draw.randrange(2)}",
        )


def _at_most_one_open(
    segments: tuple[tuple[int, int | None], ...],
) -> tuple[tuple[int, int | None], ...]:
    """The database keeps one open time a person and occasion."""
    closed = [one for one in segments if one[1] is not None]
    return (*closed, *[one for one in segments if one[1] is None][:1])
