"""What staff build, and the frozen versions that people answer."""

from dataclasses import replace
from typing import Any

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from audit.history import tracked
from audit.triggers import AlwaysTrigger, array, fixed, leaving_out
from forms_app.blocks import FormStepBlock
from forms_app.care import COUNTED_FROM_WORDS, MAX_DAYS, CountedFrom, Retention

#: The one operation that may erase answers.
ERASE = "form.retention.erase"
FROZEN = "published forms and given answers are never changed"


def frozen() -> AlwaysTrigger:
    """The database refuses every change of a row."""
    return AlwaysTrigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        function="audit_refuse",
        arguments=[FROZEN],
    )


def erasable(*columns: str) -> AlwaysTrigger:
    """The database refuses every change, except that answers become the mark of an erased one."""
    return AlwaysTrigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        function="audit_refuse_unless_erased",
        arguments=[FROZEN, array(columns), ERASE],
    )


class FormDefinition(models.Model):
    """A form under construction; people never answer it, only its published versions."""

    key = models.SlugField(
        _("key"),
        max_length=60,
        unique=True,
        help_text=_("The portal finds the form by it. Made from the name, and never changed."),
    )
    name = models.CharField(_("name"), max_length=120)
    introduction = models.TextField(_("introduction"), blank=True)
    steps: Any = StreamField([("step", FormStepBlock())], verbose_name=_("steps"), blank=True)
    delete_after_days = models.PositiveIntegerField(
        _("delete answers after, days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DAYS)],
        help_text=_("Left empty, answers are not deleted by themselves."),
    )
    counted_from = models.CharField(
        _("counted from"),
        max_length=12,
        choices=[(one.value, words) for one, words in COUNTED_FROM_WORDS.items()],
        default=CountedFrom.SUBMISSION,
    )
    keep_until = models.DateField(
        _("keep answers until"),
        null=True,
        blank=True,
        help_text=_("Until this day is over nothing is deleted, whatever is said above."),
    )
    keep_decision = models.CharField(
        _("decision to keep"),
        max_length=120,
        blank=True,
        help_text=_("The decision that says so, for example its record number."),
    )
    history = tracked(kept="answers name the form they were given to")

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["name"]
        triggers = [fixed("key", reason="case types, exports and answers find the form by its key")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the key is left out, since the database refuses to be told it again."""
        super().save(*args, **leaving_out(self, {"key"}, kwargs))

    @property
    def retention(self) -> Retention:
        """How long answers are kept, as the form would be published."""
        kept = Retention(
            delete_after_days=self.delete_after_days,
            keep_until=self.keep_until.isoformat() if self.keep_until else None,
            keep_decision=self.keep_decision.strip(),
        )
        counts = self.delete_after_days and self.counted_from != CountedFrom.SUBMISSION
        return replace(kept, counted_from=self.counted_from) if counts else kept


class FormVersion(models.Model):
    """A published form: never changed again, so an answer can be read as it was asked."""

    definition = models.ForeignKey(
        FormDefinition, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    # See forms_app.schema.FormSchema for the shape.
    schema = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))
    published_by_name = models.CharField(max_length=160)
    history = tracked(kept=FROZEN)

    class Meta:
        verbose_name = _("form version")
        verbose_name_plural = _("form versions")
        ordering = ["-number"]
        triggers = [frozen()]
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="form_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.number}"


class FormOpening(models.Model):
    """When a form can be answered and how often; in force at once, without publishing."""

    definition = models.OneToOneField(
        FormDefinition, on_delete=models.PROTECT, related_name="opening"
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    answer_limit = models.PositiveIntegerField(
        _("most answers in all"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    answers_per_person = models.PositiveIntegerField(
        _("most answers a person"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    paused_words = models.CharField(
        _("paused, and why"),
        max_length=200,
        blank=True,
        help_text=_(
            "While something stands here nobody can send new answers, and this is what they read. "
            "What they have written is kept. Empty it to go on."
        ),
    )
    history = tracked(kept="an answer that was refused is explained by it")

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="form_opens_before_it_closes",
                violation_error_message=_("The form must open before it closes."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.definition}"


class DraftLifetime(models.Model):
    """From a day on: how long a draft that nobody touches is kept, by decision."""

    valid_from = models.DateField(_("valid from"), unique=True)
    days = models.PositiveIntegerField(
        _("days without change before a draft is deleted"),
        validators=[MinValueValidator(7), MaxValueValidator(3650)],
    )
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked(kept="what was deleted is explained by it")

    class Meta:
        verbose_name = _("lifetime of drafts")
        verbose_name_plural = _("lifetime of drafts")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.days}"
