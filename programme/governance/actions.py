"""Bodies, their seats and rules, and their meetings; every write asks who may."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Organisation, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.governance.access import ensure_manages
from programme.governance.errors import AlreadyCalled, ChairTaken
from programme.models import (
    AgendaItem,
    AgendaTopic,
    Body,
    BodyKind,
    BodyRules,
    Meeting,
    MeetingAttendance,
    Programme,
    Seat,
)


@dataclass(frozen=True)
class BodyFacts:
    """What a body is."""

    kind: BodyKind
    name: str
    code: str
    task: str
    record_number: str
    starts_on: datetime.date
    ends_on: datetime.date | None


@transaction.atomic
def save_body(
    *, programme: Programme, facts: BodyFacts, actor: User, body: Body | None = None
) -> Body:
    """Register a body, or change what is said of it.

    :raises Refused: when another body of the programme has the same letters.
    """
    ensure_manages(actor)
    others = Body.objects.filter(programme=programme, code=facts.code)
    if body is not None:
        others = others.exclude(pk=body.pk)
    if others.exists():
        raise Refused(_("Another body has the same letters. Its decisions would be mixed up."))
    if body is None:
        with operation("body.add", actor=actor_of(actor), subject=facts.name[:80]):
            return Body.objects.create(programme=programme, **vars(facts))
    found = _locked_body(body.pk)
    if facts.code != found.code and found.decisions.exists():
        raise Refused(_("The letters stand in decisions that are recorded and cannot be changed."))
    for name, value in vars(facts).items():
        setattr(found, name, value)
    with operation("body.change", actor=actor_of(actor), subject=found.public_id):
        found.save()
    return found


@transaction.atomic
def decide_rules(
    *,
    body: Body,
    values: Mapping[str, int | None],
    valid_from: datetime.date,
    decision: str,
    actor: User,
) -> BodyRules:
    """Decide how often the body meets from a day on; what held before is kept.

    :param values: the fields of `BodyRules` that say how often and how many.
    """
    ensure_manages(actor)
    found = _locked_body(body.pk)
    if found.rules.filter(valid_from__gte=valid_from).exists():
        raise Refused(_("Rules are decided from that day or later. Choose a later day."))
    with operation("body.rules", actor=actor_of(actor), reason=decision, subject=found.public_id):
        return BodyRules.objects.create(
            body=found, valid_from=valid_from, decision=decision, **values
        )


@dataclass(frozen=True)
class SeatFacts:
    """Which role sits there, for whom and from when."""

    role: str
    organisation: Organisation | None
    outside: str
    part: str
    valid_from: datetime.date
    valid_to: datetime.date | None


@transaction.atomic
def add_seat(*, body: Body, facts: SeatFacts, actor: User) -> Seat:
    """Add a seat from a day on (R-192).

    :raises ChairTaken: when the body has a chair in that time.
    """
    ensure_manages(actor)
    if (facts.organisation is None) == (not facts.outside):
        raise Refused(_("Choose an organisation of the city, or write the name of another one."))
    found = _locked_body(body.pk)
    seat = Seat(body=found, order=found.seats.count() + 1, **vars(facts))
    with operation("seat.add", actor=actor_of(actor), subject=found.public_id):
        try:
            with transaction.atomic():
                seat.save()
        except IntegrityError as error:
            if "one_chair_at_a_time" in str(error):
                raise ChairTaken from error
            raise
    return seat


@transaction.atomic
def end_seat(*, seat: Seat, last_day: datetime.date, actor: User) -> Seat:
    """End a membership; meetings before still name it."""
    ensure_manages(actor)
    found = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if last_day < found.valid_from:
        raise Refused(_("The seat begins after that day. Nothing was kept."))
    after = found.attendance.filter(meeting__starts_at__date__gt=last_day)
    if after.exists():
        raise Refused(_("The seat has been noted at a meeting after that day."))
    found.valid_to = last_day
    with operation("seat.end", actor=actor_of(actor), subject=found.public_id):
        found.save(update_fields=["valid_to"])
    return found


@dataclass(frozen=True)
class MeetingFacts:
    """When and where."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    place: str


@transaction.atomic
def call(*, body: Body, facts: MeetingFacts, actor: User) -> Meeting:
    """Call the body to a meeting; what the first one must deal with is put on its agenda (R-193).

    :raises AlreadyCalled: when another meeting of the body lies at that time.
    """
    ensure_manages(actor)
    found = _locked_body(body.pk)
    _ensure_free(found, facts)
    first = not found.meetings.exclude(state=Meeting.State.CANCELLED).exists()
    meeting = Meeting(body=found, called_by=actor, **vars(facts))
    with operation("meeting.call", actor=actor_of(actor), subject=meeting.public_id):
        meeting.save()
        if first:
            topics = AgendaTopic.objects.filter(first_meeting_of=found.kind_id)
            for number, topic in enumerate(topics, start=1):
                AgendaItem.objects.create(
                    meeting=meeting,
                    number=number,
                    title=topic.name,
                    topic=topic,
                    purpose=AgendaItem.Purpose.DECISION,
                )
    return meeting


