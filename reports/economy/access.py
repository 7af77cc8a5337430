"""Who sees co-financing: sums for those who see totals, rows for those who read months."""

from dataclasses import dataclass

from django.http import Http404

from people.access import held_by
from people.models import Capability, User
from programme.models import Programme
from programme.months.access import READERS


@dataclass(frozen=True)
class Sight:
    """What somebody sees of the whole programme's money."""

    user: User
    # Down to persons' rows; otherwise sums alone, and none of few persons.
    rows: bool


def sight_of(user: User, programme: Programme) -> Sight:
    """What the user sees.

    :raises Http404: for those who see nothing of the whole programme.
    """
    held = held_by(user)
    rows = any(held.covers(one, programme.owner) for one in READERS)
    if not rows and not held.covers(Capability.SEE_TOTALS, programme.owner):
        raise Http404
    return Sight(user, rows)
