"""Absence as the register of employees has it: days, and nothing of why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class AbsenceList(PublicIdModel):
    """A file of absences, between preview and confirmation; it holds references, no numbers."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("waits for your confirmation")
        DONE = "done", _("carried out")

    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    # One object a row: number, person (public reference), first, last, percent, errors.
    rows = models.JSONField(default=list)
    # Headings whose cells were not read, such as the reason: it is nobody's business here.
    ignored = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEW)
    created_at = models.DateTimeField(_("read"), auto_now_add=True)
    done_at = models.DateTimeField(_("carried out"), null=True)

    class Meta:
        verbose_name = _("list of absences")
        verbose_name_plural = _("lists of absences")

    def __str__(self) -> str:
        return f"absences {self.public_id}"


class Absence(PublicIdModel):
    """Days that the employer says somebody was away from work, wholly or in part (4.10)."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    percent = models.PositiveSmallIntegerField(_("share of the working day, per cent"))
    source = models.ForeignKey(AbsenceList, on_delete=models.PROTECT, related_name="absences")
    # The register was wrong: the absence stays and stops nobody.
    set_aside_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_aside_at = models.DateTimeField(_("set aside"), null=True)
    set_aside_reason = models.CharField(_("why it is wrong"), max_length=200, blank=True)
    # The days can tell of health and are erased in time, so history never has them.
    history = tracked(secret=["first_day", "last_day", "percent", "set_aside_reason"])

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "first_day", "last_day", "percent"], name="absence_once"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="absence_a_share_of_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.public_id}"
