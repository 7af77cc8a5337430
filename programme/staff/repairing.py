"""Which of the occasions that would help somebody the viewer may give a seat at."""

from collections.abc import Iterable

from people.models import User
from programme.models import Occasion
from programme.staff.progress import Repair


def seatable(viewer: User, repairs: Iterable[Repair]) -> frozenset[int]:
    """Keys of the occasions where the viewer arranges; one query, and none without repairs."""
    wanted = {each.occasion.pk for each in repairs}
    if not wanted:
        return frozenset()
    found = Occasion.objects.arranged_by(viewer).filter(pk__in=wanted)
    return frozenset(found.values_list("pk", flat=True))
