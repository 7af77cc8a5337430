"""What it costs to try a draft on the past."""

import statistics

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.conditions import Rule
from tests.bench.harness import Result, benchmark, seconds
from tests.workflows import builders
from workflows import trying
from workflows.models import Case, Decision
from workflows.rules import Step, digest_of

CASES = 1000
ROUNDS = 7
DRAFT = (
    builders.TWO_STEPS[0],
    Step(key="finance", name="Ekonomi", role="revisor", condition=Rule("cost", "at_least", "1000")),
    builders.TWO_STEPS[1],
)


@benchmark(most=2)
def definition_replay() -> Result:
    """Replay 1 000 decided cases on a draft with one more step, as the page shows it.

    Half of the cases would go another way; the first hundred of them are named for
    the viewer, and the tasks of each role are counted before and after. Reading the
    cases and decisions is part of the time; rendering the page is not.
    """
    with transaction.atomic(), operation("bench"):
        builders.use_kind()
        world = builders.build_world()
        version = builders.version_of(key="replay")
        _past_cases(world, version.pk)
    viewer = world["leader"]

    def replay() -> trying.Replay:
        return trying.replay(version.definition, DRAFT, last=CASES, viewer=viewer, roles={})

    found = replay()
    if (found.total, found.other, len(found.rows)) != (CASES, CASES // 2, trying.SHOWN):
        raise RuntimeError(f"the replay did not do its work: {found.total}, {found.other}")
    return Result(round(statistics.median(seconds(replay) for _ in range(ROUNDS)), 3), "s")


def _past_cases(world: builders.World, version_id: int) -> None:
    """Cases that both steps have approved; every other one is dear."""
    now = timezone.now()
    cases = []
    for number in range(CASES):
        data = {"place": f"plats {number}", "cost": 2000 if number % 2 else 100}
        cases.append(
            Case(
                reference=f"R-{number}",
                kind=builders.ParkKind.key,
                version_id=version_id,
                organisation=world.unit,
                initiator=world["chef"],
                data=data,
                data_digest=digest_of(data),
                state=Case.State.APPROVED,
                opened_at=now,
                closed_at=now,
            )
        )
    Case.objects.bulk_create(cases)
    deciders = (("prioritise", world["avdelning"]), ("admit", world["leader"]))
    Decision.objects.bulk_create(
        Decision(
            case=case,
            round=1,
            step_key=step_key,
            verdict=Decision.Verdict.APPROVE,
            actor=actor,
            actor_name=actor.get_full_name(),
            held_role="",
            data_digest=case.data_digest,
            decided_at=now,
        )
        for case in cases
        for step_key, actor in deciders
    )
