"""What a case costs from opening to approval."""

import itertools

from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from people.models import User
from tests.bench.harness import Result, benchmark, compare
from tests.bench.models import PlainCase
from tests.workflows import builders
from workflows.actions import decide, open_case
from workflows.models import Case, Decision, Message, WorkItem
from workflows.rules import Verdict

DATA = {"place": "vid sjön", "cost": 100}
ROUNDS = 60


@benchmark(most_ratio=2.0)
def case_lifecycle() -> Result:
    """Open and two approvals, against three saves of a plain model with signal-written history.

    Ours leaves a case with its operations, history, decisions, work items and
    messages, and hands the messages to the queue after each commit; every step
    is its own transaction. Theirs has the columns of the case and the same
    data, saves in three transactions, and leaves three history rows that say
    who. Neither side has forms, pages, sign-in or delivery of mail in it, and
    theirs reads nothing back between its saves, as ours must to lock and decide.
    """
    with transaction.atomic(), operation("bench"):
        kind = builders.use_kind()
        world = builders.build_world()
        version = builders.version_of()
    deciders = [("prioritise", world["avdelning"]), ("admit", world["leader"])]
    chef = world["chef"]

    def ours() -> None:
        case = open_case(
            kind=kind,
            version=version,
            organisation=world.unit,
            initiator=chef,
            concerns=None,
            data=DATA,
        )
        for step_key, actor in deciders:
            case = decide(
                case_id=case.pk, step_key=step_key, round=1, verdict=Verdict.APPROVE, actor=actor
            )

    numbers = itertools.count(1)

    @override_settings(SIMPLE_HISTORY_ENABLED=True)
    def theirs() -> None:
        now = timezone.now()
        plain = PlainCase(
            reference=f"P-{next(numbers)}",
            kind="plain",
            version=version,
            organisation=world.unit,
            initiator=chef,
            data=DATA,
            data_digest="0" * 64,
            state="waiting",
            opened_at=now,
        )
        plain._history_user = chef
        with transaction.atomic():
            plain.save()
        for state in ("waiting", "approved"):
            plain.state = state
            with transaction.atomic():
                plain.save()

    with connection.schema_editor() as editor:
        editor.create_model(PlainCase)
        editor.create_model(PlainCase.history.model)
    result = compare(
        ours, theirs, rounds=ROUNDS, against="three saves of a plain model with simple-history"
    )
    _ensure_both_did_the_work(chef, runs=ROUNDS + 3)
    return result


def _ensure_both_did_the_work(initiator: User, *, runs: int) -> None:
    """A comparison counts only when both sides left everything they promise."""
    approved = Case.objects.filter(initiator=initiator, state=Case.State.APPROVED)
    found = {
        "cases": approved.count(),
        # Opened and approved; the step between changes work items and decisions, not the case.
        "case history": Case.history.filter(id__in=approved.values("pk")).count() // 2,
        "decisions": Decision.objects.filter(case__in=approved).count() // 2,
        "work items": WorkItem.objects.filter(case__in=approved).count() // 2,
        "operations": Operation.objects.filter(name__startswith="case.").count() // 3,
        "plain history": PlainCase.history.filter(history_user=initiator).count() // 3,
    }
    wrong = {name: count for name, count in found.items() if count != runs}
    if wrong or not Message.objects.filter(case__in=approved).exists():
        raise RuntimeError(f"the benchmark did not do its work {runs} times: {found}")
