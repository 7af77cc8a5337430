"""What an auditor may see: everything where the role is held, and below."""

from django.db.models import Q, QuerySet

from audit.models import Operation
from people.access import below, held_by
from people.models import Capability, Organisation, User
from programme.models import CountedTime
from workflows.models import Case


def may_audit(user: User) -> bool:
    """Whether the user is an auditor anywhere."""
    return held_by(user).can(Capability.AUDIT)


def audited_cases(user: User) -> QuerySet[Case]:
    """The cases whose whole story the auditor may read."""
    return Case.objects.filter(below(user, Capability.AUDIT))


def audited_hours(user: User) -> QuerySet[CountedTime]:
    """The counted times whose whole story the auditor may read."""
    return CountedTime.objects.filter(below(user, Capability.AUDIT, "person__unit"))


def audited_operations(user: User) -> QuerySet[Operation]:
    """Every operation for an auditor of the city; else those about cases within reach."""
    held = held_by(user).organisation_ids(Capability.AUDIT)
    everything = Organisation.objects.filter(pk__in=held, parent__isnull=True).exists()
    within = Q(subject__in=audited_cases(user).values("reference"))
    return Operation.objects.filter(Q() if everything else within)
