"""Files with many nominations, between preview and confirmation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PublicIdModel


class ImportBatch(PublicIdModel):
    """A checked file that waits for its owner's yes; it holds references, no identity numbers."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("waits for your confirmation")
        DONE = "done", _("carried out")

    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    wave = models.ForeignKey("programme.Wave", on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey("programme.NominationKind", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("forms_app.FormVersion", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    # One object a row: number, person (public reference), raw (answers by field key), errors.
    rows = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEW)
    created_at = models.DateTimeField(_("read"), auto_now_add=True)
    done_at = models.DateTimeField(_("carried out"), null=True)

    class Meta:
        verbose_name = _("file with nominations")
        verbose_name_plural = _("files with nominations")

    def __str__(self) -> str:
        return f"import {self.public_id}"
