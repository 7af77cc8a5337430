"""The month that closes: what each participant attests, who checks, who locks, what is corrected."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Month(PublicIdModel):
    """A calendar month of the programme's hours (R-076)."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        LOCKED = "locked", _("locked")

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="months"
    )
    first_day = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    locked_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    locked_at = models.DateTimeField(_("locked"), null=True)
    # What was locked, in figures: persons, minutes, kronor and the digest of every line.
    summary = models.JSONField(default=dict)
    history = tracked()

    class Meta:
        verbose_name = _("month")
        verbose_name_plural = _("months")
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "first_day"], name="month_once"),
            models.CheckConstraint(
                condition=Q(first_day__day=1), name="month_starts_on_its_first_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"


class Statement(PublicIdModel):
    """One participant's hours of one month: attested, then checked by someone else.

    What was attested is kept as minutes and digest: hours that change afterwards
    show as a difference and must be attested and checked again.
    """

    class Channel(models.TextChoices):
        WEB = "web", _("in the portal")
        PAPER = "paper", _("signed on paper")

    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="statements")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="statements")
    minutes = models.PositiveIntegerField(_("minutes"))
    digest = models.CharField(max_length=64)
    # The lines behind the sum: occasion, day, minutes and counted time.
    lines = models.JSONField(default=list)
    attested_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    attested_at = models.DateTimeField(_("attested"), null=True)
    channel = models.CharField(_("how"), max_length=5, choices=Channel, blank=True)
    checked_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked"), null=True)
    # A newer statement of the same month takes over; the older one is kept.
    replaced_at = models.DateTimeField(_("replaced"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("monthly statement")
        verbose_name_plural = _("monthly statements")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "person"],
                condition=Q(replaced_at__isnull=True),
                name="one_statement_a_month",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(attested_at__isnull=False),
                name="checked_after_attested",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True)
                | Q(attested_by__isnull=True)
                | ~Q(checked_by=F("attested_by")),
                name="checked_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"statement {self.public_id}"


class Correction(PublicIdModel):
    """A change of hours in a locked month: a reason, a second person, and its effect."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="corrections")
    occasion = models.ForeignKey(
        "programme.Occasion", on_delete=models.PROTECT, related_name="corrections"
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="corrections"
    )
    # What is proposed: {"mark": …, "segments": [[in, out], …]}; what stood before beside it.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    minutes_before = models.PositiveIntegerField(_("minutes before"))
    minutes_after = models.PositiveIntegerField(_("minutes after"))
    # Hours, kronor and the months whose files must be sent again, as shown to both persons.
    effect = models.JSONField(default=dict)
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision_reason = models.TextField(_("reason for the decision"), blank=True)
    history = tracked()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "person"],
                condition=Q(state="proposed"),
                name="one_correction_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("proposed_by")),
                name="corrected_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.public_id}"

    @property
    def from_viewing(self) -> bool:
        """Whether it came from the participant's own watching: nobody else proposes their own.

        Note: this reads self.person. If the person is not loaded already, this causes a query.
        """
        return self.proposed_by_id == self.person.user_id
