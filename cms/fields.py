"""Whom a page is for and what it works towards, as lists to tick in."""

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


class Goal(models.TextChoices):
    """The goals outside the project that its application says it works towards (R-246)."""

    RUFS_2 = "rufs-2", _("RUFS 2050, goal 2: an open, equal and inclusive region")
    AGENDA_1 = "agenda-1", _("Agenda 2030, goal 1: no poverty")
    AGENDA_3 = "agenda-3", _("Agenda 2030, goal 3: good health and well-being")
    AGENDA_4 = "agenda-4", _("Agenda 2030, goal 4: quality education")
    AGENDA_5 = "agenda-5", _("Agenda 2030, goal 5: gender equality")
    AGENDA_8 = "agenda-8", _("Agenda 2030, goal 8: decent work and economic growth")
    AGENDA_10 = "agenda-10", _("Agenda 2030, goal 10: reduced inequalities")


class TickedField(ArrayField):  # type: ignore[type-arg]
    """Several of a list, ticked in the editor."""

    listed: type[models.TextChoices]

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        kwargs["base_field"] = models.CharField(max_length=20, choices=self.listed)
        super().__init__(verbose_name=verbose_name, **kwargs)

    def deconstruct(self) -> Any:
        """Without the base field, which is always the same."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("base_field", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Boxes to tick."""
        return forms.MultipleChoiceField(
            choices=self.listed.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
        )


class AudienceField(TickedField):
    """Several audiences."""

    listed = Audience


class GoalField(TickedField):
    """Several goals."""

    listed = Goal


def names_of(audiences: list[str]) -> list[str]:
    """The audiences' words, in the order they are listed; unknown ones are left out."""
    return [str(audience.label) for audience in Audience if audience in audiences]


def goals_of(goals: list[str]) -> list[str]:
    """The goals' words in their order; unknown ones are left out."""
    return [str(goal.label) for goal in Goal if goal in goals]
