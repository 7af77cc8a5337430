"""The outbox: messages are rows first, mail second."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Message(PublicIdModel):
    """One message to one person, written in the transaction that caused it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("waits to be read by a colleague")
        WAITING = "waiting", _("waiting to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    recipient = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="messages"
    )
    address = models.EmailField(_("address"))
    # What happened, such as «case.waiting»; with the key it makes a message unique.
    kind = models.CharField(max_length=60)
    # The same cause never writes two messages, whatever is run twice.
    dedupe_key = models.CharField(max_length=160, unique=True)
    subject = models.CharField(_("subject"), max_length=160)
    body = models.TextField(_("body"))
    link = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(
        "workflows.Case", on_delete=models.PROTECT, null=True, related_name="messages"
    )
    # What the placeholders of the kind's words stand for; the words are chosen when it is sent.
    values = models.JSONField(default=dict, blank=True)
    mailing = models.ForeignKey(
        "workflows.Mailing", on_delete=models.PROTECT, null=True, related_name="messages"
    )
    # Waits for the day's summary to its reader.
    # Whose decision it tells, and who let it out or stopped it, where it waited as a draft.
    caused_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Whoever read the draft gave this one message words that are not its kind's.
    own_words = models.BooleanField(default=False)
    in_digest = models.BooleanField(default=False)
    # Of the text as it was sent: it stays when the text is erased.
    body_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    history = tracked(exclude=["body", "values"])

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="waiting"),
                name="message_waiting",
            ),
            models.Index(
                fields=["created_at"], condition=models.Q(state="draft"), name="message_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.public_id}"


class UsedLink(models.Model):
    """That the link in one message has led to a decision; it leads to no more."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="used_link")
    used_at = models.DateTimeField(_("used"), auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("used link")
        verbose_name_plural = _("used links")

    def __str__(self) -> str:
        return f"link of message {self.message_id}"
