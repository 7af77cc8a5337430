"""Who sees and runs procurements."""

from django.db.models import QuerySet

from people.access import held_by
from people.models import Capability, User
from programme.errors import NotAllowed
from programme.models import Procurement

READS = (
    Capability.PROCURE,
    Capability.MANAGE_CONTENT,
    Capability.SEE_ECONOMY,
    Capability.AUDIT,
)
# Questions and answers are published by those who publish everything else.
TELLS = (Capability.PROCURE, Capability.MANAGE_CONTENT)


def procurements_seen_by(user: User) -> QuerySet[Procurement]:
    """All of them, for those who run, tell, pay for or audit them; tenders are another matter."""
    if may(user, *READS):
        return Procurement.objects.all()
    return Procurement.objects.none()


def may(user: User, *capabilities: str) -> bool:
    """Whether any of the capabilities is held."""
    held = held_by(user)
    return any(held.can(capability) for capability in capabilities)


def ensure(user: User, *capabilities: str) -> None:
    """Refuse unless one of them is held."""
    if not may(user, *capabilities):
        raise NotAllowed


def named_openers(procurement: Procurement) -> tuple[int, ...]:
    """Those who may open the tenders together."""
    both = (procurement.first_opener_id, procurement.second_opener_id)
    return tuple(pk for pk in both if pk is not None)
