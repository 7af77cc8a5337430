"""Participations, the groups they are placed in, and what a district prepares before a wave."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel
from people.access import below
from people.models import Capability, User


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Participations in domain words."""

    def ongoing(self) -> Self:
        """Admitted or started, not ended."""
        return self.filter(state__in=[Participation.State.ADMITTED, Participation.State.STARTED])

    def arranged_by(self, user: User) -> Self:
        """Those in administrations where the user arranges groups and occasions."""
        return self.filter(below(user, Capability.ARRANGE, "district"))

    def staff_of(self, user: User) -> Self:
        """Those whose unit lies where the user is the manager."""
        return self.filter(below(user, Capability.NOMINATE, "unit"))


class Participation(PublicIdModel):
    """One person taking one course: what hours, completion and reports are counted from (R-079).

    Not the person: a key function takes the series and the in-depth course, two participations.
    """

    class State(models.TextChoices):
        ADMITTED = "admitted", _("admitted")
        STARTED = "started", _("started")
        COMPLETED = "completed", _("completed")
        DROPPED = "dropped", _("left early")

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="participations"
    )
    course = models.ForeignKey(
        "programme.Course", on_delete=models.PROTECT, related_name="participations"
    )
    # The accepted place it comes from; staff may admit without one only with a reason.
    place = models.OneToOneField(
        "programme.Place", on_delete=models.PROTECT, null=True, related_name="participation"
    )
    category = models.ForeignKey("programme.Category", on_delete=models.PROTECT, related_name="+")
    # As they were when admitted: a later merger of districts does not move figures.
    unit = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="participations"
    )
    key_function = models.BooleanField(_("key function"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ADMITTED)
    admitted_on = models.DateField(_("admitted"))
    started_on = models.DateField(_("started"), null=True)
    ended_on = models.DateField(_("ended"), null=True)
    end_reason = models.TextField(_("reason for ending"), blank=True)
    # Coarse, to count by; nobody has stated one when a place was lost.
    leaving_reason = models.ForeignKey(
        "programme.LeavingReason", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ParticipationQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        indexes = [models.Index(fields=["course", "district"], name="participation_course")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=~Q(state="dropped"),
                name="participates_once_a_course",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="participation_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"participation {self.public_id}"


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups in domain words."""

    def running(self) -> Self:
        """Planned or started, not finished or cancelled."""
        return self.filter(state__in=[Group.State.PLANNED, Group.State.STARTED])

    def arranged_by(self, user: User) -> Self:
        """Those in administrations where the user arranges."""
        return self.filter(below(user, Capability.ARRANGE, "district"))


class Group(PublicIdModel):
    """Some twenty people who take a course together (R-060)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        STARTED = "started", _("started")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    course = models.ForeignKey("programme.Course", on_delete=models.PROTECT, related_name="groups")
    wave = models.ForeignKey(
        "programme.Wave", on_delete=models.PROTECT, null=True, blank=True, related_name="groups"
    )
    # Where the group meets; its members may come from several districts.
    district = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="groups"
    )
    name = models.CharField(_("name"), max_length=80)
    seats = models.PositiveSmallIntegerField(_("planned size"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    # The group that this one was copied from.
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True)

    objects = GroupQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="group_name_once_a_course")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(PublicIdModel):
    """A participation's time in one group; a move ends one row and begins another (R-053)."""

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="memberships"
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    from_date = models.DateField(_("from"))
    # The last day in the group; empty while it lasts.
    to_date = models.DateField(_("to"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    history = tracked()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(to_date__isnull=True),
                name="in_one_group_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="membership_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.public_id}"


class PreparationPoint(models.Model):
    """One thing that each district does before its first group opens (R-021)."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="preparation_points"
    )
    text = models.CharField(_("what is to be done"), max_length=200)
    # Days before the wave's first occasion by which it should be done.
    days_before = models.PositiveSmallIntegerField(_("days before the first occasion"), default=28)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class PreparationDone(models.Model):
    """A point that one district of a wave has done."""

    point = models.ForeignKey(PreparationPoint, on_delete=models.PROTECT, related_name="done")
    wave = models.ForeignKey(
        "programme.Wave", on_delete=models.PROTECT, related_name="preparations"
    )
    district = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)
    done_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("done"), auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("done preparation")
        verbose_name_plural = _("done preparations")
        constraints = [
            models.UniqueConstraint(fields=["point", "wave", "district"], name="prepared_once")
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.district_id}"
