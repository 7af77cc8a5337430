"""Stored test cases: what a workflow must do with certain values, checked before publishing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class WorkflowTest(PublicIdModel):
    """Made-up values, the answers given, and where the case must have come."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waits for a decision")
        RETURNED = "returned", _("is returned with questions")
        APPROVED = "approved", _("is approved")
        DECLINED = "declined", _("is declined")

    definition = models.ForeignKey(
        "workflows.WorkflowDefinition", on_delete=models.PROTECT, related_name="tests"
    )
    name = models.CharField(_("name"), max_length=120)
    # Values by field, as conditions see them.
    data = models.JSONField(default=dict)
    # [{"step": key, "verdict": verdict}, …] in the order they are given.
    turns = models.JSONField(default=list)
    # The keys of the steps the case must come to, no more and no fewer.
    path = models.JSONField(default=list)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    history = tracked()

    class Meta:
        verbose_name = _("test case")
        verbose_name_plural = _("test cases")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "name"], name="workflow_test_named_once")
        ]

    def __str__(self) -> str:
        return self.name
