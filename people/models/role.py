"""Roles: a person (account) holds a role for an organisation during a period."""

import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Capability(models.TextChoices):
    """What a role may do; code asks for these, never for a role's name."""

    NOMINATE = "nominate", _("nominate and see nominations below the own organisation")
    SEE_CASES = "see_cases", _("see cases below the own organisation")
    PLACE = "place", _("handle places, reserve lists, moves and replacements")
    ARRANGE = "arrange", _("arrange groups, venues and occasions, and register attendance")
    TEACH = "teach", _("see the occasions one teaches, and mark who is there")
    CHECK_HOURS = "check_hours", _("check hours, close months and send files")
    MANAGE_PROGRAMME = "manage_programme", _("change programme, waves and quotas")
    MANAGE_DEFINITIONS = "manage_definitions", _("build forms and workflows")
    MANAGE_ACCOUNTS = "manage_accounts", _("open accounts, grant and end roles")
    MANAGE_CONTENT = "manage_content", _("write pages and send them in")
    APPROVE_CONTENT = "approve_content", _("approve and publish pages that others have written")
    SEE_ECONOMY = "see_economy", _("see hours and money")
    SEE_TOTALS = "see_totals", _("see totals, never persons")
    PROCURE = "procure", _("run procurements, contracts and call-offs")
    EVALUATE = "evaluate", _("write evaluation reports, for a limited time")
    AUDIT = "audit", _("read everything and its history, change nothing")
    REVEAL_IDENTITY = "reveal_identity", _("reveal a personal identity number, with a reason")
    SEE_PROTECTED = "see_protected", _("see persons with protected identity")


class Role(models.Model):
    """A role as data: staff name new ones and workflows point to them by key."""

    key = models.SlugField(_("key"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    capabilities = ArrayField(
        models.CharField(max_length=40, choices=Capability), default=list, blank=True
    )
    history = tracked()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Held roles in domain words."""

    def on(self, day: datetime.date) -> Self:
        """Held on the day, by accounts that are active."""
        return self.filter(
            Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            user__is_active=True,
        )


class RoleAssignment(PublicIdModel):
    """Who holds which role, for which organisation, from when to when."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="assignments"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "valid_from"], name="role_held_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="role_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.organisation}"
