"""Operations and the inbox of events; see the package's docstring."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import triggers


class Operation(models.Model):
    """Who did something, why, on whose behalf and through which channel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A dotted name such as «nomination.submit»; see audit.registry for its words.
    name = models.CharField(_("what"), max_length=80)
    actor_id = models.CharField(max_length=64, blank=True, db_index=True)
    actor_name = models.CharField(_("who"), max_length=160)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=160, blank=True)
    reason = models.TextField(_("why"), blank=True)
    channel = models.CharField(_("channel"), max_length=10)
    # The request's or task's id: operations of one click share it.
    request_id = models.CharField(max_length=64, blank=True, db_index=True)
    # What it was about in the words of the room above, e.g. a case's reference.
    subject = models.CharField(max_length=80, blank=True, db_index=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        triggers = triggers.append_only()

    def __str__(self) -> str:
        return f"{self.name} {self.actor_name}"


class InboxEvent(models.Model):
    """One changed row, as the trigger saw it; waits here to be sealed."""

    at = models.DateTimeField()
    table = models.CharField(max_length=80, db_column="tbl")
    op = models.CharField(max_length=1)
    row_id = models.CharField(max_length=64, db_column="pk")
    operation_id = models.UUIDField(null=True)
    db_user = models.CharField(max_length=64)
    txid = models.BigIntegerField()
    payload = models.TextField()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        db_table = "audit_inbox"
        triggers = triggers.append_only()

    def __str__(self) -> str:
        return f"{self.table} {self.op} {self.row_id}"


class ReadEvent(models.Model):
    """Who looked at what: reading leaves no trace in the rows, so the view writes one."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    # A dotted name such as «audit.read_case»; see audit.registry for its words.
    name = models.CharField(_("what"), max_length=80)
    actor_id = models.CharField(max_length=64, db_index=True)
    actor_name = models.CharField(_("who"), max_length=160)
    request_id = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=80, db_index=True)
    reason = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-at", "-pk"]
        triggers = [triggers.event("id"), *triggers.append_only()]

    def __str__(self) -> str:
        return f"{self.name} {self.actor_name}"
