"""Waves of districts, the kinds of nomination they take, and the quotas."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Wave(PublicIdModel):
    """A round in which some districts nominate during a window (R-023 to R-026)."""

    class ManagersFirst(models.TextChoices):
        OFF = "off", _("no check")
        WARN = "warn", _("warn")
        BLOCK = "block", _("refuse")

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="waves"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=80)
    opens_on = models.DateField(_("opens"))
    closes_on = models.DateField(_("closes"))
    managers_first = models.CharField(
        _("managers first"), max_length=6, choices=ManagersFirst, default=ManagersFirst.WARN
    )
    order_reason = models.TextField(_("why these districts now"), blank=True)
    history = tracked()

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="wave_number_once"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="wave_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NominationKind(PublicIdModel):
    """One way to nominate: which category, which form, which workflow."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="kinds"
    )
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    category = models.ForeignKey("programme.Category", on_delete=models.PROTECT)
    # The in-depth course: only for people with a key function, and outside the quotas.
    key_functions_only = models.BooleanField(_("only key functions"), default=False)
    uses_quota = models.BooleanField(_("counts against the quota"), default=True)
    form = models.ForeignKey("forms_app.FormDefinition", on_delete=models.PROTECT)
    workflow = models.ForeignKey("workflows.WorkflowDefinition", on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = tracked()

    class Meta:
        verbose_name = _("kind of nomination")
        verbose_name_plural = _("kinds of nomination")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="nomination_kind_key_once")
        ]

    def __str__(self) -> str:
        return self.name


class Quota(models.Model):
    """Places for one administration and category in a wave; a row makes the district part of it."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="quotas")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="quotas"
    )
    category = models.ForeignKey("programme.Category", on_delete=models.PROTECT)
    places = models.PositiveIntegerField(_("places"))
    decision = models.CharField(_("decision"), max_length=120, blank=True)
    history = tracked()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.UniqueConstraint(fields=["wave", "organisation", "category"], name="quota_once")
        ]

    def __str__(self) -> str:
        return f"{self.wave} {self.organisation} {self.places}"
