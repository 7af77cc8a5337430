"""How long the whole demo takes, from an empty database to the last certificate."""

import datetime
from io import StringIO

from django.core.management import call_command

from programme.models import Participation
from tests.bench.harness import Result, benchmark, seconds

PEOPLE = 1140


@benchmark(most=60)
def demo() -> Result:
    """Seconds for `manage.py demo` at scale 1, told to the story's last day: nothing is ahead."""
    took = seconds(
        lambda: call_command("demo", today=datetime.date(2027, 6, 30), stdout=StringIO())
    )
    people = Participation.objects.values("person").distinct().count()
    if people != PEOPLE:
        raise RuntimeError(f"the demo has {people} participants, not {PEOPLE}")
    return Result(round(took, 1), "s")
