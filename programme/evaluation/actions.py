"""Every write of the evaluation: from report to recommendation carried out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import Capability, Role, User
from programme.errors import NotAllowed, Refused, Stale
from programme.evaluation import access
from programme.evaluation.rules import TO_DO, lacks
from programme.models import EvaluationFinding, EvaluationReport, Programme, Recommendation

Status = Recommendation.Status


@dataclass(frozen=True)
class Facts:
    """What a report is."""

    title: str
    evaluator: str
    period: str
    summary: str
    dated_on: datetime.date


@transaction.atomic
def register(*, programme: Programme, facts: Facts, actor: User) -> EvaluationReport:
    """Register a report; nobody outside sees it yet."""
    access.ensure(actor, Capability.EVALUATE, Capability.MANAGE_PROGRAMME)
    with operation("evaluation.report", actor=actor_of(actor), subject=facts.title[:80]):
        return EvaluationReport.objects.create(programme=programme, written_by=actor, **vars(facts))


@transaction.atomic
def add_finding(
    *, report_id: int, text: str, criterion: str, principles: Sequence[str], actor: User
) -> EvaluationFinding:
    """Add what was found, with its criterion and the principles that it touches."""
    report = _written_by(report_id, actor)
    with operation("evaluation.finding", actor=actor_of(actor), subject=report.public_id):
        return EvaluationFinding.objects.create(
            report=report,
            number=report.findings.count() + 1,
            text=text.strip(),
            criterion=criterion,
            principles=list(principles),
        )


@transaction.atomic
def recommend(*, finding_id: int, text: str, actor: User) -> Recommendation:
    """Add what the evaluator advises because of a finding."""
    finding = EvaluationFinding.objects.get(pk=finding_id)
    report = _written_by(finding.report_id, actor)
    with operation("evaluation.recommend", actor=actor_of(actor), subject=report.public_id):
        return Recommendation.objects.create(
            finding=finding, number=finding.recommendations.count() + 1, text=text.strip()
        )


@transaction.atomic
def present(*, report_id: int, on: datetime.date, actor: User) -> EvaluationReport:
    """Note the day the report was shown to the steering group (R-165); its text is settled."""
    access.ensure(actor, Capability.MANAGE_PROGRAMME)
    report = _locked(report_id)
    if report.presented_on is not None:
        raise Stale
    if on > timezone.localdate():
        raise Refused(_("The day cannot lie in the future. Nothing was kept."))
    if on < report.dated_on:
        raise Refused(_("The report is dated after that day. Nothing was kept."))
    if not report.findings.exists():
        raise Refused(_("Register the findings first. Afterwards they cannot be changed."))
    report.presented_on = on
    with operation("evaluation.present", actor=actor_of(actor), subject=report.public_id):
        report.save(update_fields=["presented_on"])
    return report


@transaction.atomic
def publish(*, report_id: int, actor: User) -> EvaluationReport:
    """Make findings, recommendations and their answers public."""
    access.ensure(actor, Capability.MANAGE_PROGRAMME, Capability.MANAGE_CONTENT)
    report = _locked(report_id)
    if report.presented_on is None:
        raise Refused(_("The steering group is shown the report first."))
    if report.published_at is not None:
        raise Stale
    report.published_at = timezone.now()
    with operation("evaluation.publish", actor=actor_of(actor), subject=report.public_id):
        report.save(update_fields=["published_at"])
    return report


@dataclass(frozen=True)
class Answer:
    """What is said about a recommendation, who sees to it, and by when."""

    status: str
    owner: Role
    deadline: datetime.date
    response: str


@transaction.atomic
def answer(*, recommendation_id: int, given: Answer, actor: User) -> Recommendation:
    """Answer a recommendation; the answer may be changed until it is carried out."""
    access.ensure(actor, Capability.MANAGE_PROGRAMME)
    found = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation_id)
    if found.status == Status.DONE:
        raise Stale
    if given.status not in (Status.ACCEPTED, Status.PARTLY, Status.REJECTED):
        raise Refused(_("Say whether it will be done, in part or not at all."))
    if lacks(status=given.status, owner=True, deadline=True, response=given.response):
        raise Refused(_("Write the answer. It becomes public with the report."))
    found.status, found.owner = given.status, given.owner
    found.deadline, found.response = given.deadline, given.response.strip()
    found.responded_on = timezone.localdate()
    with operation(
        "evaluation.answer", actor=actor_of(actor), subject=found.finding.report.public_id
    ):
        found.save()
    return found


@transaction.atomic
def mark_done(*, recommendation_id: int, on: datetime.date, actor: User) -> Recommendation:
    """What was promised is carried out."""
    access.ensure(actor, Capability.MANAGE_PROGRAMME)
    found = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation_id)
    if found.status not in TO_DO:
        raise Stale
    if on > timezone.localdate():
        raise Refused(_("The day cannot lie in the future. Nothing was kept."))
    found.status, found.done_on = Status.DONE, on
    with operation(
        "evaluation.done", actor=actor_of(actor), subject=found.finding.report.public_id
    ):
        found.save(update_fields=["status", "done_on"])
    return found


def _locked(report_id: int) -> EvaluationReport:
    return EvaluationReport.objects.select_for_update(of=("self",), no_key=True).get(pk=report_id)


def _written_by(report_id: int, actor: User) -> EvaluationReport:
    report = _locked(report_id)
    if not access.may_write(actor, report):
        if report.presented_on is not None:
            raise Refused(_("The report has been shown to the steering group and is settled."))
        raise NotAllowed
    return report
