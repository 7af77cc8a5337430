"""The same occasion once more: another day, with the same seats, shares and conditions."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from programme.errors import Refused
from programme.models import Occasion, SeatPlan, SeatQuota
from programme.occasions.planning import add_occasion
from programme.registrations import access
from programme.registrations.planning import WantedPlan, set_plan


@transaction.atomic
def copy_occasion(*, occasion_id: int, starts_at: datetime.datetime, actor: User) -> Occasion:
    """Plan the occasion again at another time; its seat plan moves along by as many days.

    Nobody who is registered, expected or invited comes along, and no venue is booked: it may
    be taken. Times are moved by the clock on the wall, so that 9.00 is 9.00 in summer too.

    :raises Refused: when the time has been, or the occasion belongs to a group.
    """
    source = Occasion.objects.select_related("district", "programme", "unit").get(pk=occasion_id)
    access.ensure_arranges(actor, source.district)
    if source.group_id is not None:
        raise Refused(_("The occasion belongs to a group, whose members are invited without this."))
    if starts_at <= timezone.now():
        raise Refused(_("Choose a time to come."))
    made = add_occasion(
        group=None,
        unit=source.unit,
        title=source.title,
        starts_at=starts_at,
        ends_at=starts_at + (source.ends_at - source.starts_at),
        breaks=source.breaks,
        district=source.district,
        online=source.online,
        join_address=source.join_address,
        deviation_reason=source.deviation_reason,
        trainers=list(source.trainers.all()),
        programme=source.programme,
        kind=source.kind,
        actor=actor,
    )
    plan = SeatPlan.objects.select_related("workflow", "needs_unit").filter(occasion=source).first()
    if plan is not None:
        set_plan(occasion_id=made.pk, wanted=_moved(plan, source, starts_at), actor=actor)
    return made


def _moved(plan: SeatPlan, source: Occasion, starts_at: datetime.datetime) -> WantedPlan:
    first = timezone.localtime(source.starts_at).replace(tzinfo=None)
    step = timezone.localtime(starts_at).replace(tzinfo=None) - first

    def move(moment: datetime.datetime) -> datetime.datetime:
        return timezone.make_aware(timezone.localtime(moment).replace(tzinfo=None) + step)

    quotas = SeatQuota.objects.filter(plan=plan).select_related("district")
    return WantedPlan(
        seats=plan.seats,
        opens_at=move(plan.opens_at),
        # An hour that comes twice in autumn must not put the end after the beginning.
        closes_at=min(move(plan.closes_at), starts_at),
        change_until=min(move(plan.change_until), starts_at),
        release_at=move(plan.release_at) if plan.release_at else None,
        workflow=plan.workflow,
        needs_unit=plan.needs_unit,
        managers_until=move(plan.managers_until) if plan.managers_until else None,
        quotas={row.district: row.seats for row in quotas},
    )
