"""Who sees and does what in the evaluation (R-160, R-165)."""

from django.db.models import Q, QuerySet

from people.access import held_by
from people.models import Capability, User
from programme.errors import NotAllowed
from programme.models import EvaluationReport

# The office answers, the steering group and the auditor read, communications publishes.
READS = (
    Capability.MANAGE_PROGRAMME,
    Capability.SEE_TOTALS,
    Capability.MANAGE_CONTENT,
    Capability.AUDIT,
)


def may(user: User, *capabilities: str) -> bool:
    """Whether any of the capabilities is held."""
    held = held_by(user)
    return any(held.can(capability) for capability in capabilities)


def ensure(user: User, *capabilities: str) -> None:
    """Refuse unless one of them is held."""
    if not may(user, *capabilities):
        raise NotAllowed


def reports_seen_by(user: User) -> QuerySet[EvaluationReport]:
    """All for the office; the evaluator sees the own ones and what is public anyway.

    The steering group and heads see a report from the day it is shown to the group.
    """
    if may(user, Capability.MANAGE_PROGRAMME, Capability.MANAGE_CONTENT, Capability.AUDIT):
        return EvaluationReport.objects.all()
    seen = Q(pk__in=[])
    if may(user, Capability.EVALUATE):
        seen |= Q(written_by=user) | Q(published_at__isnull=False)
    if may(user, Capability.SEE_TOTALS):
        seen |= Q(presented_on__isnull=False)
    return EvaluationReport.objects.filter(seen)


def may_write(user: User, report: EvaluationReport) -> bool:
    """Findings are the writer's until the report is shown; from then on it is what it is."""
    if report.presented_on is not None:
        return False
    if may(user, Capability.MANAGE_PROGRAMME):
        return True
    return may(user, Capability.EVALUATE) and report.written_by_id == user.pk
