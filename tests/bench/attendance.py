"""What saving the list of an occasion costs."""

import itertools
from dataclasses import replace

from django.db import connection, models, transaction
from django.test import override_settings
from django.utils import timezone
from simple_history.models import HistoricalRecords

from people.models import User
from programme.attendance import marking, queries, rules
from programme.attendance.rules import Wanted
from programme.models import Attendance, CountedTime, Occasion
from tests.bench.harness import Result, benchmark, compare
from tests.programme import training
from tests.programme.builders import build_world

PERSONS, ROUNDS = 20, 40
MARKS = (rules.PRESENT, rules.ABSENT)


class PlainMark(models.Model):
    """The columns of a mark, with history written by simple-history's own signals."""

    occasion = models.ForeignKey("programme.Occasion", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=10)
    marked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    history = HistoricalRecords()
    # Whom its signals name as the one who saved.
    _history_user: User

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return f"{self.pk}"


@benchmark(most=60)
def attendance_mark() -> Result:
    """A list of twenty saved anew, against twenty saves of a plain model with history.

    Ours locks the occasion, reads the list, refuses what is stale, impossible or in two
    places, writes marks and history, and counts everyone's hours anew, with history of
    these too. Theirs writes twenty marks and their history and does nothing else. Both
    are one transaction.
    """
    world = build_world(staff=PERSONS, identities=False)
    group = training.invited_group(world, world.staff)
    occasion = Occasion.objects.get(group=group)
    actor = world.administrator
    turns, other_turns = itertools.cycle(MARKS), itertools.cycle(MARKS)
    zone = queries.ZONE()
    # The page was read before it is saved, and says how everyone stood: as the turn before
    # left them. A wrong belief is refused, so each turn shows that this one is right.
    standing = {seat.key: seat.standing for seat in queries.roster(occasion)}

    def ours() -> None:
        mark = next(turns)
        wanted = {key: Wanted(mark, was=stood.written(zone)) for key, stood in standing.items()}
        marking.save_list(occasion_id=occasion.pk, wanted=wanted, actor=actor)
        standing.update({key: replace(stood, mark=mark) for key, stood in standing.items()})

    with connection.schema_editor() as editor:
        editor.create_model(PlainMark)
        editor.create_model(PlainMark.history.model)
    rows = [
        PlainMark(occasion=occasion, person=person, mark="", marked_by=actor)
        for person in world.staff
    ]

    @override_settings(SIMPLE_HISTORY_ENABLED=True)
    def theirs() -> None:
        mark = next(other_turns)
        with transaction.atomic():
            for row in rows:
                row.mark, row.marked_at, row._history_user = mark, timezone.now(), actor
                row.save()

    result = compare(
        ours,
        theirs,
        rounds=ROUNDS,
        against="twenty saves of a plain mark with simple-history, no check and no hours",
    )
    _ensure_both_did_the_work(runs=ROUNDS + 3)
    return result


def _ensure_both_did_the_work(*, runs: int) -> None:
    found = {
        "marks": Attendance.history.count(),
        "hours": CountedTime.objects.count(),
        "plain marks": PlainMark.history.count(),
    }
    wrong = {name: count for name, count in found.items() if count != runs * PERSONS}
    if wrong:
        raise RuntimeError(f"the benchmark did not do its work {runs} times: {found}")
