"""Registration opens: many people for few seats, over real HTTP (B1, I2)."""

from programme.models import Registration
from tests.bench.harness import Result, benchmark
from tests.programme.builders import build_world
from tests.programme.registrations import burst
from tests.programme.registrations.builders import open_occasion, plan_for

PEOPLE, WITHIN, LECTURES, SEATS = 500, 60.0, 3, 30


@benchmark(most=1000)
def registration_burst() -> Result:
    """Five hundred within a minute for three lectures of thirty seats: the slowest of twenty.

    :raises AssertionError: on any error, or a seat too many or too few.
    """
    world = build_world(staff=1, identities=False)
    plans = [
        plan_for(open_occasion(world, days=7 + turn, title=f"Föreläsning {turn}"), seats=SEATS)
        for turn in range(LECTURES)
    ]
    sessions = burst.many(world, PEOPLE)
    places = [plan.occasion.public_id for plan in plans]
    with burst.server() as port:
        clicks = burst.spread(port, sessions, places, within=WITHIN)
    assert burst.errors(clicks) == []
    for plan in plans:
        _ensure_exact(plan.pk)
    return Result(round(burst.p95(clicks) * 1000), "ms")


@benchmark(most=1000)
def registration_race() -> Result:
    """Five hundred at once for thirty seats, from 64 clients: seconds until all are answered.

    :raises AssertionError: on any error, or a seat too many or too few.
    """
    world = build_world(staff=1, identities=False)
    plan = plan_for(open_occasion(world), seats=SEATS)
    sessions = burst.many(world, PEOPLE)
    with burst.server() as port:
        clicks = burst.all_at_once(port, sessions, plan.occasion.public_id, clients=64)
    assert burst.errors(clicks) == []
    _ensure_exact(plan.pk)
    return Result(round(burst.p95(clicks) * 1000), "ms")


def _ensure_exact(plan_id: int) -> None:
    """The first have the seats, and the rest stand in line in their order."""
    states = list(
        Registration.objects.filter(plan=plan_id).order_by("order").values_list("state", flat=True)
    )
    assert states == ["registered"] * SEATS + ["waiting"] * (len(states) - SEATS), states
