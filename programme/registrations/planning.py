"""How an occasion is filled, as staff decide it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Organisation, User
from programme.errors import ReasonNeeded, Refused
from programme.models import LearningUnit, Occasion, SeatPlan, SeatQuota
from programme.registrations import access, seating
from workflows.models import WorkflowDefinition


@dataclass(frozen=True)
class WantedPlan:
    """A seat plan as staff want it; the districts' shares by organisation."""

    seats: int
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    change_until: datetime.datetime
    release_at: datetime.datetime | None = None
    workflow: WorkflowDefinition | None = None
    needs_unit: LearningUnit | None = None
    managers_until: datetime.datetime | None = None
    quotas: Mapping[Organisation, int] = field(default_factory=dict)


_FIELDS = (
    "seats",
    "opens_at",
    "closes_at",
    "change_until",
    "release_at",
    "workflow",
    "needs_unit",
    "managers_until",
)


@transaction.atomic
def set_plan(*, occasion_id: int, wanted: WantedPlan, actor: User, reason: str = "") -> SeatPlan:
    """Open the occasion for registration, or change how it is filled.

    More seats are offered to those in line at once. Fewer than are held is refused: nobody
    loses a seat because a figure was changed.
    """
    occasion = (
        Occasion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("district", "programme", "unit")
        .get(pk=occasion_id)
    )
    access.ensure_arranges(actor, occasion.district)
    _ensure_sound(occasion, wanted)
    plan = SeatPlan.objects.select_for_update(no_key=True).filter(occasion=occasion).first()
    if plan is not None and not says(reason):
        raise ReasonNeeded
    if plan is not None and plan.taken > wanted.seats:
        raise Refused(
            _("%(taken)d seats are held already, so there cannot be fewer.") % {"taken": plan.taken}
        )
    plan = plan or SeatPlan(occasion=occasion)
    plan.occasion = occasion
    for name in _FIELDS:
        setattr(plan, name, getattr(wanted, name))
    if plan.release_at is None or plan.release_at > timezone.now():
        plan.released_at = None
    with operation("seats.plan", actor=actor_of(actor), reason=reason, subject=occasion.public_id):
        # What the database counts itself is not written back from here.
        plan.save(update_fields=[*_FIELDS, "released_at"] if plan.pk else None)
        _share(plan, wanted.quotas)
        seating.offer_free(plan)
    return plan


def _ensure_sound(occasion: Occasion, wanted: WantedPlan) -> None:
    if occasion.group_id is not None:
        raise Refused(_("The occasion belongs to a group, whose members are invited without this."))
    if occasion.state == Occasion.State.CANCELLED:
        raise Refused(_("The occasion is cancelled."))
    if wanted.closes_at <= wanted.opens_at:
        raise Refused(_("Registration must close after it opens."))
    if wanted.closes_at > occasion.starts_at or wanted.change_until > occasion.starts_at:
        raise Refused(_("Registration and changes must end before the occasion begins."))
    if sum(wanted.quotas.values()) > wanted.seats:
        raise Refused(_("The districts' shares are more than the seats there are."))


def _share(plan: SeatPlan, quotas: Mapping[Organisation, int]) -> None:
    known = {row.district_id: row for row in SeatQuota.objects.filter(plan=plan)}
    for district, seats in quotas.items():
        row = known.pop(district.pk, None) or SeatQuota(plan=plan, district=district)
        if row.pk is None or row.seats != seats:
            row.seats = seats
            row.save()
    for row in known.values():
        row.delete()
