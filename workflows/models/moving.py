"""Moves of many running cases that go on in the background: what was asked for, case by case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class CaseMove(PublicIdModel):
    """One wish to move many cases to the version then in force, with its one reason."""

    definition = models.ForeignKey(
        "workflows.WorkflowDefinition", on_delete=models.PROTECT, related_name="moves"
    )
    target = models.ForeignKey(
        "workflows.WorkflowVersion", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # The work that does it now; a job may be thrown away, and a stopped move gets a new one.
    job = models.ForeignKey("core.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("move of cases")
        verbose_name_plural = _("moves of cases")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"move {self.public_id}"


class CaseMoveRow(models.Model):
    """What became of one case in a move."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waits")
        MOVED = "moved", _("moved")
        STAYED = "stayed", _("stayed")

    move = models.ForeignKey(CaseMove, on_delete=models.PROTECT, related_name="rows")
    case = models.ForeignKey("workflows.Case", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.WAITING)
    # Where it waits now, or why it stayed.
    words = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("case in a move")
        verbose_name_plural = _("cases in moves")
        ordering = ["case__opened_at", "case_id"]
        constraints = [
            models.UniqueConstraint(fields=["move", "case"], name="case_once_a_move"),
        ]

    def __str__(self) -> str:
        return f"{self.move_id} {self.case_id} {self.outcome}"
