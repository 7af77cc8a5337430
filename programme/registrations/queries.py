"""Reads shaped for registration's pages; the number of queries never follows the number of rows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people.models import Person, User
from programme.access import administration_of
from programme.models import Occasion, Registration, SeatPlan
from programme.registrations import access, errors, facts, rules
from programme.venues.queries import State as Tag

State = Registration.State


def tag_of(state: str) -> Tag:
    """A state as a word and a colour."""
    return {
        State.ASKED: Tag(_("Waits for approval"), "amber"),
        State.REGISTERED: Tag(pgettext("registration", "Registered"), "green"),
        State.WAITING: Tag(_("On the waiting list"), "teal"),
        State.OFFERED: Tag(_("A seat is free for you"), "amber"),
        State.DECLINED: Tag(_("Said no"), "grey"),
        State.LAPSED: Tag(_("Not answered in time"), "grey"),
        State.REFUSED: Tag(_("Not approved"), "red"),
        State.LEFT: Tag(_("Has left"), "grey"),
        State.REPLACED: Tag(_("A colleague has the seat"), "grey"),
    }[State(state)]


@dataclass(frozen=True)
class RegistrationPanel:
    """How one occasion's registration stands for one reader, and what they may do now."""

    occasion: str
    #: False when the occasion takes no registrations at all: show nothing.
    exists: bool = False
    #: Whether `seats_left` is of the reader's own district and the common ones, or of all.
    counts_for_reader: bool = False
    #: A value of ``Registration.State``, or empty.
    state: str = ""
    tag: Tag | None = None
    headline: str = ""
    words: Sequence[str] = ()
    seats: int = 0
    seats_left: int = 0
    waiting: int = 0
    place_in_line: int = 0
    opens_at: datetime.datetime | None = None
    closes_at: datetime.datetime | None = None
    change_until: datetime.datetime | None = None
    offer_until: datetime.datetime | None = None
    needs_approval: bool = False
    #: Of: sign_in, register, wait, ask, accept, decline, leave, substitute.
    may: frozenset[str] = field(default_factory=frozenset)


def panel_for(occasion: Occasion, user: User | AnonymousUser) -> RegistrationPanel:
    """The occasion's registration as the reader may see and use it; at most nine queries."""
    plan = access.plan_of(occasion.public_id)
    if plan is None:
        return RegistrationPanel(occasion.public_id)
    person = access.person_of(user) if isinstance(user, User) else None
    row = (
        Registration.objects.select_related("district").filter(plan=plan, person=person).first()
        if person is not None
        else None
    )
    return _panel(plan, person, row, signed_in=isinstance(user, User))


def _panel(
    plan: SeatPlan, person: Person | None, row: Registration | None, *, signed_in: bool
) -> RegistrationPanel:
    now = timezone.now()
    seats, line = facts.seats_of(plan), facts.line_of(plan)
    state = row.state if row else ""
    district = _district(person, row)
    place = next((at for at, one in enumerate(line, 1) if row and one.registration == row.pk), 0)
    found, elsewhere = _problems(plan, person, state, now)
    may = _may(plan, person, state, found, now, signed_in=signed_in)
    at_once = rules.gets_a_seat(seats, line, district)
    if "register" in may and plan.workflow_id:
        may = (may - {"register"}) | {"ask"}
    elif "register" in may and not at_once:
        may = (may - {"register"}) | {"wait"}
    # Nothing is left «for you» where the answer would be no.
    theirs = person is not None and bool(may or state in Registration.LIVE)
    return RegistrationPanel(
        occasion=plan.occasion.public_id,
        exists=True,
        counts_for_reader=theirs,
        state=state,
        tag=tag_of(state) if state else None,
        headline=_headline(state, seats, at_once=at_once, may=may),
        words=_words(plan, row, found, elsewhere, may, now),
        seats=seats.total,
        seats_left=seats.left_for(district) if theirs else seats.free,
        waiting=len(line),
        place_in_line=place,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        change_until=plan.change_until,
        offer_until=row.offer_until if row else None,
        needs_approval=plan.workflow_id is not None,
        may=may,
    )


