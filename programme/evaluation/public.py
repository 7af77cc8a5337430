"""What the public may know of the evaluation: published reports and what is done about them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from programme.evaluation.rules import Progress, is_late, progress, untouched
from programme.models import EvaluationFinding, EvaluationReport, Recommendation

COLOURS = {
    Recommendation.Status.NEW: "amber",
    Recommendation.Status.ACCEPTED: "teal",
    Recommendation.Status.PARTLY: "teal",
    Recommendation.Status.REJECTED: "grey",
    Recommendation.Status.DONE: "green",
}


@dataclass(frozen=True)
class Advice:
    """A recommendation with its state in words."""

    row: Recommendation
    state: str
    colour: str


@dataclass(frozen=True)
class Found:
    """A finding with its tags and what is advised."""

    row: EvaluationFinding
    criterion: str
    principles: Sequence[str]
    advice: Sequence[Advice]


@dataclass(frozen=True)
class Told:
    """A whole report as a page shows it."""

    report: EvaluationReport
    findings: Sequence[Found]
    progress: Progress
    untouched: Sequence[str]


def published() -> "QuerySet[EvaluationReport]":
    """The reports that the public may read."""
    return EvaluationReport.objects.filter(published_at__lte=timezone.now())


def public_reports() -> "list[EvaluationReport]":
    """All of them, newest first, each with ``.progress``; two queries however many there are."""
    today = timezone.localdate()
    rows = list(
        published().prefetch_related(
            Prefetch("findings__recommendations", Recommendation.objects.all())
        )
    )
    for report in rows:
        report.progress = _progress(report, today)  # type: ignore[attr-defined]
    return rows


def _progress(report: EvaluationReport, today: datetime.date) -> Progress:
    return progress(
        [
            (one.status, one.deadline)
            for finding in report.findings.all()
            for one in finding.recommendations.all()
        ],
        today,
    )


def public_report(report: EvaluationReport) -> Told:
    """The report with findings and recommendations, in three queries."""
    return told(report)


def told(report: EvaluationReport) -> Told:
    """The same for those who work with it; whoever shows it asks who may see it."""
    today = timezone.localdate()
    findings = list(
        report.findings.prefetch_related(
            Prefetch("recommendations", Recommendation.objects.select_related("owner"))
        )
    )
    return Told(
        report=report,
        findings=[_found(finding, today) for finding in findings],
        progress=progress(
            [(one.status, one.deadline) for each in findings for one in each.recommendations.all()],
            today,
        ),
        untouched=[
            *(
                str(EvaluationFinding.Criterion(each).label)
                for each in untouched(
                    {finding.criterion for finding in findings}, EvaluationFinding.Criterion.values
                )
            ),
            *(
                str(EvaluationFinding.Principle(each).label)
                for each in untouched(
                    {each for finding in findings for each in finding.principles},
                    EvaluationFinding.Principle.values,
                )
            ),
        ],
    )


def _found(finding: EvaluationFinding, today: datetime.date) -> Found:
    return Found(
        row=finding,
        criterion=finding.get_criterion_display(),
        principles=[str(EvaluationFinding.Principle(each).label) for each in finding.principles],
        advice=[_advice(one, today) for one in finding.recommendations.all()],
    )


def _advice(one: Recommendation, today: datetime.date) -> Advice:
    if is_late(one.status, one.deadline, today):
        return Advice(one, _("late"), "red")
    return Advice(one, one.get_status_display(), COLOURS[Recommendation.Status(one.status)])
