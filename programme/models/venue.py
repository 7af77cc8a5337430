"""Venues, what they are like to reach and use, their bookings, and what participants need."""

from typing import NamedTuple

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Venue(PublicIdModel):
    """A place where occasions are held (R-019)."""

    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200)
    district = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="venues"
    )
    capacity = models.PositiveSmallIntegerField(_("seats"))
    cost_a_day = models.PositiveIntegerField(_("kronor a day"), default=0)
    directions = models.TextField(_("how to find it"), blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class AccessibilityPoint(models.Model):
    """A question of the accessibility checklist (R-240): data, so that staff change the list."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="accessibility_points"
    )
    text = models.CharField(_("question"), max_length=200)
    # A no to a needed point asks for a recorded exception at booking.
    needed = models.BooleanField(_("needed for booking"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("accessibility point")
        verbose_name_plural = _("accessibility points")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class VenueCheck(PublicIdModel):
    """The checklist filled in at a visit; the newest one counts."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="checks")
    checked_on = models.DateField(_("checked"))
    # {"text": question as it was then, "needed": bool, "answer": "yes" | "no" | "unknown", "note": ""}
    answers = models.JSONField(_("answers"), default=list)
    checked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    history = tracked()

    class Meta:
        verbose_name = _("accessibility check")
        verbose_name_plural = _("accessibility checks")
        ordering = ["-checked_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.checked_on}"


class Booking(PublicIdModel):
    """A venue held for a time; the database refuses two at once."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="bookings")
    occasion = models.ForeignKey(
        "programme.Occasion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
    )
    period = DateTimeRangeField(_("time"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    # Why the venue may be used though the checklist is missing or says no.
    exception_reason = models.TextField(_("reason for the exception"), blank=True)
    booked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(_("booked"), auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            # The id as a range of one value: btree_gist is an extension we do without.
            ExclusionConstraint(
                name="venue_booked_once",
                expressions=[
                    (
                        Func(F("venue"), F("venue"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["occasion"],
                condition=Q(cancelled_at__isnull=True, occasion__isnull=False),
                name="occasion_in_one_venue",
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.public_id}"


class Standing(NamedTuple):
    """A word for where something stands, and the colour that repeats it."""

    text: str
    colour: str


class AdaptationNeed(PublicIdModel):
    """What a participant needs to take part; health data, erased after the series (R-082)."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="adaptation_needs"
    )
    participation = models.ForeignKey(
        "programme.Participation",
        on_delete=models.PROTECT,
        null=True,
        related_name="adaptation_needs",
    )
    # Emptied, with the row kept, when it is erased.
    text = models.TextField(_("what is needed"), blank=True, max_length=1000)
    # Tracked to its end: arranged, or could not be arranged with words about why.
    handled_at = models.DateTimeField(_("arranged"), null=True)
    not_arranged = models.BooleanField(_("could not be arranged"), default=False)
    # Emptied together with the text, which it may repeat.
    reason = models.TextField(_("why it could not be arranged"), blank=True, max_length=600)
    handled_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("told"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True)
    history = tracked(secret=["text", "reason"])

    class Meta:
        verbose_name = _("adaptation need")
        verbose_name_plural = _("adaptation needs")
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(text="", reason=""),
                name="erased_need_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(not_arranged=False, reason="")
                | Q(not_arranged=True, handled_at__isnull=False)
                & (~Q(reason="") | Q(erased_at__isnull=False)),
                name="need_not_arranged_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"adaptation need {self.public_id}"

    @property
    def state(self) -> Standing:
        """Where it stands, in words."""
        if self.handled_at is None:
            return Standing(_now("Waits for those who arrange"), "amber")
        if self.not_arranged:
            return Standing(_now("Could not be arranged"), "red")
        return Standing(_now("Arranged"), "green")
