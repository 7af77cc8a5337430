"""Who reads months and who closes them."""

from people.access import held_by
from people.models import Capability, Organisation, User
from programme.errors import NotAllowed
from programme.models import Programme

READERS = (Capability.CHECK_HOURS, Capability.SEE_ECONOMY, Capability.AUDIT)


def reach_of(user: User) -> list[int]:
    """The organisations whose months the user may read; empty for nobody."""
    held = held_by(user)
    return sorted({id for one in READERS for id in held.organisation_ids(one)})


def may_check(user: User) -> bool:
    """Whether the user checks hours anywhere."""
    return held_by(user).can(Capability.CHECK_HOURS)


def may_close(user: User, programme: Programme) -> bool:
    """Whether the user locks the programme's months and sends its files."""
    return held_by(user).covers(Capability.CHECK_HOURS, programme.owner)


def ensure_checks(user: User, unit: Organisation) -> None:
    """Raise unless the user checks hours of the unit's staff."""
    if not held_by(user).covers(Capability.CHECK_HOURS, unit):
        raise NotAllowed


def ensure_closes(user: User, programme: Programme) -> None:
    """Raise unless the user locks the programme's months."""
    if not may_close(user, programme):
        raise NotAllowed
