"""What the external evaluation says, and what is done about it (R-160 to R-167)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class EvaluationReport(PublicIdModel):
    """A report of the evaluator; public once the steering group has been shown it."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="evaluation_reports"
    )
    title = models.CharField(_("title"), max_length=160)
    evaluator = models.CharField(_("evaluator"), max_length=160)
    period = models.CharField(_("what it covers"), max_length=120)
    summary = models.TextField(_("summary"), max_length=6000)
    dated_on = models.DateField(_("date of the report"))
    presented_on = models.DateField(_("shown to the steering group"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)
    written_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    history = tracked(kept="a report stays")

    class Meta:
        verbose_name = _("evaluation report")
        verbose_name_plural = _("evaluation reports")
        ordering = ["-dated_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(presented_on__isnull=False),
                name="report_presented_before_published",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether the public may read it."""
        return self.published_at is not None


class EvaluationFinding(PublicIdModel):
    """Something the evaluator found, tagged by criterion and horizontal principles (R-161, R-162)."""

    class Criterion(models.TextChoices):
        RELEVANCE = "relevance", _("relevance")
        IMPLEMENTATION = "implementation", _("implementation")
        GOALS = "goals", _("achievement of goals")
        SUSTAINABILITY = "sustainability", _("sustainability")

    class Principle(models.TextChoices):
        EQUALITY = "equality", _("gender equality")
        ACCESSIBILITY = "accessibility", _("accessibility")
        NON_DISCRIMINATION = "non_discrimination", _("non-discrimination")

    report = models.ForeignKey(EvaluationReport, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("finding"), max_length=4000)
    criterion = models.CharField(_("criterion"), max_length=16, choices=Criterion)
    principles = ArrayField(
        models.CharField(max_length=20, choices=Principle),
        verbose_name=_("horizontal principles"),
        default=list,
        blank=True,
    )
    history = tracked()

    class Meta:
        verbose_name = _("finding of the evaluation")
        verbose_name_plural = _("findings of the evaluation")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="finding_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"


class Recommendation(PublicIdModel):
    """What the evaluator advises; someone owns it, answers it, and it has a day (R-166)."""

    class Status(models.TextChoices):
        NEW = "new", _("waits for an answer")
        ACCEPTED = "accepted", _("will be done")
        PARTLY = "partly", _("will be done in part")
        REJECTED = "rejected", _("will not be done")
        DONE = "done", _("done")

    finding = models.ForeignKey(
        EvaluationFinding, on_delete=models.PROTECT, related_name="recommendations"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("recommendation"), max_length=2000)
    owner = models.ForeignKey("people.Role", on_delete=models.PROTECT, null=True, related_name="+")
    deadline = models.DateField(_("to be done by"), null=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NEW)
    response = models.TextField(_("answer"), max_length=4000, blank=True)
    responded_on = models.DateField(_("answered"), null=True)
    done_on = models.DateField(_("done"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["finding__number", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="new")
                | Q(
                    owner__isnull=False,
                    deadline__isnull=False,
                    responded_on__isnull=False,
                )
                & ~Q(response=""),
                name="recommendation_answered_in_full",
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False)
                | (~Q(status="done") & Q(done_on=None)),
                name="recommendation_done_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
