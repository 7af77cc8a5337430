"""Sample answers with what they should lead to: a form's own tests, run when it is published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from forms_app.models.definition import FormDefinition


class FormSample(models.Model):
    """Invented answers to a form, and which questions they should show and require."""

    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="samples")
    name = models.CharField(_("name"), max_length=120)
    # As they would be typed, by field key.
    raw = models.JSONField(default=dict)
    # {"shown": [keys], "demanded": [keys], "valid": true}; see forms_app.trial.Outcome.
    expected = models.JSONField(default=dict)
    history = tracked()

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "name"], name="form_sample_name_once")
        ]

    def __str__(self) -> str:
        return self.name
