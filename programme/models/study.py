"""What the external evaluator is given: extracts without names, and interviews by consent (R-163, R-164)."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


def new_salt() -> str:
    """A secret that the codes of one extract are made with, so that two extracts do not join."""
    return secrets.token_hex(32)


class EvaluationExtract(PublicIdModel):
    """Leave for one evaluator to fetch the participants' statistics, for a purpose and a time."""

    programme = models.ForeignKey("programme.Programme", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=300)
    granted_to = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)
    expires_on = models.DateField(_("last day"))
    # Whoever has it can tell whose row a code is; it is in no history and on no page.
    salt = models.CharField(max_length=64, default=new_salt, editable=False)
    history = tracked(exclude=["salt"])

    class Meta:
        verbose_name = _("extract for the evaluator")
        verbose_name_plural = _("extracts for the evaluator")
        ordering = ["-granted_at", "-pk"]

    def __str__(self) -> str:
        return f"extract {self.public_id}"


class InterviewConsent(PublicIdModel):
    """A participant's yes to being asked for an interview; taken back at any time."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("consent to an interview")
        verbose_name_plural = _("consents to interviews")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(withdrawn_at=None), name="interview_consent_once"
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.public_id}"


class InterviewSample(PublicIdModel):
    """A drawn sample: the seed and the rule that give the same people from the same consents."""

    class Stratum(models.TextChoices):
        DISTRICT = "district", _("administration")
        CATEGORY = "category", _("category")
        SEX = "sex", _("sex")

    programme = models.ForeignKey("programme.Programme", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=300)
    granted_to = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    drawn_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn"), auto_now_add=True)
    expires_on = models.DateField(_("last day"))
    seed = models.CharField(_("seed"), max_length=40)
    strata = ArrayField(
        models.CharField(max_length=10, choices=Stratum), verbose_name=_("strata"), default=list
    )
    each = models.PositiveSmallIntegerField(_("from each stratum"))
    # How many had said yes in each stratum, and the digest of who: the draw can be done again.
    population = models.JSONField(_("those who had said yes"), default=dict)
    population_digest = models.CharField(max_length=64)
    history = tracked(kept="what was drawn stays as it was")

    class Meta:
        verbose_name = _("interview sample")
        verbose_name_plural = _("interview samples")
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(each__gt=0), name="sample_draws_somebody"),
            models.CheckConstraint(
                condition=~Q(granted_to=F("drawn_by")), name="sample_for_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"sample {self.public_id}"


class InterviewPick(PublicIdModel):
    """One person of a sample, in the order they were drawn within their stratum."""

    sample = models.ForeignKey(InterviewSample, on_delete=models.PROTECT, related_name="picks")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(_("stratum"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"))
    history = tracked(kept="what was drawn stays as it was")

    class Meta:
        verbose_name = _("person drawn for an interview")
        verbose_name_plural = _("persons drawn for interviews")
        ordering = ["stratum", "order"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "person"], name="interview_pick_once")
        ]

    def __str__(self) -> str:
        return f"pick {self.public_id}"
