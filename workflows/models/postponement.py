"""Tasks that somebody has put off until a day."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked

if TYPE_CHECKING:
    from people.models import User


class PostponementQuerySet(models.QuerySet["Postponement"]):
    """What is put off, in domain words."""

    def on(self, day: datetime.date) -> Self:
        """Those that keep their task out of sight on the day; on the last day it is back."""
        return self.filter(ended_at__isnull=True, until__gt=day)

    def by(self, user: "User") -> Self:
        """The person's own: what one has put off still waits for the others."""
        return self.filter(user=user)


class Postponement(models.Model):
    """One person wants to see one task again on a day, and not before.

    The task returns by itself when the day has come. Its due day stays where it is,
    and whoever else may decide it sees it all along.
    """

    item = models.ForeignKey(
        "workflows.WorkItem", on_delete=models.PROTECT, related_name="postponements"
    )
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    until = models.DateField(_("put off until"))
    created_at = models.DateTimeField(auto_now_add=True)
    # When the person took it back, or put it off anew.
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = PostponementQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("postponement")
        verbose_name_plural = _("postponements")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "item"],
                condition=models.Q(ended_at__isnull=True),
                name="postponement_once_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} until {self.until}"
