"""Nominations, and the places that approved ones get."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel
from people.access import below
from people.models import Capability, User


class NominationQuerySet(models.QuerySet["Nomination"]):
    """Nominations in domain words."""

    def live(self) -> Self:
        """Neither declined nor withdrawn."""
        return self.filter(live=True)

    def visible_to(self, user: User) -> Self:
        """Made by the user, or of units below where the user may see nominations."""
        allowed = Q(nominated_by=user)
        for capability in (Capability.NOMINATE, Capability.SEE_CASES, Capability.PLACE):
            allowed |= below(user, capability, "unit")
        return self.filter(allowed)


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places in domain words."""

    def holding(self) -> Self:
        """Those that take a place of the quota: offered or accepted."""
        return self.filter(uses_quota=True, state__in=[Place.State.OFFERED, Place.State.ACCEPTED])

    def reserves(self) -> Self:
        """The reserve list, first in line first."""
        return self.filter(state=Place.State.RESERVE).order_by("reserve_rank")

    def handled_by(self, user: User) -> Self:
        """Those in administrations where the user handles places."""
        return self.filter(below(user, Capability.PLACE, "district"))


class Nomination(PublicIdModel):
    """A district's proposal that one person takes part in one wave.

    Its progress is the case's; what it holds itself is what quotas, meters and
    duplicates are counted from.
    """

    wave = models.ForeignKey("programme.Wave", on_delete=models.PROTECT, related_name="nominations")
    kind = models.ForeignKey(
        "programme.NominationKind", on_delete=models.PROTECT, related_name="nominations"
    )
    category = models.ForeignKey("programme.Category", on_delete=models.PROTECT)
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="nominations"
    )
    # Where the person worked then, and the administration whose quota counts.
    unit = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="nominations"
    )
    key_function = models.BooleanField(_("key function"), default=False)
    priority = models.PositiveSmallIntegerField(_("priority in the unit"), null=True)
    case = models.OneToOneField(
        "workflows.Case", on_delete=models.PROTECT, related_name="nomination"
    )
    submission = models.ForeignKey(
        "forms_app.Submission", on_delete=models.PROTECT, related_name="+"
    )
    nominated_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("nominated"), auto_now_add=True)
    # False once declined, withdrawn or replaced: the person may be nominated again.
    live = models.BooleanField(default=True)
    # Whose place this nomination took over from the reserve list.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )

    objects = NominationQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["wave", "district", "category"], name="nomination_quota")]
        constraints = [
            # One live nomination a person and kind, whichever district made it.
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(live=True), name="nominated_once"
            )
        ]

    def __str__(self) -> str:
        return f"nomination {self.public_id}"


class Place(PublicIdModel):
    """What an approved nomination leads to: a place, or a rank on the reserve list."""

    class State(models.TextChoices):
        RESERVE = "reserve", _("on the reserve list")
        OFFERED = "offered", _("offered a place")
        ACCEPTED = "accepted", _("has accepted")
        DECLINED = "declined", _("has declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="place")
    # Wave, district and category stand here too, since a move changes them
    # without touching what was nominated and approved.
    wave = models.ForeignKey("programme.Wave", on_delete=models.PROTECT, related_name="places")
    district = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("programme.Category", on_delete=models.PROTECT)
    uses_quota = models.BooleanField(default=True)
    state = models.CharField(_("state"), max_length=10, choices=State)
    reserve_rank = models.PositiveIntegerField(_("rank"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    offered_at = models.DateTimeField(_("offered"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = PlaceQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="reserve", reserve_rank__isnull=False)
                | (~Q(state="reserve") & Q(reserve_rank__isnull=True)),
                name="rank_only_on_the_reserve_list",
            ),
            models.UniqueConstraint(
                fields=["wave", "district", "category", "reserve_rank"],
                name="reserve_rank_once",
                # A reordering gives the whole list new ranks, one row after another.
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.public_id}"
