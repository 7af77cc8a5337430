"""A steering group with four seats that vote and one that presents, for the tests."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Capability, Organisation, Role, User
from programme.governance import actions, deciding
from programme.governance.actions import MeetingFacts, SeatFacts
from programme.governance.deciding import DecisionFacts
from programme.models import (
    AgendaTopic,
    Body,
    BodyDecision,
    BodyKind,
    BodyRules,
    Meeting,
    Programme,
    Seat,
)
from tests.people import builders
from tests.programme.procurement.builders import office as build_office

STARTS = datetime.date(2026, 1, 1)


@dataclass
class Steering:
    """Who is who."""

    programme: Programme
    city: Organisation
    leader: User
    member: User
    outsider: User
    body: Body
    role: Role
    seats: list[Seat] = field(default_factory=list)


def steering(*, quorum: int = 3) -> Steering:
    """The group, its rules and seats since the project's first day."""
    office = build_office()
    programme = office.programme
    programme.refresh_from_db()
    with transaction.atomic(), operation("test.steering"):
        leader, member, outsider = (builders.account(one) for one in ("leader", "member", "out"))
        builders.holds(leader, "leader", office.city, Capability.MANAGE_PROGRAMME)
        builders.holds(member, "styrgrupp", office.city, Capability.SEE_TOTALS)
        builders.holds(outsider, "unknown", office.city, Capability.TEACH)
        kind = BodyKind.objects.create(key="strategisk", name="Strategisk", decides=True)
        for key in ("projektplan", "tidsplan"):
            AgendaTopic.objects.create(key=key, name=key.capitalize(), first_meeting_of=kind)
        body = Body.objects.create(
            programme=programme,
            kind=kind,
            name="Styrgrupp",
            code="SG",
            task="Beslutar.",
            starts_on=STARTS,
            ends_on=programme.ends_on,
        )
        BodyRules.objects.create(
            body=body,
            least_meetings=1,
            period_months=6,
            first_within_months=2,
            quorum=quorum,
            valid_from=STARTS,
            decision="Ansökan",
        )
    found = Steering(programme, office.city, leader, member, outsider, body, leader_role())
    for number, part in enumerate(("chair", "member", "member", "member", "presenter"), start=1):
        found.seats.append(seat(found, role=f"Roll {number}", part=part))
    return found


def leader_role() -> Role:
    """Who sees to decisions."""
    return Role.objects.get(key="leader")


def seat(of: Steering, **given: Any) -> Seat:
    """One more seat."""
    facts: dict[str, Any] = {
        "role": "Avdelningschef",
        "organisation": of.city,
        "outside": "",
        "part": "member",
        "valid_from": STARTS,
        "valid_to": None,
        **given,
    }
    return actions.add_seat(body=of.body, facts=SeatFacts(**facts), actor=of.leader)


def at(on: datetime.date, hour: int = 9) -> MeetingFacts:
    """A meeting of an hour on the day."""
    begins = timezone.make_aware(datetime.datetime.combine(on, datetime.time(hour)))
    return MeetingFacts(begins, begins + datetime.timedelta(hours=1), "Rum 3")


def called(of: Steering, on: datetime.date) -> Meeting:
    """A meeting that is called."""
    return actions.call(body=of.body, facts=at(on), actor=of.leader)


def held(of: Steering, on: datetime.date, presences: dict[int, str] | None = None) -> Meeting:
    """A meeting that has been held, with everyone there unless something else is said."""
    meeting = called(of, on)
    seats = actions.seats_on(Body.objects.get(pk=of.body.pk), on)
    taken = {one.pk: "present" for one in seats} | (presences or {})
    return actions.hold(meeting=meeting, presences=taken, actor=of.leader)


def facts(of: Steering, **given: Any) -> DecisionFacts:
    """What is decided."""
    known: dict[str, Any] = {
        "title": "Projektplanen antas",
        "text": "Planen antas.",
        "decided_on": datetime.date(2026, 2, 10),
        "record_number": "SOF 2026/31",
        "organisation": None,
        "responsible": of.role,
        "follow_up_on": datetime.date(2026, 5, 1),
        **given,
    }
    return DecisionFacts(**known)


def decided(of: Steering, **given: Any) -> BodyDecision:
    """A decision of a meeting on 10 February."""
    meeting = Meeting.objects.filter(body=of.body).first() or held(of, datetime.date(2026, 2, 10))
    return deciding.record(body=of.body, facts=facts(of, **given), actor=of.leader, meeting=meeting)
