"""Registers that staff define themselves, their entries, and what was decided of them."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.triggers import AlwaysTrigger, fixed, leaving_out
from core.models import PublicIdModel

ENTRIES_STAY = "an entry is withdrawn with a reason and never deleted"
VERSIONS_STAY = "a frozen version of a register is never changed"


class Register(PublicIdModel):
    """A list that the project keeps: what it is for, who reads and writes it, what it asks.

    Everything about it is data. Its fields are those of a published form; an entry names
    the version of the form that it was written with.
    """

    class Link(models.TextChoices):
        """What an entry can point to in the portal."""

        PAGE = "page", _("published pages")
        MODULE = "module", _("modules")
        OCCASION = "occasion", _("occasions")

    class Rhythm(models.TextChoices):
        """How often the register needs a new entry."""

        NONE = "none", _("no rhythm")
        YEAR = "year", _("once a year")
        TERM = "term", _("once a term")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    purpose = models.TextField(_("what it is for"), max_length=1000)
    # A routine or a plan in words, where the register has one beside its entries.
    text = models.TextField(_("text of the register"), max_length=20000, blank=True)
    form = models.ForeignKey(
        "forms_app.FormDefinition",
        on_delete=models.PROTECT,
        related_name="registers",
        verbose_name=_("form"),
    )
    readers = ArrayField(
        models.SlugField(max_length=40), default=list, blank=True, verbose_name=_("who may read")
    )
    writers = ArrayField(
        models.SlugField(max_length=40), default=list, blank=True, verbose_name=_("who may write")
    )
    links = ArrayField(
        models.CharField(max_length=10, choices=Link),
        default=list,
        blank=True,
        verbose_name=_("what entries are linked to"),
    )
    # Keys of questions in the form.
    day_field = models.CharField(_("the entry's day"), max_length=60, blank=True)
    sum_field = models.CharField(_("number to add up"), max_length=60, blank=True)
    late_without = models.CharField(_("late without"), max_length=10, choices=Link, blank=True)
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=Rhythm, default=Rhythm.NONE)
    rhythm_from = models.DateField(_("the rhythm holds from"), null=True)
    warn_days = models.PositiveSmallIntegerField(
        _("warn so many days before the period ends"),
        default=60,
        validators=[MaxValueValidator(366)],
    )
    rhythm_decision = models.CharField(_("decision of the rhythm"), max_length=120, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    # What the form for changing the register showed; a change based on an older one is told.
    edition = models.PositiveIntegerField(default=1, editable=False)
    history = tracked(kept="its entries and versions stay")

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm="none")
                | (Q(rhythm_from__isnull=False) & ~Q(rhythm_decision="")),
                name="register_rhythm_decided",
            )
        ]
        triggers = [fixed("key", reason="set-up and addresses find a register by its key")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the key is left out, since the database refuses to be told it again."""
        super().save(*args, **leaving_out(self, {"key"}, kwargs))


class Entry(PublicIdModel):
    """One line of a register. It is changed or withdrawn; every state it had is kept."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(_("number"))
    # The questions as they were put when the entry was last written.
    version = models.ForeignKey("forms_app.FormVersion", on_delete=models.PROTECT, related_name="+")
    # Cleaned answers by question.
    values = models.JSONField(default=dict)
    # [{"kind": "page", "ref": "12", "title": "…"}]: no foreign keys, since pages can be
    # deleted and what was linked must still be readable.
    links = models.JSONField(default=list)
    # The answers in words, to search among.
    words = models.TextField(blank=True, editable=False)
    # Counts up with each change; a change based on an older one is told so.
    edition = models.PositiveIntegerField(default=1, editable=False)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, editable=False)
    withdrawn_reason = models.TextField(_("reason"), max_length=1000, blank=True)
    history = tracked(exclude=["words"], kept=ENTRIES_STAY)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="entry_number_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")),
                name="entry_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.number}"

    @property
    def heading(self) -> str:
        """The first answer in words, which names the entry."""
        return self.words.partition("\n")[0]


class RegisterVersion(models.Model):
    """The register as it stood on a day and was decided; never changed again.

    It holds words and not references, so that it reads the same whatever happens to forms,
    pages and modules afterwards.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    decided_on = models.DateField(_("decided"))
    decision = models.CharField(_("decision"), max_length=120)
    # See programme.registers.rules.Content for the shape.
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_by_name = models.CharField(_("frozen by"), max_length=160)
    history = tracked(kept=VERSIONS_STAY)

    class Meta:
        verbose_name = _("version of a register")
        verbose_name_plural = _("versions of registers")
        ordering = ["-number"]
        triggers = [
            AlwaysTrigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                function="audit_refuse",
                arguments=[VERSIONS_STAY],
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="register_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.number}"
