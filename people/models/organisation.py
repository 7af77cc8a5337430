"""The organisation tree, with validity dates and successors."""

import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations in domain words."""

    def valid_on(self, day: datetime.date) -> Self:
        """Those that exist on the day."""
        return self.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def below(self, organisation_ids: list[int]) -> Self:
        """The given organisations and everything under them."""
        return self.filter(lineage__overlap=organisation_ids)


class Organisation(PublicIdModel):
    """A node: the city, an administration, a department or a unit."""

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        DISTRICT = "district", _("district administration")
        CITY_WIDE = "city_wide", _("city-wide administration")
        DEPARTMENT = "department", _("department")
        UNIT = "unit", _("unit")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    board = models.CharField(_("board"), max_length=160, blank=True)
    organisation_number = models.CharField(_("organisation number"), max_length=11, blank=True)
    service_area = models.CharField(_("service area"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    # Primary keys from the root down to this row, so that «below» and «upwards»
    # are one indexed comparison instead of a walk.
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    objects = OrganisationQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        indexes = [GinIndex(fields=["lineage"], name="organisation_lineage")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
