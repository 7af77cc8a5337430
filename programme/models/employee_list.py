"""A list of employees between its reading and a yes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PublicIdModel


class EmployeeList(PublicIdModel):
    """A file of employees, sealed under the vault's keys until it is taken in or grows old.

    It may hold personal identity numbers, so what was read is never kept in the clear.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("waits for your confirmation")
        DONE = "done", _("carried out")

    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    # The table that was read, sealed; empty once it is taken in or erased.
    sealed = models.TextField(blank=True, editable=False)
    # Headings whose cells were not read.
    ignored = models.JSONField(default=list)
    # What was done: numbers of new, changed and moved persons, and of new units.
    counts = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEW)
    created_at = models.DateTimeField(_("read"), auto_now_add=True)
    done_at = models.DateTimeField(_("carried out"), null=True)

    class Meta:
        verbose_name = _("list of employees")
        verbose_name_plural = _("lists of employees")

    def __str__(self) -> str:
        return f"employees {self.public_id}"
