"""The whole story of hours, played at random over the real actions: whatever is done, sums agree.

The machine keeps facts of its own: what each action was told, never what it wrote. After
every step it counts them with the oracle, second by second, and holds every figure the
portal gives of the same hours against that: counted times, months, persons, occasions,
co-financing, and the lines to Statistics Sweden. ``HOURS_STORIES=500`` plays more of them.
"""

import datetime
import os
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.oracle.known import BREAKS, PLAN, RULES
from tests.oracle.story import Story
from tests.programme import training
from tests.programme.attendance.exported import STOCKHOLM
from tests.programme.builders import build_world
from tests.programme.months.builders import APRIL, MARCH, staff_account

STORIES = int(os.environ.get("HOURS_STORIES", "8"))
STEPS = 18


@pytest.fixture
def story(db: None) -> type[Story]:
    world = build_world(staff=3)
    groups = [
        training.group_of(
            world,
            name=f"Grupp {number}",
            members=[training.participation_of(world, one) for one in persons],
        )
        for number, persons in enumerate((world.staff[:2], world.staff[2:]))
    ]
    for month, day, start, end in PLAN:
        occasion = training.occasion_of(
            world,
            groups[0],
            starts_at=datetime.datetime(2026, month, day, start, tzinfo=STOCKHOLM),
            minutes=(end - start) * 60,
            breaks=BREAKS[1],
        )
        for person in world.staff:
            training.invitation_to(occasion, person, person.participations.get())

    trainer, economist = (
        staff_account(world, "narvaro", "administrator"),
        staff_account(world, "ekonom"),
    )

    class Here(Story):
        pass

    Here.done = Counter()
    Here.world, Here.groups, Here.trainer, Here.economist = world, groups, trainer, economist
    return Here


def test_every_sum_agrees_whatever_is_done(story: type[Story]) -> None:
    run_state_machine_as_test(
        story,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_kind_of_action_is_part_of_the_story(story: type[Story]) -> None:
    """So that the random ones are not refusals all of them."""
    told = story()
    acts: tuple[Callable[[], object], ...] = (
        told.somebody_came,
        lambda: told.check_in(2, 0, 10, 60, True),
        lambda: told.read_report(1, [(1, -10, 100), (1, 60, 90), (0, 5, 30)]),
        lambda: told.move_breaks(2, BREAKS[2]),
        lambda: told.write_down(0),
        lambda: told.write_down(3),
        lambda: told.join(2),
        lambda: told.move_group(0, 1),
        lambda: told.decide_rules(RULES[2], APRIL, 5),
        lambda: told.lock(APRIL),
        lambda: told.lock(MARCH),
        lambda: told.mark(0, 0, "absent", 0, 1, False),
        lambda: told.lock(APRIL),
        lambda: told.correct(0, 0, 20, 70, "present"),
        lambda: told.correct(2, 0, 0, 1, "absent"),
    )
    try:
        for act in acts:
            act()
            told.agrees()
    finally:
        told.teardown()
    wanted = {"mark", "check out", "report", "breaks", "join", "move", "rules", "lock", "correct"}
    assert wanted == {name for name, times in told.done.items() if times}, told.done
