"""Occasions with their venues and trainers, and who is invited to them."""

import datetime
from dataclasses import dataclass, field

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.text import slugify

from audit.operations import Actor, operation
from people.models import User
from programme.demo_story.dating import as_dated, at
from programme.demo_story.groups import Ground, Stay, Told
from programme.demo_story.ids import Ids
from programme.demo_story.place import Slot
from programme.demo_story.plan import (
    CANCELLED_BECAUSE,
    ONLINE_BECAUSE,
    RESCHEDULED_BECAUSE,
    OccasionPlan,
)
from programme.models import Booking, Invitation, Occasion, Venue

INVITED_DAYS_BEFORE = 21
EXCEPTION = "Lokalen besöks först efter sommaren. Alla deltagare har svarat att de kan ta trappan."


@dataclass
class Held:
    """One laid occasion and those expected at it."""

    told: Told
    plan: OccasionPlan
    occasion: Occasion
    trainer: User
    venue: Venue | None = None
    expected: list[tuple[Stay, Invitation]] = field(default_factory=list)


def lay_occasions(
    ground: Ground,
    told: list[Told],
    planner: User,
    unvisited: Venue,
    ids: Ids,
    today: datetime.date,
    actor: Actor,
) -> list[Held]:
    """Every occasion of the groups, in the order of the days."""
    held = [
        _held(ground, one, slot, ids, today)
        for slot, one in sorted(
            ((slot, one) for one in told for slot in one.slots),
            key=lambda pair: (pair[0].plan.day, pair[1].plan.course, pair[1].plan.number),
        )
    ]
    Occasion.objects.bulk_create(one.occasion for one in held)
    through = Occasion.trainers.through
    through.objects.bulk_create(
        through(occasion_id=one.occasion.pk, user_id=one.trainer.pk) for one in held
    )
    _change(held, today, actor)
    with as_dated(Booking):
        Booking.objects.bulk_create(
            _booking(one, planner, unvisited, ids, today) for one in held if one.venue is not None
        )
    for one in held:
        one.expected = _expected(one, ids, today)
    Invitation.objects.bulk_create(
        (invitation for one in held for _, invitation in one.expected), batch_size=2000
    )
    return held


def _is_known(plan: OccasionPlan, today: datetime.date) -> bool:
    """Whether people know by now that the occasion is moved or cancelled."""
    return (plan.first_day or plan.day) - datetime.timedelta(days=2) < today


def _held(ground: Ground, one: Told, slot: Slot, ids: Ids, today: datetime.date) -> Held:
    plan = slot.plan
    unit = ground.units[one.plan.course, plan.unit]
    day = plan.first_day if plan.first_day and _is_known(plan, today) else plan.day
    key = slugify(one.group.name)
    occasion = Occasion(
        public_id=ids.new(),
        check_in_secret=ids.new(),
        programme=ground.programme,
        group=one.group,
        unit=unit,
        title=unit.title,
        starts_at=at(day, plan.starts),
        ends_at=at(day, plan.ends),
        breaks=unit.breaks,
        district=one.group.district,
        online=plan.online,
        join_address=f"https://mote.example.org/{key}" if plan.online else "",
        deviation_reason=ONLINE_BECAUSE if plan.online else "",
    )
    return Held(one, plan, occasion, slot.trainer, slot.venue)


def _change(held: list[Held], today: datetime.date, actor: Actor) -> None:
    """Move and cancel what the plan says, each with its reason and its own operation."""
    for one in held:
        if not _is_known(one.plan, today):
            continue
        if one.plan.first_day:
            one.occasion.starts_at = at(one.plan.day, one.plan.starts)
            one.occasion.ends_at = at(one.plan.day, one.plan.ends)
            _save(one, "occasion.reschedule", RESCHEDULED_BECAUSE, actor)
        elif one.plan.cancelled:
            one.occasion.state = Occasion.State.CANCELLED
            one.occasion.cancel_reason = CANCELLED_BECAUSE
            _save(one, "occasion.cancel", CANCELLED_BECAUSE, actor)


def _save(one: Held, name: str, reason: str, actor: Actor) -> None:
    one.occasion.sequence += 1
    with operation(name, actor=actor, reason=reason, subject=one.occasion.public_id):
        one.occasion.save()


def _booking(one: Held, planner: User, unvisited: Venue, ids: Ids, today: datetime.date) -> Booking:
    booked = min(one.told.first_day - datetime.timedelta(days=60), today)
    is_cancelled = one.occasion.state == Occasion.State.CANCELLED
    return Booking(
        public_id=ids.new(),
        venue=one.venue,
        occasion=one.occasion,
        period=DateTimeTZRange(one.occasion.starts_at, one.occasion.ends_at),
        cancelled_at=at(one.plan.day - datetime.timedelta(days=1), 600) if is_cancelled else None,
        exception_reason=EXCEPTION if one.venue == unvisited else "",
        booked_by=planner,
        booked_at=at(booked, 600),
    )


def _expected(one: Held, ids: Ids, today: datetime.date) -> list[tuple[Stay, Invitation]]:
    day = one.plan.day
    sent = (one.plan.first_day or day) - datetime.timedelta(days=INVITED_DAYS_BEFORE)
    is_sent = sent <= today
    found: list[tuple[Stay, Invitation]] = []
    for stay in one.told.stays:
        if one.plan.unit not in stay.units:
            continue
        withdrawn = stay.until is not None and stay.until < day
        if withdrawn and stay.until is not None and stay.until < sent:
            invited = None
        else:
            invited = at(sent, 8 * 60) if is_sent else None
        invitation = Invitation(
            public_id=ids.new(),
            join_token=ids.new(),
            occasion=one.occasion,
            person=stay.member.person,
            participation=stay.participation,
            invited_at=invited,
            withdrawn_at=at(stay.until, 9 * 60) if withdrawn and stay.until else None,
            withdrawn_reason=stay.reason if withdrawn else "",
        )
        found.append((stay, invitation))
    return found