def _district(person: Person | None, row: Registration | None) -> int:
    if row is not None and row.state in Registration.LIVE:
        return row.district_id or rules.NOWHERE
    if person is None:
        return rules.NOWHERE
    where = administration_of(person.unit)
    return where.pk if where else rules.NOWHERE


def _problems(
    plan: SeatPlan, person: Person | None, state: str, now: datetime.datetime
) -> tuple[list[rules.Problem], str]:
    """What speaks against a new registration; nothing is asked of those who have one."""
    if state in Registration.LIVE:
        return [], ""
    who = (
        facts.candidate(person, plan)
        if person
        else rules.Candidate(admitted=True, is_manager=True, reached=True)
    )
    return rules.problems(facts.terms_of(plan), who, now), who.elsewhere


def _may(
    plan: SeatPlan,
    person: Person | None,
    state: str,
    found: Sequence[rules.Problem],
    now: datetime.datetime,
    *,
    signed_in: bool,
) -> frozenset[str]:
    standing = plan.occasion.state != Occasion.State.CANCELLED and now < plan.occasion.starts_at
    if not signed_in:
        return frozenset({"sign_in"}) if standing and not found else frozenset()
    if person is None or not standing:
        return frozenset()
    in_time = now < plan.change_until
    by_state = {
        State.REGISTERED: {"leave"} | (set() if plan.workflow_id else {"substitute"})
        if in_time
        else set(),
        State.WAITING: {"leave"},
        State.ASKED: {"leave"},
        State.OFFERED: {"accept", "decline"},
    }
    if state in by_state:
        return frozenset(by_state[State(state)])
    return frozenset() if found else frozenset({"register"})


def _headline(state: str, seats: rules.Seats, *, at_once: bool, may: frozenset[str]) -> str:
    mine = {
        State.REGISTERED: lambda: _("You have a seat"),
        State.WAITING: lambda: _("You are on the waiting list"),
        State.ASKED: lambda: _("Your registration waits for approval"),
        State.OFFERED: lambda: _("A seat is free for you"),
    }
    if state in mine:
        return mine[State(state)]()
    if not may:
        return _("Registration")
    if at_once or seats.free:
        return _("Register") if at_once else _("The seats left are kept for other districts")
    return _("All seats are taken")


def _words(
    plan: SeatPlan,
    row: Registration | None,
    found: Sequence[rules.Problem],
    elsewhere: str,
    may: frozenset[str],
    now: datetime.datetime,
) -> list[str]:
    said = errors.in_words(found, plan, elsewhere)
    if row is not None:
        said = [*_about(plan, row, now), *said]
    if "wait" in may:
        said.append(
            _(
                "You can stand in line. When a seat falls free you are told, and have some time"
                " to answer."
            )
        )
    if "ask" in may:
        said.append(_("Your nearest manager or someone else must approve your registration."))
    return said


def _about(plan: SeatPlan, row: Registration, now: datetime.datetime) -> list[str]:
    said = []
    if plan.occasion.state == Occasion.State.CANCELLED:
        said.append(_("The occasion is cancelled. Your registration is kept."))
    elif row.state == State.OFFERED and row.offer_until:
        said.append(
            _("Answer before %(until)s. After that the next in line is asked.")
            % {"until": errors.moment(row.offer_until)}
        )
    elif row.state == State.REGISTERED:
        if now < plan.change_until:
            said.append(
                _("You can give the seat up or change it until %(until)s.")
                % {"until": errors.moment(plan.change_until)}
            )
        elif now < plan.occasion.starts_at:
            said.append(
                _("If you cannot come, say so on the occasion's page: the seat stays yours.")
            )
    elif row.state not in Registration.LIVE and row.reason:
        said.append(row.reason)
    return said
