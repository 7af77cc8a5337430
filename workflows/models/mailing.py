"""What staff decide about messages: their words, when they are held, who gets them."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class MessageText(PublicIdModel):
    """The words of a kind of message from a moment on; earlier words stay as they were.

    Placeholders stand by their key in braces: ``{reference}``.
    """

    kind = models.CharField(max_length=60)
    subject = models.CharField(_("subject"), max_length=160)
    body = models.TextField(_("text"), max_length=4000)
    reason = models.CharField(_("reason"), max_length=200)
    written_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("message text")
        verbose_name_plural = _("message texts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="message_text_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class MessagePlan(models.Model):
    """When messages are held back, from a date on, with the decision it rests on."""

    valid_from = models.DateField(_("valid from"), unique=True)
    # Nothing but what cannot wait is sent from one hour to the other, nor on days off.
    quiet_from = models.TimeField(_("quiet from"))
    quiet_to = models.TimeField(_("quiet until"))
    quiet_days_off = models.BooleanField(_("quiet on weekends and public holidays"), default=True)
    digest_at = models.TimeField(_("time of the daily summary"))
    # More readers than this, and somebody else than the author must send.
    review_over = models.PositiveIntegerField(_("a colleague must send when the readers are over"))
    # How many messages a week are many for one reader; the sender is told.
    many_a_week = models.PositiveSmallIntegerField(
        _("warn when a reader has had this many in a week"), validators=[MinValueValidator(1)]
    )
    keep_bodies_days = models.PositiveSmallIntegerField(
        _("days that the text of a sent message is kept"), validators=[MinValueValidator(30)]
    )
    # Drafts of decisions' messages that have waited longer are told of by the daily checks.
    draft_days = models.PositiveSmallIntegerField(
        _("days that a decision's message may wait as a draft"),
        default=2,
        validators=[MinValueValidator(1)],
    )
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("plan for messages")
        verbose_name_plural = _("plans for messages")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return str(self.valid_from)


class MessageReview(PublicIdModel):
    """Whether messages of a kind of decision wait as drafts; the newest row of a kind counts."""

    kind = models.CharField(max_length=60)
    waits = models.BooleanField(_("waits as a draft"))
    decision = models.CharField(_("decision"), max_length=120)
    # Nobody for what the first set-up laid.
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("review of messages")
        verbose_name_plural = _("reviews of messages")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="message_review_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class MessagePreference(models.Model):
    """How one person wants what is merely nice to know: as it comes, or once a day."""

    class Pace(models.TextChoices):
        DAILY = "daily", _("in one summary a day")
        AT_ONCE = "at_once", _("as they come")

    user = models.OneToOneField(
        "people.User", on_delete=models.PROTECT, related_name="message_preference"
    )
    pace = models.CharField(_("pace"), max_length=8, choices=Pace, default=Pace.DAILY)
    history = tracked()

    class Meta:
        verbose_name = _("wish about messages")
        verbose_name_plural = _("wishes about messages")

    def __str__(self) -> str:
        return f"{self.user_id} {self.pace}"


class Mailing(PublicIdModel):
    """A message to many: a draft until somebody sends it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        STOPPED = "stopped", _("stopped")
        DISCARDED = "discarded", _("thrown away")

    audience = models.CharField(_("readers"), max_length=60)
    subject_key = models.CharField(max_length=60, blank=True)
    subject = models.CharField(_("subject"), max_length=160)
    body = models.TextField(_("text"), max_length=4000)
    must_know = models.BooleanField(_("must be known"), default=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Grows with every saved change: whoever sends says which draft they have read.
    revision = models.PositiveIntegerField(default=1)
    sent_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    readers = models.PositiveIntegerField(default=0)
    history = tracked()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "stopped"]) | Q(sent_by__isnull=False),
                name="sent_mailing_has_a_sender",
            )
        ]

    def __str__(self) -> str:
        return f"mailing {self.public_id}"


class MessageRuleQuerySet(models.QuerySet["MessageRule"]):
    """Rules in domain words."""

    def in_use(self) -> Self:
        """Not ended."""
        return self.filter(ended_at__isnull=True)


class MessageRule(PublicIdModel):
    """A message that goes out by itself, so long before or after something dated."""

    class Side(models.TextChoices):
        BEFORE = "before", _("before it begins")
        AFTER = "after", _("after it has ended")

    name = models.CharField(_("name"), max_length=120)
    audience = models.CharField(_("readers"), max_length=60)
    # Which kinds of dated things, by their keys; empty means all.
    kinds = models.JSONField(default=list, blank=True)
    hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(24 * 120)]
    )
    side = models.CharField(_("when"), max_length=6, choices=Side)
    subject = models.CharField(_("subject"), max_length=160)
    body = models.TextField(_("text"), max_length=4000)
    must_know = models.BooleanField(_("must be known"), default=False)
    decision = models.CharField(_("decision"), max_length=120)
    created_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # What was due before the rule was made is not sent.
    starts_at = models.DateTimeField(_("in use from"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = MessageRuleQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("message rule")
        verbose_name_plural = _("message rules")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("starts_at")),
                name="message_rule_times_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name
