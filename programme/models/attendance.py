"""Who was there, from when to when, and the evidence for it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Attendance(PublicIdModel):
    """The mark of one person at one occasion; no row means that nobody has marked yet."""

    class Mark(models.TextChoices):
        UNMARKED = "", _("not marked")
        PRESENT = "present", _("present")
        ABSENT = "absent", _("absent")
        EXCUSED = "excused", _("excused")

    occasion = models.ForeignKey(
        "programme.Occasion", on_delete=models.PROTECT, related_name="attendances"
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="attendances"
    )
    mark = models.CharField(_("mark"), max_length=10, choices=Mark, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    marked_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    marked_at = models.DateTimeField(_("marked"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "person"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"attendance {self.public_id}"


class Evidence(PublicIdModel):
    """What was received, byte for byte: a meeting report or a scanned list, with its digest."""

    class Kind(models.TextChoices):
        MEETING_REPORT = "report", _("meeting report")
        SIGNED_LIST = "list", _("signed list")

    occasion = models.ForeignKey(
        "programme.Occasion", on_delete=models.PROTECT, related_name="evidence"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("file name"), max_length=120)
    content = models.BinaryField(editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, editable=False)
    # What the reader understood of it: service, time zone, rows, and what it could not use.
    summary = models.JSONField(default=dict)
    received_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    history = tracked(secret=["content"])

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [models.UniqueConstraint(fields=["occasion", "digest"], name="evidence_once")]

    def __str__(self) -> str:
        return f"evidence {self.public_id}"


class ReportRow(PublicIdModel):
    """One row of a meeting report: as it stood, and whose it is.

    Matched by join token or e-mail address only; everything else waits for a person
    to decide, and a name is never guessed.
    """

    class How(models.TextChoices):
        WAITING = "", _("waits for a decision")
        TOKEN = "token", _("personal meeting address")
        EMAIL = "email", _("e-mail address")
        DECIDED = "decided", _("decided by a person")
        IGNORED = "ignored", _("not a participant")

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    shown_name = models.CharField(_("name in the meeting"), max_length=200, blank=True)
    shown_email = models.CharField(_("e-mail in the meeting"), max_length=254, blank=True)
    joined_at = models.DateTimeField(_("joined"))
    left_at = models.DateTimeField(_("left"))
    how = models.CharField(_("how it was matched"), max_length=8, choices=How, blank=True)
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    history = tracked()

    class Meta:
        verbose_name = _("report row")
        verbose_name_plural = _("report rows")
        ordering = ["evidence", "number"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="report_row_once"),
            models.CheckConstraint(
                condition=(Q(how__in=["", "ignored"]) & Q(person__isnull=True))
                | (~Q(how__in=["", "ignored"]) & Q(person__isnull=False)),
                name="matched_row_has_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"report row {self.public_id}"


class Segment(PublicIdModel):
    """A time someone was there: in and out. Hours are the union of these.

    Never changed and never deleted once it has ended: a wrong one is voided with a reason.
    """

    class Source(models.TextChoices):
        LIST = "list", _("marked by staff")
        SCREEN_CODE = "screen", _("code on the screen")
        PERSONAL_CODE = "personal", _("personal code")
        PAPER = "paper", _("signed list")
        REPORT = "report", _("meeting report")
        VIEWING = "viewing", _("watched recording")

    occasion = models.ForeignKey(
        "programme.Occasion", on_delete=models.PROTECT, related_name="segments"
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="segments")
    began_at = models.DateTimeField(_("in"))
    # Empty while nobody has checked out: then the occasion's own end counts, if the rules say so.
    ended_at = models.DateTimeField(_("out"), null=True)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    # A row that is decided again has its earlier time voided and a new one beside it.
    report_row = models.ForeignKey(
        ReportRow, on_delete=models.PROTECT, null=True, related_name="segments"
    )
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, related_name="segments"
    )
    # Keyed digest of the device that checked in: two persons on one device is shown to staff.
    device = models.CharField(max_length=32, blank=True)
    recorded_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    voided_at = models.DateTimeField(_("voided"), null=True)
    voided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    void_reason = models.TextField(_("reason"), blank=True)
    history = tracked(secret=["device"])

    class Meta:
        verbose_name = _("time present")
        verbose_name_plural = _("times present")
        ordering = ["began_at", "pk"]
        indexes = [
            models.Index(
                fields=["occasion", "person"],
                condition=Q(voided_at__isnull=True),
                name="segment_counting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="segment_times_in_order",
            ),
            models.UniqueConstraint(
                fields=["occasion", "person"],
                condition=Q(ended_at__isnull=True, voided_at__isnull=True),
                name="inside_once",
            ),
            models.UniqueConstraint(
                fields=["report_row"],
                condition=Q(voided_at__isnull=True, report_row__isnull=False),
                name="one_time_a_report_row",
            ),
        ]

    def __str__(self) -> str:
        return f"segment {self.public_id}"
