"""Who sees which certificates, and who issues and revokes them."""

from django.db.models import Q

from people.access import below, held_by
from people.display import may_see
from people.models import Capability, Organisation, User
from programme.errors import NotAllowed
from reports.models import Certificate

ISSUERS = (Capability.CHECK_HOURS, Capability.ARRANGE)
READERS = (*ISSUERS, Capability.AUDIT)


def may_issue(user: User) -> bool:
    """Whether the user issues certificates anywhere."""
    return any(held_by(user).can(each) for each in ISSUERS)


def may_list(user: User) -> bool:
    """Whether the user reads the lists of certificates."""
    return any(held_by(user).can(each) for each in READERS)


def within(user: User, capabilities: tuple[Capability, ...], field: str) -> Q:
    """Rows whose organisation lies where the user holds one of the capabilities."""
    found = Q(pk__in=[])
    for each in capabilities:
        found |= below(user, each, field)
    return found


def readable(user: User) -> Q:
    """The user's own certificates, and those within reach."""
    return Q(person__user=user) | within(user, READERS, "person__unit")


def may_read(user: User, certificate: Certificate) -> bool:
    """Whether the name on it may be shown; reads ``person.unit``."""
    return may_see(certificate.person, user)


def ensure_issues(user: User, unit: Organisation) -> None:
    """Raise unless the user issues certificates for the unit's staff."""
    if not any(held_by(user).covers(each, unit) for each in ISSUERS):
        raise NotAllowed
