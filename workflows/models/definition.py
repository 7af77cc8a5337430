"""What staff draw, and the frozen versions that cases run on."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from audit.history import tracked
from audit.triggers import AlwaysTrigger, fixed, leaving_out
from workflows.blocks import MaterialBlock, StepBlock


class WorkflowDefinition(models.Model):
    """A workflow under construction; cases never run on it, only on its versions."""

    key = models.SlugField(
        _("key"),
        max_length=60,
        unique=True,
        help_text=_("The portal finds the workflow by it. Made from the name, and never changed."),
    )
    name = models.CharField(_("name"), max_length=120)
    case_kind = models.CharField(_("kind of case"), max_length=40)
    steps = StreamField([("step", StepBlock())], verbose_name=_("steps"), blank=True)
    material = StreamField(
        [("field", MaterialBlock())],
        verbose_name=_("material data"),
        blank=True,
        help_text=_("When one of these answers changes, approvals given before it hold no more."),
    )
    history = tracked()

    class Meta:
        verbose_name = _("workflow")
        verbose_name_plural = _("workflows")
        ordering = ["name"]
        triggers = [fixed("key", reason="cases and case types find the workflow by its key")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the key is left out, since the database refuses to be told it again."""
        super().save(*args, **leaving_out(self, {"key"}, kwargs))


class WorkflowVersion(models.Model):
    """A published workflow: frozen, so a running case never changes under anyone's feet."""

    definition = models.ForeignKey(
        WorkflowDefinition, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    # A list of workflows.rules.Step as plain values.
    steps = models.JSONField()
    # Keys of the data whose change makes earlier approvals void.
    material = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))
    published_by_name = models.CharField(max_length=160)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    history = tracked()

    class Meta:
        verbose_name = _("workflow version")
        verbose_name_plural = _("workflow versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="workflow_version_once")
        ]
        triggers = [
            AlwaysTrigger(
                name="frozen",
                when=pgtrigger.Before,
                # Retiring is the only change: every other column is named here.
                operation=pgtrigger.UpdateOf(
                    "definition_id",
                    "number",
                    "steps",
                    "material",
                    "digest",
                    "published_at",
                    "published_by_name",
                )
                | pgtrigger.Delete,
                function="audit_refuse",
                arguments=["cases run on published workflows, which are never changed"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.number}"
