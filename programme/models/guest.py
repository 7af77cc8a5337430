"""Guests from outside at dissemination events: never participants, never in hours or figures (R-171).

No table here leads to a person, an invitation or attendance, and none of theirs leads here.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Municipality(models.Model):
    """A municipality that guests come from; the list is data that staff change."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=80)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class GuestList(PublicIdModel):
    """Seats for guests at an event; its row is the lock for them."""

    occasion = models.OneToOneField(
        "programme.Occasion", on_delete=models.PROTECT, related_name="guest_list"
    )
    seats = models.PositiveIntegerField(_("seats for guests"))
    opens_at = models.DateTimeField(_("registration opens"))
    closes_at = models.DateTimeField(_("registration closes"))
    # Set when the guests' names are erased and only the counts are left.
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    history = tracked()

    class Meta:
        verbose_name = _("guest list")
        verbose_name_plural = _("guest lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="guest_times_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"guests {self.public_id}"


class GuestQuerySet(models.QuerySet["Guest"]):
    """Guests in domain words."""

    def coming(self) -> Self:
        """Those who have confirmed."""
        return self.filter(state=Guest.State.CONFIRMED)


class Guest(PublicIdModel):
    """Someone from outside who has asked to come to one event."""

    class State(models.TextChoices):
        ASKED = "asked", _("has not confirmed")
        CONFIRMED = "confirmed", _("coming")
        FULL = "full", _("the event was full")
        LEFT = "left", _("cannot come")

    class Mail(models.TextChoices):
        """What is to be sent; the row is the outbox, so that erasing it erases all of it."""

        NONE = "", _("nothing")
        CONFIRM = "confirm", _("link to confirm")
        WELCOME = "welcome", _("confirmation")
        FULL = "full", _("the event is full")
        CHANGED = "changed", _("the event is changed")
        CANCELLED = "cancelled", _("the event is cancelled")
        LEFT = "left", _("registration taken back")

    guest_list = models.ForeignKey(GuestList, on_delete=models.PROTECT, related_name="guests")
    # Emptied, with the row kept, when they are erased.
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="guests",
        verbose_name=_("municipality"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    mail = models.CharField(_("mail to send"), max_length=10, choices=Mail, blank=True)
    mail_after = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    erased_at = models.DateTimeField(_("erased"), null=True)

    objects = GuestQuerySet.as_manager()
    history = tracked(secret=["name", "email"], exclude=["mail_after", "mail_attempts"])

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["mail_after"], condition=~Q(mail=""), name="guest_mail_waiting")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["guest_list", "email"], condition=~Q(email=""), name="guest_once"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", email="", mail=""),
                name="erased_guest_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"guest {self.public_id}"


class MunicipalityCount(models.Model):
    """How many from one municipality were registered, and how many came (R-172)."""

    guest_list = models.ForeignKey(GuestList, on_delete=models.PROTECT, related_name="counts")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="counts")
    # Counted from the guests' rows before these are erased.
    registered = models.PositiveIntegerField(_("registered"), default=0)
    # Entered by staff; empty until somebody has counted.
    attended = models.PositiveIntegerField(_("came"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("count by municipality")
        verbose_name_plural = _("counts by municipality")
        constraints = [
            models.UniqueConstraint(
                fields=["guest_list", "municipality"], name="municipality_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.guest_list_id} {self.municipality_id}"
