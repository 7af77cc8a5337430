"""The monthly file to Statistics Sweden: its columns as data, and every file that was made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class ScbMapping(PublicIdModel):
    """Which columns the file has, in which order and under which names, from a month on."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="scb_mappings"
    )
    # The first month that is reported with it.
    valid_from = models.DateField(_("valid from"))
    # [{"field": known name, "heading": as SCB's template says}]
    columns = models.JSONField(_("columns"))
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("SCB columns")
        verbose_name_plural = _("SCB columns")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "valid_from"], name="scb_mapping_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"


class ScbFile(PublicIdModel):
    """One version of one month's file; a correction makes the next version, never a change."""

    class State(models.TextChoices):
        MADE = "made", _("made")
        SENT = "sent", _("sent")
        REPLACED = "replaced", _("replaced")

    month = models.ForeignKey("programme.Month", on_delete=models.PROTECT, related_name="scb_files")
    version = models.PositiveSmallIntegerField(_("version"))
    mapping = models.ForeignKey(ScbMapping, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.MADE)
    rows = models.PositiveIntegerField(_("rows"))
    minutes = models.PositiveIntegerField(_("minutes"))
    # Reported hours after the rule set's rounding, in hundredths of an hour.
    hours_hundredths = models.PositiveIntegerField(_("hours, hundredths"))
    # What the file is made from, without names or numbers: enough to make it again to the byte.
    lines = models.JSONField(default=list)
    lines_digest = models.CharField(max_length=64)
    csv_digest = models.CharField(_("SHA-256 of the CSV file"), max_length=64)
    xlsx_digest = models.CharField(_("SHA-256 of the XLSX file"), max_length=64)
    # Why this version exists: empty for the first.
    reason = models.TextField(_("reason"), blank=True)
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    sent_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    receipt = models.CharField(_("receipt"), max_length=200, blank=True)
    # What the receipt says arrived, entered by hand and compared with what was sent.
    received_rows = models.PositiveIntegerField(_("rows received"), null=True)
    received_hundredths = models.PositiveIntegerField(_("hours received, hundredths"), null=True)
    # Set when a correction in this or an earlier month means that it must be sent again.
    stale_since = models.DateTimeField(_("must be sent again since"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("SCB file")
        verbose_name_plural = _("SCB files")
        ordering = ["month", "version"]
        constraints = [
            models.UniqueConstraint(fields=["month", "version"], name="scb_version_once"),
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_at__isnull=False) & ~Q(receipt="")),
                name="sent_with_a_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_id} v{self.version}"
