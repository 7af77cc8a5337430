"""Whom a page is for, as a list to tick in."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Those whom the project tells of itself (R-176)."""

    PARTICIPANTS = "participants", _("participants and managers")
    CITIZENS = "citizens", _("the public")
    ADMINISTRATIONS = "administrations", _("social services and elder care administrations")
    CITY = "city", _("the city executive office")
    MUNICIPALITIES = "municipalities", _("other municipalities")
    UNIVERSITIES = "universities", _("universities")


class AudienceField(ArrayField):  # type: ignore[type-arg]
    """Several audiences, ticked in the editor."""

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        kwargs["base_field"] = models.CharField(max_length=20, choices=Audience)
        super().__init__(verbose_name=verbose_name, **kwargs)

    def deconstruct(self) -> Any:
        """Without the base field, which is always the same."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("base_field", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Boxes to tick."""
        return forms.MultipleChoiceField(
            choices=Audience.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
        )


def names_of(audiences: list[str]) -> list[str]:
    """The audiences' words, in the order they are listed; unknown ones are left out."""
    return [str(audience.label) for audience in Audience if audience in audiences]
