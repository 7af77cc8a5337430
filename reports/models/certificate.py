"""Certificates of attendance and of a completed course."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Certificate(PublicIdModel):
    """What was certified, as it was then; its public id is the code on the check page."""

    class Kind(models.TextChoices):
        MONTH = "month", _("attendance of a month")
        COURSE = "course", _("completed course")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="certificates"
    )
    participation = models.ForeignKey(
        "programme.Participation", on_delete=models.PROTECT, null=True, related_name="certificates"
    )
    month = models.ForeignKey(
        "programme.Month", on_delete=models.PROTECT, null=True, related_name="certificates"
    )
    # What the public check page says: the course, and nothing of the person.
    course_name = models.CharField(_("course"), max_length=120)
    # Everything printed, so that the same file can be made again.
    content = models.JSONField(default=dict)
    digest = models.CharField(_("SHA-256"), max_length=64)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoke_reason = models.TextField(_("reason"), blank=True)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces"
    )
    history = tracked()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="month") & Q(month__isnull=False))
                | (Q(kind="course") & Q(participation__isnull=False)),
                name="certificate_of_something",
            ),
            models.UniqueConstraint(
                fields=["person", "month"],
                condition=Q(kind="month", revoked_at__isnull=True),
                name="one_month_certificate",
            ),
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(kind="course", revoked_at__isnull=True),
                name="one_course_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"certificate {self.public_id}"