def _ensure_free(body: Body, facts: MeetingFacts, meeting: Meeting | None = None) -> None:
    if facts.ends_at <= facts.starts_at:
        raise Refused(_("The meeting ends before it begins. Check the times."))
    others = body.meetings.exclude(state=Meeting.State.CANCELLED).filter(
        starts_at__lt=facts.ends_at, ends_at__gt=facts.starts_at
    )
    if meeting is not None:
        others = others.exclude(pk=meeting.pk)
    if others.exists():
        raise AlreadyCalled


@transaction.atomic
def move(*, meeting: Meeting, facts: MeetingFacts, actor: User) -> Meeting:
    """Change time or place of a meeting that has not been held."""
    ensure_manages(actor)
    body = _locked_body(meeting.body_id)
    found = _called(meeting)
    _ensure_free(body, facts, found)
    for name, value in vars(facts).items():
        setattr(found, name, value)
    with operation("meeting.change", actor=actor_of(actor), subject=found.public_id):
        found.save(update_fields=list(vars(facts)))
    return found


@transaction.atomic
def cancel(*, meeting: Meeting, reason: str, actor: User) -> Meeting:
    """Cancel a meeting that has not been held."""
    ensure_manages(actor)
    if not says(reason):
        raise ReasonNeeded
    found = _called(meeting)
    found.state, found.cancelled_because = Meeting.State.CANCELLED, reason.strip()
    with operation(
        "meeting.cancel", actor=actor_of(actor), reason=reason.strip(), subject=found.public_id
    ):
        found.save(update_fields=["state", "cancelled_because"])
    return found


@dataclass(frozen=True)
class ItemFacts:
    """One matter."""

    title: str
    text: str
    purpose: str
    topic: AgendaTopic | None


@transaction.atomic
def put_on_agenda(*, meeting: Meeting, facts: ItemFacts, actor: User) -> AgendaItem:
    """Put a matter last on the agenda; also at the meeting itself."""
    ensure_manages(actor)
    found = _locked_meeting(meeting.pk)
    if found.state == Meeting.State.CANCELLED:
        raise Stale
    last = found.items.order_by("-number").values_list("number", flat=True).first() or 0
    with operation("meeting.agenda", actor=actor_of(actor), subject=found.public_id):
        return AgendaItem.objects.create(meeting=found, number=last + 1, **vars(facts))


@transaction.atomic
def take_off_agenda(*, item: AgendaItem, actor: User) -> None:
    """Take a matter off the agenda of a meeting that has not been held; history keeps it."""
    ensure_manages(actor)
    found = _called(item.meeting)
    if item.decisions.exists():
        raise Refused(_("A decision is recorded on this matter, so it stays."))
    with operation("meeting.unlist", actor=actor_of(actor), subject=found.public_id):
        AgendaItem.objects.filter(pk=item.pk, meeting=found).delete()


@transaction.atomic
def hold(*, meeting: Meeting, presences: Mapping[int, str], actor: User) -> Meeting:
    """Note how each seat of the day was taken; the meeting is held from then on.

    :param presences: presence by the seat's key; every seat of the day must be there.
    :raises Refused: before the meeting has begun, or when a seat is left out.
    """
    ensure_manages(actor)
    found = _locked_meeting(meeting.pk)
    if found.state == Meeting.State.CANCELLED:
        raise Stale
    if found.starts_at > timezone.now():
        raise Refused(_("The meeting has not begun. Who was there is noted afterwards."))
    seats = {seat.pk for seat in seats_on(found.body, timezone.localdate(found.starts_at))}
    known = MeetingAttendance.Presence.values
    if set(presences) != seats or any(one not in known for one in presences.values()):
        raise Refused(_("Say of each seat whether it was taken."))
    if found.decisions.exists():
        raise Refused(
            _("Decisions are recorded at the meeting, so who was there can no longer be changed.")
        )
    with operation("meeting.hold", actor=actor_of(actor), subject=found.public_id):
        for pk, presence in presences.items():
            MeetingAttendance.objects.update_or_create(
                meeting=found, seat_id=pk, defaults={"presence": presence}
            )
        if found.state != Meeting.State.HELD:
            found.state = Meeting.State.HELD
            found.save(update_fields=["state"])
    return found


def seats_on(body: Body, day: datetime.date) -> list[Seat]:
    """The seats of the body on the day, in their order. Note: reads body.seats, prefetched or not."""
    return [
        seat
        for seat in body.seats.all()
        if seat.valid_from <= day and (seat.valid_to is None or seat.valid_to >= day)
    ]


def _locked_body(pk: int) -> Body:
    # Calling, seats and numbers of decisions are in line behind each other, body by body.
    return Body.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _locked_meeting(pk: int) -> Meeting:
    return (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("body")
        .get(pk=pk)
    )


def _called(meeting: Meeting) -> Meeting:
    found = _locked_meeting(meeting.pk)
    if found.state != Meeting.State.CALLED:
        raise Stale
    return found
