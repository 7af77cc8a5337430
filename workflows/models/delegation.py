"""Deputies: who decides for someone who is away."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel

if TYPE_CHECKING:
    from people.models import Organisation


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Delegations in domain words."""

    def on(self, day: datetime.date) -> Self:
        """Those that hold on the day; the last day is included."""
        return self.not_ended().filter(valid_from__lte=day, valid_to__gte=day)

    def not_ended(self) -> Self:
        """Those that nobody has ended before their time."""
        return self.filter(ended_at__isnull=True)


class Delegation(PublicIdModel):
    """A deputy decides for someone, between two dates, in all or some of their cases.

    The deputy acts with the giver's roles and is named beside the giver in every
    trace. What the giver may not decide, the deputy may not decide for them.
    """

    giver = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="delegations_given"
    )
    deputy = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="delegations_held"
    )
    # Empty means every kind of case.
    case_kind = models.CharField(_("kind of case"), max_length=40, blank=True)
    # Cases at or below this organisation; empty means wherever the giver decides.
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_name = models.CharField(max_length=160)
    # When it was ended before its last day; the agreed dates stay as they were.
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by_name = models.CharField(max_length=160, blank=True)

    objects = DelegationQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="delegation_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("deputy")), name="delegation_to_someone_else"
            ),
        ]
        indexes = [models.Index(fields=["giver", "valid_to"], name="delegation_of_giver")]

    def covers(self, case_kind: str, organisation: "Organisation") -> bool:
        """Whether cases of the kind at the organisation are within its scope."""
        if self.case_kind not in ("", case_kind):
            return False
        return self.organisation_id is None or self.organisation_id in organisation.lineage

    def __str__(self) -> str:
        return f"delegation {self.public_id}"
