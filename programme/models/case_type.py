"""Kinds of case that staff make themselves: a form, a workflow and who may start."""

import datetime
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.triggers import AlwaysTrigger, fixed, leaving_out
from core.models import PublicIdModel

#: Cases, workflows and references are found by these; the database refuses a change.
FIXED = ("key", "prefix")


class CaseTypeQuerySet(models.QuerySet["CaseType"]):
    """Case types in domain words."""

    def open_on(self, day: datetime.date) -> Self:
        """Those that take new cases on the day."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            in_use=True,
        )


class CaseType(PublicIdModel):
    """One kind of case as data. Its cases go on after it has been taken out of use."""

    class BelongsTo(models.TextChoices):
        STARTER = "starter", _("where whoever starts it holds their role")
        FIELD = "field", _("the organisation that a question in the form asks for")
        FIXED = "fixed", _("always the same organisation")

    key = models.SlugField(
        _("key"),
        max_length=40,
        unique=True,
        help_text=_("Stands in addresses and never changes. Left empty, it is made from the name."),
    )
    name = models.CharField(
        _("name"), max_length=80, help_text=_("One case, such as “Cost” or “Equipment loan”.")
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("When to use it. Shown to those who may start such a case."),
    )
    prefix = models.CharField(
        _("letters of the reference"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^[A-ZÅÄÖ]{1,6}$", _("One to six capital letters."))],
        help_text=_("“K” gives the references K-2026-0001, K-2026-0002 … Never changes."),
    )
    form = models.ForeignKey(
        "forms_app.FormDefinition",
        on_delete=models.PROTECT,
        related_name="case_types",
        verbose_name=_("form"),
    )
    workflow = models.ForeignKey(
        "workflows.WorkflowDefinition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case_types",
        verbose_name=_("workflow"),
        help_text=_("Can wait: the workflow is drawn for this kind of case, once it is saved."),
    )
    everyone = models.BooleanField(
        _("everyone who works here may start"),
        default=False,
        help_text=_("Also those without a role. The case belongs to their own unit."),
    )
    starters = ArrayField(
        models.SlugField(max_length=40), default=list, blank=True, verbose_name=_("who may start")
    )
    within = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only within"),
        help_text=_("Only those who hold the role here or below. Empty means everywhere."),
    )
    readers = ArrayField(
        models.SlugField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("who may also read"),
    )
    belongs_to = models.CharField(
        _("the case belongs to"),
        max_length=8,
        choices=BelongsTo,
        default=BelongsTo.STARTER,
        help_text=_("Those who decide are looked for there, and upwards."),
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("always this organisation"),
    )
    # Keys of questions in the form.
    organisation_field = models.CharField(
        _("question that asks for the organisation"), max_length=60, blank=True
    )
    title_field = models.CharField(_("answer that is the title"), max_length=60, blank=True)
    subtitle_field = models.CharField(
        _("answer that stands below the title"), max_length=60, blank=True
    )
    person_field = models.CharField(
        _("question that names the person the case is about"),
        max_length=60,
        blank=True,
        help_text=_("That person sees the case and never decides in it."),
    )
    in_use = models.BooleanField(_("in use"), default=False, editable=False)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = CaseTypeQuerySet.as_manager()
    history = tracked(kept="cases and workflows find their kind by its key")

    class Meta:
        verbose_name = _("case type")
        verbose_name_plural = _("case types")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="case_type_dates_in_order",
            ),
        ]
        triggers = [
            fixed(*FIXED, reason="cases and references bear the key and the letters of their type")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; what never changes is left out, since the database refuses to be told it."""
        super().save(*args, **leaving_out(self, FIXED, kwargs))

    def is_open_on(self, day: datetime.date) -> bool:
        """Whether new cases are taken on the day."""
        begun = self.starts_on is None or self.starts_on <= day
        return self.in_use and begun and (self.ends_on is None or self.ends_on >= day)


class CaseSubmission(models.Model):
    """Which answers a case was decided on: a row for each round, written once."""

    case = models.ForeignKey("workflows.Case", on_delete=models.PROTECT, related_name="submissions")
    case_type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="submissions")
    submission = models.OneToOneField(
        "forms_app.Submission", on_delete=models.PROTECT, related_name="case_submission"
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    history = tracked(kept="a case keeps the answers it was decided on")

    class Meta:
        verbose_name = _("answers of a case")
        verbose_name_plural = _("answers of cases")
        ordering = ["case", "round"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="case_submission_once_a_round")
        ]
        triggers = [
            AlwaysTrigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                function="audit_refuse",
                arguments=["a case keeps the answers it was decided on"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"
