"""Information texts with versions, and the receipts of those who have read them (R-220)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked


class Notice(models.Model):
    """A text that people must have been given, such as how time reports are handled."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("information text")
        verbose_name_plural = _("information texts")

    def __str__(self) -> str:
        return self.name


class NoticeVersion(models.Model):
    """The text as it read from a certain moment; frozen once published."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"))
    published_at = models.DateTimeField(_("published"))
    history = tracked()

    class Meta:
        verbose_name = _("version of an information text")
        verbose_name_plural = _("versions of information texts")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="notice_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Receipt(models.Model):
    """That a person has taken part of one version, when and how."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="receipts")
    version = models.ForeignKey(NoticeVersion, on_delete=models.PROTECT, related_name="receipts")
    received_at = models.DateTimeField(_("received"))
    channel = models.CharField(_("channel"), max_length=20, default="web")
    history = tracked()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="receipt_once")]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
