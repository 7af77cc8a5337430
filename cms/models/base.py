"""What every page of ours has."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.addresses import FIXED


class PortalPage(Page):
    """A page with a lead; the address of a page that every page links to never changes."""

    class Meta:
        abstract = True

    @property
    def is_fixed(self) -> bool:
        """Whether the foot of every page links here by address."""
        return bool(self.slug in FIXED and self.depth <= 3)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a new address for a page that the foot of every page links to."""
        super().full_clean(*args, **kwargs)
        if self.pk:
            before = Page.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
            if before in FIXED and before != self.slug:
                raise ValidationError(
                    {"slug": _("Every page links to this address, so it cannot be changed.")}
                )


class LeadPage(PortalPage):
    """A page that opens with one or two sentences."""

    lead = models.TextField(
        _("lead"), blank=True, help_text=_("One or two sentences that say what the page gives.")
    )

    class Meta:
        abstract = True
