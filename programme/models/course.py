"""Courses as data: what is taught, in which learning units, and when someone has completed one."""

import re
from typing import Self

from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Module(models.Model):
    """A subject of the training, as the application lists them (R-068, R-069)."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="modules"
    )
    key = models.SlugField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = tracked()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="module_key_once")]

    def __str__(self) -> str:
        return self.name


class Course(PublicIdModel):
    """What a group goes through: the series, the managers' course, the in-depth course (R-065 to R-067).

    Its learning units are the template: a group made from it gets one occasion for each.
    """

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="courses"
    )
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    # Nominations of this kind lead here; a lecture course has none and is open to all.
    kind = models.ForeignKey(
        "programme.NominationKind",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
    )
    # Whether its hours are part of the planned 26 or 18 (an open question of the application).
    counts_towards_plan = models.BooleanField(_("counts towards the planned hours"), default=True)
    in_use = models.BooleanField(_("in use"), default=True)
    # Staff mark a change that the ESF council must be asked about first.
    needs_change_application = models.BooleanField(
        _("requires a change application"), default=False
    )
    history = tracked()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="course_key_once")]

    def __str__(self) -> str:
        return self.name


class LearningUnit(PublicIdModel):
    """One thing to learn, reached once by whichever occasion or recording taught it."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="units")
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    modules = models.ManyToManyField(
        Module, blank=True, related_name="units", verbose_name=_("modules")
    )
    # How long an occasion for it is by default, breaks included, in minutes.
    minutes = models.PositiveSmallIntegerField(_("minutes, breaks included"), default=260)
    # Breaks as [from, to] in minutes after the start.
    breaks = models.JSONField(_("breaks"), default=list, blank=True)
    days_after_previous = models.PositiveSmallIntegerField(
        _("days after the previous occasion"), default=28
    )
    must_have = models.BooleanField(_("needed to complete the course"), default=False)
    homework = models.TextField(_("homework"), blank=True)
    # Days before the next occasion by which the homework should be done.
    homework_days_before = models.PositiveSmallIntegerField(
        _("homework due, days before"), default=3
    )
    # Live, recorded or both: the hours of such a unit are one time's and never two's.
    counts_once = models.BooleanField(_("its hours count once"), default=False)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("learning unit")
        verbose_name_plural = _("learning units")
        ordering = ["course", "number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="unit_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class MaterialQuerySet(models.QuerySet["Material"]):
    """Material in domain words."""

    def shown(self) -> Self:
        """What participants see."""
        return self.filter(in_use=True, needs_review=False)


class MaterialQuestion(models.Model):
    """What is asked of material before participants see it: whom it shows, who can use it (R-241)."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="material_questions"
    )
    text = models.CharField(_("question"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("question about material")
        verbose_name_plural = _("questions about material")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


def place_to_read(value: str) -> None:
    """Refuse what is neither a page of ours, written from the first slash, nor one of the web."""
    if re.fullmatch(r"/(?![/\\])\S*", value):
        return
    URLValidator(schemes=["http", "https"])(value)


class Material(PublicIdModel):
    """Something to read or watch for a learning unit: an address, a text or a file of its own.

    What is put up or changed waits until somebody else has answered the questions about it.
    """

    unit = models.ForeignKey(LearningUnit, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(_("title"), max_length=160)
    address = models.CharField(_("address"), max_length=200, blank=True, validators=[place_to_read])
    text = models.TextField(_("text"), blank=True)
    # In the private storage, under a name that says nothing; empty without a file.
    path = models.CharField(max_length=200, blank=True, editable=False)
    file_name = models.CharField(_("file name"), max_length=140, blank=True, editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)
    needs_review = models.BooleanField(_("waits for review"), default=False)
    put_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, editable=False)
    # The questions as they were asked then; whoever reviewed has said yes to each.
    review = models.JSONField(_("answers of the review"), default=list, editable=False)
    history = tracked()

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("put_by")),
                name="material_reviewed_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.title


class CompletionRule(models.Model):
    """When someone has completed a course, from a date on (the application leaves it open)."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="completion_rules")
    valid_from = models.DateField(_("valid from"))
    least_units = models.PositiveSmallIntegerField(_("least learning units"))
    # Of the net time planned for the course's occasions.
    least_percent = models.PositiveSmallIntegerField(_("least share of the time, per cent"))
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("completion rule")
        verbose_name_plural = _("completion rules")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "valid_from"], name="completion_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(least_percent__lte=100), name="completion_at_most_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.valid_from}"
