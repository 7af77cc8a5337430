"""Everything dated that people attend, and who is invited to it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel, new_public_id
from people.access import below
from people.models import Capability, User


class OccasionQuerySet(models.QuerySet["Occasion"]):
    """Occasions in domain words."""

    def standing(self) -> Self:
        """Not cancelled."""
        return self.exclude(state=Occasion.State.CANCELLED)

    def arranged_by(self, user: User) -> Self:
        """Those in administrations where the user arranges."""
        return self.filter(below(user, Capability.ARRANGE, "district"))

    def taught_by(self, user: User) -> Self:
        """Those the user is the trainer of."""
        return self.filter(trainers=user)


class Occasion(PublicIdModel):
    """A training day, a live or recorded lecture, or a dissemination event: one table for all."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("training occasion")
        LECTURE = "lecture", _("live lecture")
        RECORDING = "recording", _("recorded lecture")
        EVENT = "event", _("dissemination event")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="occasions"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TRAINING)
    # Empty for what is open to more than a group.
    group = models.ForeignKey(
        "programme.Group", on_delete=models.PROTECT, null=True, blank=True, related_name="occasions"
    )
    unit = models.ForeignKey(
        "programme.LearningUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="occasions",
    )
    title = models.CharField(_("title"), max_length=160)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    # [from, to] in minutes after the start; what is left is the net time hours are counted within.
    breaks = models.JSONField(_("breaks"), default=list, blank=True)
    # A day on which a recording is watched is no longer than the recording.
    most_minutes = models.PositiveSmallIntegerField(_("most minutes that count"), null=True)
    district = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="occasions"
    )
    online = models.BooleanField(_("online"), default=False)
    join_address = models.URLField(_("meeting address"), blank=True)
    # On site in the districts is the rule; the reason for anything else.
    deviation_reason = models.TextField(_("reason for not meeting on site"), blank=True)
    trainers = models.ManyToManyField(
        "people.User", blank=True, related_name="taught_occasions", verbose_name=_("trainers")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    cancel_reason = models.TextField(_("reason"), blank=True)
    # Of the calendar entry: grows with every change that those invited must see.
    sequence = models.PositiveIntegerField(default=0)
    # Signs the codes shown on the screen; a new one voids those photographed.
    check_in_secret = models.CharField(max_length=12, default=new_public_id, editable=False)

    objects = OccasionQuerySet.as_manager()
    history = tracked(secret=["check_in_secret"])

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"], name="occasion_starts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="occasion_times_in_order"
            ),
            # A recording has one occasion for each day that somebody watched it.
            models.UniqueConstraint(
                fields=["unit", "starts_at"],
                condition=Q(kind="recording"),
                name="recording_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations in domain words."""

    def expected(self) -> Self:
        """Those whose seats are taken: neither withdrawn nor answered with a no."""
        return self.filter(EXPECTED)


class Invitation(PublicIdModel):
    """That a person is expected at an occasion; the roster, and the person's calendar entry.

    The entry's identity is this row's public id: it stays the same through every
    change, so the calendar updates and never shows the occasion twice.
    """

    class Answer(models.TextChoices):
        NONE = "", _("no answer")
        COMING = "coming", _("coming")
        NOT_COMING = "not_coming", _("cannot come")

    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="invitations"
    )
    # Which participation the hours belong to; empty for guests and open lectures.
    participation = models.ForeignKey(
        "programme.Participation",
        on_delete=models.PROTECT,
        null=True,
        related_name="invitations",
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    invited_at = models.DateTimeField(_("invited"), null=True)
    # Moved to another group, left the course, or the seat was given to a colleague.
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_reason = models.TextField(_("reason"), blank=True)
    # Staff decided about this one person: changes of the group leave the row as it is.
    by_hand = models.BooleanField(_("decided by staff"), default=False)
    sequence = models.PositiveIntegerField(default=0)
    # In the personal address to the online meeting; a meeting report that carries it is matched.
    join_token = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)

    objects = InvitationQuerySet.as_manager()
    history = tracked(secret=["join_token"])

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["occasion", "person"], name="invited_once")]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"


#: Whose seat at the occasion is taken. Whoever cannot come stays invited and may change their
#: mind, but leaves the seat free meanwhile.
EXPECTED = Q(withdrawn_at__isnull=True) & ~Q(answer=Invitation.Answer.NOT_COMING)


class CalendarFeed(PublicIdModel):
    """A person's calendar subscription; its secret address is made anew when the person asks."""

    person = models.OneToOneField(
        "people.Person", on_delete=models.PROTECT, related_name="calendar_feed"
    )
    # One half of the address's signature; the other is the installation's own key.
    secret = models.CharField(max_length=12, default=new_public_id, editable=False)
    renewed_at = models.DateTimeField(_("renewed"), auto_now_add=True)
    history = tracked(secret=["secret"])

    class Meta:
        verbose_name = _("calendar subscription")
        verbose_name_plural = _("calendar subscriptions")

    def __str__(self) -> str:
        return f"calendar {self.public_id}"


class HomeworkDone(models.Model):
    """That a participant has done the homework of a unit; no text about it is kept (R-071)."""

    participation = models.ForeignKey(
        "programme.Participation", on_delete=models.PROTECT, related_name="homework"
    )
    unit = models.ForeignKey("programme.LearningUnit", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("done"), auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("done homework")
        verbose_name_plural = _("done homework")
        constraints = [
            models.UniqueConstraint(fields=["participation", "unit"], name="homework_done_once")
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.unit_id}"
