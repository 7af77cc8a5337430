"""Why people leave a course, in kinds that staff decide (R-243)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked


class LeavingReason(models.Model):
    """One coarse kind of reason for leaving a course, counted by sex and age.

    Never about health: an illness is data of the kind that article 9 of the data protection
    regulation forbids to keep without need, and the count needs only that somebody left.
    """

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="leaving_reasons"
    )
    key = models.SlugField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("reason for leaving")
        verbose_name_plural = _("reasons for leaving")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="leaving_reason_key_once")
        ]

    def __str__(self) -> str:
        return self.name
