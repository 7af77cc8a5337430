"""The other side of the comparison: a case as a plain model with simple-history's own signals."""

from django.db import models
from simple_history.models import HistoricalRecords

from people.models import User


class PlainCase(models.Model):
    """The columns of a case, with none of its engine and history written by save()."""

    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=40)
    version = models.ForeignKey(
        "workflows.WorkflowVersion", on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    initiator = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    concerns = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(default=dict)
    data_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    history = HistoricalRecords()
    # Whom its signals name as the one who saved.
    _history_user: User

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.reference
