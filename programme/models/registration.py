"""Seats at what is open to more than a group, and everyone who has asked for one."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel
from people.access import below
from people.models import Capability, User

# Counted by the database itself, so that even a statement written past the rules cannot sell
# a seat twice: the plan's row is updated, which makes two writers wait, and its check refuses.
COUNT_SEATS = """
    IF TG_OP <> 'INSERT' AND OLD.state IN ('registered', 'offered')
       AND (TG_OP = 'DELETE' OR NEW.state NOT IN ('registered', 'offered')
            OR NEW.plan_id <> OLD.plan_id) THEN
        UPDATE programme_seatplan SET taken = taken - 1 WHERE id = OLD.plan_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state IN ('registered', 'offered')
       AND (TG_OP = 'INSERT' OR OLD.state NOT IN ('registered', 'offered')
            OR NEW.plan_id <> OLD.plan_id) THEN
        UPDATE programme_seatplan SET taken = taken + 1 WHERE id = NEW.plan_id;
    END IF;
    RETURN NULL;
"""


class SeatPlan(PublicIdModel):
    """How an occasion is filled: seats, the districts' shares, deadlines and conditions.

    Its row is the lock: whoever gives a seat, takes one back or asks for one holds it first.
    """

    occasion = models.OneToOneField(
        "programme.Occasion", on_delete=models.PROTECT, related_name="seat_plan"
    )
    seats = models.PositiveIntegerField(_("seats"))
    # Held by those registered or offered a seat; kept by the database, never by the code.
    taken = models.PositiveIntegerField(default=0, editable=False)
    # The last number given in the order of registration.
    last_order = models.PositiveIntegerField(default=0, editable=False)
    opens_at = models.DateTimeField(_("registration opens"))
    closes_at = models.DateTimeField(_("registration closes"))
    change_until = models.DateTimeField(_("seats are given up or changed until"))
    # When what the districts have not used goes to all; never, when empty.
    release_at = models.DateTimeField(_("unused shares are released"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, editable=False)
    # Who must say yes first; nobody, when empty.
    workflow = models.ForeignKey(
        "workflows.WorkflowDefinition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approval"),
    )
    needs_unit = models.ForeignKey(
        "programme.LearningUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("learning unit that must be reached first"),
    )
    managers_until = models.DateTimeField(_("only managers until"), null=True, blank=True)
    history = tracked(exclude=["taken", "last_order"])

    class Meta:
        verbose_name = _("seat plan")
        verbose_name_plural = _("seat plans")
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="never_oversold"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="registration_times_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"seats {self.public_id}"


class SeatQuota(models.Model):
    """The seats kept for one administration until they are released."""

    plan = models.ForeignKey(SeatPlan, on_delete=models.PROTECT, related_name="quotas")
    district = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveIntegerField(_("seats"))
    history = tracked()

    class Meta:
        verbose_name = _("share of the seats")
        verbose_name_plural = _("shares of the seats")
        constraints = [models.UniqueConstraint(fields=["plan", "district"], name="seat_quota_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.district_id} {self.seats}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Registrations in domain words."""

    def live(self) -> Self:
        """Asked for, waiting, offered or registered: not ended."""
        return self.filter(state__in=Registration.LIVE)

    def holding(self) -> Self:
        """Those that take a seat."""
        return self.filter(state__in=Registration.HOLDING)

    def in_line(self) -> Self:
        """The waiting list, first in line first."""
        return self.filter(state=Registration.State.WAITING).order_by("queue")

    def staff_of(self, user: User) -> Self:
        """Of persons in units where the user is the manager."""
        return self.filter(below(user, Capability.NOMINATE, "person__unit"))


class Registration(PublicIdModel):
    """One person's registration for one occasion, through all its states.

    The seat itself is the person's :class:`Invitation`: calendar, reminders, the way into
    the meeting and the attendance list read that, as for a group.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for approval")
        REGISTERED = "registered", _("registered")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("offered a seat")
        DECLINED = "declined", _("said no to the seat")
        LAPSED = "lapsed", _("did not answer in time")
        REFUSED = "refused", _("not approved")
        LEFT = "left", _("gave up the seat")
        REPLACED = "replaced", _("a colleague has the seat")

    LIVE = (State.ASKED, State.REGISTERED, State.WAITING, State.OFFERED)
    HOLDING = (State.REGISTERED, State.OFFERED)

    plan = models.ForeignKey(SeatPlan, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="registrations"
    )
    # Whose share it is counted against; as it was at registration.
    district = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    # In the order in which they were committed: given under the plan's lock.
    order = models.PositiveIntegerField(_("order"))
    # Place in the line; equal to the order unless staff have changed it, with a reason.
    queue = models.PositiveIntegerField(_("place in the line"), null=True)
    registered_at = models.DateTimeField(_("registered"))
    offered_at = models.DateTimeField(_("offered"), null=True)
    offer_until = models.DateTimeField(_("to be answered before"), null=True)
    case = models.OneToOneField(
        "workflows.Case", on_delete=models.PROTECT, null=True, related_name="registration"
    )
    # Whose seat it took over.
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    by_hand = models.BooleanField(_("entered by staff"), default=False)
    reason = models.TextField(_("reason"), blank=True)

    objects = RegistrationQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["order"]
        indexes = [
            models.Index(
                fields=["offer_until"], condition=Q(state="offered"), name="registration_offers"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="registered_once"),
            models.UniqueConstraint(fields=["plan", "order"], name="registration_order_once"),
            models.UniqueConstraint(
                fields=["plan", "queue"],
                name="place_in_line_once",
                # A reordering gives the line new places, one row after another.
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", queue__isnull=False)
                | (~Q(state="waiting") & Q(queue__isnull=True)),
                name="in_line_only_when_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_until__isnull=False),
                name="offer_has_a_clock",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="count_seats",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=COUNT_SEATS,
            )
        ]

    def __str__(self) -> str:
        return f"registration {self.public_id}"
