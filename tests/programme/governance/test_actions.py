"""Bodies, meetings and the register of decisions through the actions, and what they refuse."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Operation
from audit.operations import operation
from core import health as core_health
from people.models import User
from programme.errors import NotAllowed, ReasonNeeded, Refused, Stale
from programme.governance import actions, deciding, health, queries
from programme.governance.errors import (
    AlreadyCalled,
    ChairTaken,
    NotYetHeld,
    TooFew,
    TooManyVotes,
)
from programme.models import AgendaItem, Body, BodyDecision, Meeting, Seat
from tests.programme.governance.builders import (
    Steering,
    at,
    called,
    decided,
    facts,
    held,
    seat,
    steering,
)

NOW = datetime.datetime(2026, 6, 10, 10, tzinfo=datetime.UTC)
FEBRUARY = datetime.date(2026, 2, 10)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def group(db: None) -> Steering:
    return steering()


def test_the_first_meeting_gets_the_matters_it_must_deal_with(group: Steering) -> None:
    first = called(group, datetime.date(2026, 6, 20))
    assert [item.topic_id for item in first.items.all()] == ["projektplan", "tidsplan"]
    assert not called(group, datetime.date(2026, 9, 20)).items.exists()


def test_a_body_is_not_called_to_two_meetings_at_once(group: Steering) -> None:
    meeting = called(group, datetime.date(2026, 6, 20))
    with pytest.raises(AlreadyCalled):
        called(group, datetime.date(2026, 6, 20))
    actions.cancel(meeting=meeting, reason="Sjukdom", actor=group.leader)
    called(group, datetime.date(2026, 6, 20))
    with pytest.raises(Stale):
        actions.move(meeting=meeting, facts=at(datetime.date(2026, 7, 1)), actor=group.leader)


def test_there_is_one_chair_at_a_time(group: Steering) -> None:
    with pytest.raises(ChairTaken):
        seat(group, part="chair", valid_from=datetime.date(2027, 1, 1))
    actions.end_seat(seat=group.seats[0], last_day=datetime.date(2026, 12, 31), actor=group.leader)
    seat(group, part="chair", valid_from=datetime.date(2027, 1, 1))
    # The database refuses it too.
    with (
        pytest.raises(IntegrityError, match="one_chair_at_a_time"),
        transaction.atomic(),
        operation("test.chair"),
    ):
        Seat.objects.filter(pk=group.seats[1].pk).update(part="chair")


def test_members_are_added_and_ended_with_dates(group: Steering) -> None:
    added = seat(group, valid_from=datetime.date(2026, 4, 1), valid_to=datetime.date(2026, 4, 30))
    body = Body.objects.get(pk=group.body.pk)
    assert added not in actions.seats_on(body, datetime.date(2026, 3, 31))
    assert added in actions.seats_on(body, datetime.date(2026, 4, 30))
    assert added not in actions.seats_on(body, datetime.date(2026, 5, 1))
    held(group, datetime.date(2026, 4, 15))
    with pytest.raises(Refused):
        actions.end_seat(seat=added, last_day=datetime.date(2026, 4, 10), actor=group.leader)


def test_a_seat_has_one_organisation(group: Steering) -> None:
    for given in ({"outside": "SU"}, {"organisation": None}):
        with pytest.raises(Refused):
            seat(group, **given)
    assert seat(group, organisation=None, outside="SU").place == "SU"


def test_decisions_wait_until_it_is_known_who_was_there(group: Steering) -> None:
    meeting = called(group, FEBRUARY)
    with pytest.raises(NotYetHeld):
        deciding.record(body=group.body, facts=facts(group), actor=group.leader, meeting=meeting)


def test_too_few_with_a_vote_cannot_decide_however_many_present(group: Steering) -> None:
    absent = {one.pk: "absent" for one in group.seats[:2]}
    meeting = held(group, FEBRUARY, absent)
    with pytest.raises(TooFew):
        deciding.record(body=group.body, facts=facts(group), actor=group.leader, meeting=meeting)
    # The control: one more with a vote, and the same meeting decides.
    seats = {one.pk: "present" for one in group.seats} | {group.seats[0].pk: "absent"}
    actions.hold(meeting=meeting, presences=seats, actor=group.leader)
    made = deciding.record(body=group.body, facts=facts(group), actor=group.leader, meeting=meeting)
    assert made.number == "SG 2026:1"
    with pytest.raises(TooManyVotes):
        deciding.record(
            body=group.body,
            facts=facts(group, votes_for=3, votes_against=1),
            actor=group.leader,
            meeting=meeting,
        )
    with pytest.raises(Refused):
        actions.hold(meeting=meeting, presences=seats, actor=group.leader)


def test_attendance_is_said_of_every_seat_and_not_before_the_meeting(group: Steering) -> None:
    meeting = called(group, FEBRUARY)
    with pytest.raises(Refused):
        actions.hold(meeting=meeting, presences={group.seats[0].pk: "present"}, actor=group.leader)
    coming = called(group, datetime.date(2026, 6, 20))
    with pytest.raises(Refused):
        actions.hold(
            meeting=coming,
            presences={one.pk: "present" for one in group.seats},
            actor=group.leader,
        )


def test_numbers_follow_each_other_within_the_year(group: Steering) -> None:
    assert [decided(group).number, decided(group).number] == ["SG 2026:1", "SG 2026:2"]
    assert BodyDecision.objects.count() == 2


def test_a_decision_between_meetings_is_bound_to_an_organisation(group: Steering) -> None:
    with pytest.raises(Refused):
        deciding.record(body=group.body, facts=facts(group), actor=group.leader)
    made = deciding.record(
        body=group.body, facts=facts(group, organisation=group.city), actor=group.leader
    )
    assert made.organisation == group.city


def correction(group: Steering, **given: object) -> deciding.Correction:
    known = {
        "title": "Projektplanen antas",
        "text": "Planen antas med ändringar.",
        "record_number": "SOF 2026/31",
        "organisation": None,
        "responsible": group.role,
        "follow_up_on": None,
        **given,
    }
    return deciding.Correction(**known)  # type: ignore[arg-type]


def correct(
    group: Steering, made: BodyDecision, *, seen: int, reason: str = "Fel", **given: object
) -> None:
    deciding.correct(
        decision=made,
        facts=correction(group, **given),
        seen=seen,
        reason=reason,
        actor=group.leader,
    )


def test_whoever_corrects_what_another_has_corrected_is_told(
    group: Steering, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = decided(group)
    seen = deciding.edition(made)
    correct(group, made, seen=seen, text="Den första.")
    with pytest.raises(Stale):
        correct(group, made, seen=seen, text="Den andra.")
    made.refresh_from_db()
    assert made.text == "Den första."
    # The control: without the check the second takes the first one's words away.
    monkeypatch.setattr(deciding, "edition", lambda decision: seen)
    correct(group, made, seen=seen, text="Den andra.")
    made.refresh_from_db()
    assert made.text == "Den andra."


def test_the_page_says_so_and_keeps_what_was_written(group: Steering, client: Client) -> None:
    made = decided(group)
    client.force_login(group.leader)
    address = reverse("governance:decision_correct", args=[made.public_id])
    shown = client.get(address).context["form"].initial["seen"]
    correct(group, made, seen=shown, text="Den första.")
    sent = {
        "title": "Projektplanen antas",
        "text": "Den andra.",
        "responsible": group.role.pk,
        "reason": "Fel",
        "seen": shown,
    }
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Den andra." in answer.content.decode()
    made.refresh_from_db()
    assert made.text == "Den första."
    assert client.post(address, {**sent, "seen": shown + 1}).status_code == 302


def test_the_page_calls_what_was_entered_by_its_name(group: Steering, client: Client) -> None:
    client.force_login(group.leader)
    page = client.get(reverse("governance:decision", args=[decided(group).public_id]))
    assert "<dt>Infört i förteckningen</dt>" in page.content.decode()


def test_a_decision_is_never_edited_in_silence(group: Steering) -> None:
    made = decided(group)
    with pytest.raises(ReasonNeeded):
        correct(group, made, seen=1, reason=" ")
    correct(group, made, seen=1, reason="Fel avskrivet")
    earlier = queries.earlier_words(made)
    assert [(one.text, one.why) for one in earlier] == [("Planen antas.", "Fel avskrivet")]
    assert Operation.objects.get(name="decision.correct").reason == "Fel avskrivet"


def test_the_database_refuses_other_words_without_a_reason(group: Steering) -> None:
    made = decided(group)
    rows = BodyDecision.objects.filter(pk=made.pk)
    with (
        pytest.raises(DatabaseError, match="with a reason"),
        transaction.atomic(),
        operation("test.silent"),
    ):
        rows.update(text="Något annat")
    # The control: with a reason the same statement passes.
    with transaction.atomic(), operation("test.said", reason="Prov"):
        rows.update(text="Något annat")
    # And it is never taken away, even with a reason.
    with (
        pytest.raises((DatabaseError, PermissionDenied)),
        transaction.atomic(),
        operation("test.gone", reason="Prov"),
    ):
        rows.delete()


def test_a_follow_up_is_said_once(group: Steering) -> None:
    made = decided(group)
    with pytest.raises(Refused):
        deciding.follow_up(decision=made, on=FEBRUARY, result=" ", actor=group.leader)
    with pytest.raises(Refused):
        deciding.follow_up(
            decision=made, on=datetime.date(2026, 7, 1), result="Klart", actor=group.leader
        )
    deciding.follow_up(decision=made, on=FEBRUARY, result="Klart", actor=group.leader)
    with pytest.raises(Stale):
        deciding.follow_up(decision=made, on=FEBRUARY, result="Igen", actor=group.leader)


def test_rules_hold_from_a_day_on(group: Steering) -> None:
    values = {"least_meetings": 2, "period_months": 3, "first_within_months": None, "quorum": 4}
    given = {"body": group.body, "values": values, "decision": "SG § 1", "actor": group.leader}
    actions.decide_rules(valid_from=datetime.date(2026, 7, 1), **given)  # type: ignore[arg-type]
    before, after = datetime.date(2026, 6, 30), datetime.date(2026, 7, 1)
    held_before, held_after = (deciding.rules_on(group.body, day) for day in (before, after))
    assert held_before is not None
    assert held_after is not None
    assert (held_before.quorum, held_after.quorum) == (3, 4)
    with pytest.raises(Refused):
        actions.decide_rules(valid_from=datetime.date(2026, 7, 1), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_only_the_office_writes(group: Steering, who: str) -> None:
    actor: User = getattr(group, who)
    meeting = called(group, FEBRUARY)
    made = None
    for refused in (
        lambda: actions.call(body=group.body, facts=at(FEBRUARY, 15), actor=actor),
        lambda: actions.cancel(meeting=meeting, reason="x", actor=actor),
        lambda: actions.hold(meeting=meeting, presences={}, actor=actor),
        lambda: deciding.record(body=group.body, facts=facts(group), actor=actor),
        lambda: actions.end_seat(seat=group.seats[0], last_day=FEBRUARY, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            made = refused()
    assert made is None
    assert not BodyDecision.objects.exists()


def found(on: datetime.date) -> list[str]:
    return [f"{one.severity}: {one.message}" for one in health.check(on)]


def test_what_is_missing_is_a_warning_on_the_configuration_check(group: Steering) -> None:
    late = datetime.date(2026, 3, 2)
    assert any("2026-03-01" in line for line in found(late))
    made = decided(group)
    assert not any("2026-03-01" in line for line in found(late))
    # A decision to follow up, before its day and after.
    after = datetime.date(2026, 5, 2)
    few = len(found(datetime.date(2026, 5, 1)))
    assert len(found(after)) == few + 1
    deciding.follow_up(decision=made, on=FEBRUARY, result="Klart", actor=group.leader)
    assert len(found(after)) == few


def test_a_first_meeting_without_the_plans_is_a_warning(group: Steering) -> None:
    meeting = held(group, FEBRUARY)
    assert not any("Projektplan" in line for line in found(datetime.date(2026, 3, 5)))
    with transaction.atomic(), operation("test.agenda"):
        AgendaItem.objects.filter(meeting=meeting, topic="projektplan").delete()
    assert any("Projektplan" in line for line in found(datetime.date(2026, 3, 5)))


def test_a_meeting_nobody_has_noted_is_a_warning(group: Steering) -> None:
    before = len(found(datetime.date(2026, 6, 10)))
    meeting = called(group, datetime.date(2026, 5, 4))
    assert len(found(datetime.date(2026, 6, 10))) == before + 1
    actions.hold(
        meeting=meeting, presences={one.pk: "present" for one in group.seats}, actor=group.leader
    )
    assert Meeting.objects.get().state == Meeting.State.HELD


def test_the_check_is_among_those_that_staff_see(group: Steering) -> None:
    areas = {area.key for area in core_health.findings(datetime.date(2026, 6, 10))}
    assert "governance" in areas
