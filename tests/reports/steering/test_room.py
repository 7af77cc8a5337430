"""The steering group's page: who comes in, and that nobody who takes part can be told from it."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.operations import operation
from people.models import Person, Role, User
from programme.governance import actions, deciding
from programme.models import Body, BodyDecision, Meeting, Setting
from reports.steering.rules import figure
from tests.clients import signed_in
from tests.programme.builders import World, number_of
from tests.programme.hours.builders import mark, occasion_on
from tests.programme.months.builders import staff_account
from tests.programme.training import course_of, group_of, invitation_to, participation_of

NOW = datetime.datetime(2026, 5, 20, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member(world: World) -> Client:
    """Someone who sits in the steering group."""
    return signed_in(staff_account(world, "styrgrupp", "styrgrupp"))


def leader(world: World) -> User:
    return staff_account(world, "ledare", "projektledare")


def story(world: World) -> None:
    """Four staff who have begun, and hours of theirs, a manager's and two of Skärholmen."""
    course = course_of(world)
    taken = [participation_of(world, person, course) for person in world.staff[:4]]
    group_of(world, course, members=taken)
    occasion = occasion_on(world, datetime.date(2026, 5, 4))
    for each in taken:
        invitation_to(occasion, each.person, each)
    for person in (*world.staff[:4], world.managers[0], *world.others[:2]):
        mark(occasion, person)
    with transaction.atomic(), operation("test.began"):
        for one in taken:
            one.state = "started"
            one.started_on = datetime.date(2026, 5, 4)
            one.save()


def meet(world: World, actor: User, day: datetime.date) -> BodyDecision:
    """A meeting that was held on the day, and decided something."""
    body = Body.objects.get(code="SG")
    begins = datetime.datetime.combine(day, datetime.time(9), tzinfo=datetime.UTC)
    meeting = actions.call(
        body=body,
        facts=actions.MeetingFacts(begins, begins + datetime.timedelta(hours=1), "Rum 3"),
        actor=actor,
    )
    seats = actions.seats_on(body, day)
    actions.hold(meeting=meeting, presences={one.pk: "present" for one in seats}, actor=actor)
    facts = deciding.DecisionFacts(
        "Planen antas", "Planen antas.", day, "", None, Role.objects.get(key="ekonom"), None
    )
    return deciding.record(body=body, facts=facts, actor=actor, meeting=meeting)


def told_of(html: str) -> list[str]:
    """Names, addresses and numbers of participants that stand in a page."""
    people = Person.objects.exclude(last_name="")
    numbers = [number_of(number) for number in range(1, 60)]
    marks = [one for person in people for one in (person.last_name, person.email)]
    return [one for one in (*marks, *numbers) if one and one in html]


def pages(world: World) -> list[str]:
    body = Body.objects.get(code="SG")
    meeting = Meeting.objects.filter(body=body).first()
    decision = BodyDecision.objects.first()
    assert meeting is not None
    assert decision is not None
    return [
        reverse("steering:room"),
        reverse("steering:body", args=[body.public_id]),
        reverse("governance:list"),
        reverse("governance:body", args=[body.public_id]),
        reverse("governance:meeting", args=[meeting.public_id]),
        reverse("governance:decisions"),
        reverse("governance:decision", args=[decision.public_id]),
    ]


def test_no_participant_is_named_on_any_page_of_the_group(world: World, member: Client) -> None:
    story(world)
    meet(world, leader(world), datetime.date(2026, 2, 10))
    for address in pages(world):
        answer = member.get(address)
        assert answer.status_code == 200
        assert told_of(answer.content.decode()) == []
    # The control: the page with rows behind the same figures tells of them.
    economist = signed_in(staff_account(world, "ekonom"))
    assert told_of(economist.get("/medfinansiering/rader/").content.decode()) != []


def test_the_same_is_shown_whoever_asks(world: World, member: Client) -> None:
    """The office reads rows elsewhere; here it sees sums like the members."""
    story(world)
    office = signed_in(leader(world))
    for client in (member, office):
        page = client.get(reverse("steering:room"))
        lines = page.context["dashboard"].money.districts
        assert all(line.sum.minutes == 0 or len(line.sum.persons) >= 5 for line in lines)
        assert told_of(page.content.decode()) == []


def test_few_persons_are_not_told_by_their_number(world: World, member: Client) -> None:
    story(world)
    page = member.get(reverse("steering:room"))
    assert page.context["dashboard"].began.hidden
    assert "färre än 5" in page.content.decode()
    # The control: with a lower limit the same four are told.
    with transaction.atomic(), operation("test.limit"):
        Setting.objects.update_or_create(
            programme=world.programme,
            key="small_number_limit",
            valid_from=datetime.date(2026, 5, 1),
            defaults={"value": 2, "decision": "prov"},
        )
    page = member.get(reverse("steering:room"))
    assert page.context["dashboard"].began.shown == 4


def test_nobody_is_a_number_that_may_be_told() -> None:
    assert figure(0, 10, 5).shown == 0
    assert figure(4, 10, 5).hidden
    assert figure(5, 10, 5).shown == 5


def test_heads_and_managers_do_not_know_of_it(world: World) -> None:
    meet(world, leader(world), datetime.date(2026, 2, 10))
    for user in (world.head, world.chief):
        for address in pages(world):
            assert signed_in(user).get(address).status_code == 404


def test_members_read_and_do_not_write(world: World, member: Client) -> None:
    decision = meet(world, leader(world), datetime.date(2026, 2, 10))
    body = reverse("governance:meeting_new", args=[decision.body.public_id])
    fix = reverse("governance:decision_correct", args=[decision.public_id])
    for address in (body, fix, reverse("governance:follow_up", args=[decision.public_id])):
        assert member.get(address).status_code == 404
        assert member.post(address, {"reason": "x"}).status_code == 404
    assert "Kalla till möte" not in member.get(reverse("steering:room")).content.decode()


def test_the_price_of_the_pages_does_not_grow(world: World, member: Client) -> None:
    actor = leader(world)
    meet(world, actor, datetime.date(2026, 2, 10))
    addresses = [*pages(world)[:4], reverse("governance:decisions")]

    def queries() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert member.get(address).status_code == 200
            found.append(len(asked))
        return found

    queries()
    few = queries()
    for day in range(1, 9):
        meet(world, actor, datetime.date(2026, 3, day))
    assert queries() == few


def test_without_a_steering_group_the_page_says_what_will_come(world: World) -> None:
    with transaction.atomic(), operation("test.kind"):
        Body.objects.get(code="SG").kind.__class__.objects.update(decides=False)
    page = signed_in(leader(world)).get(reverse("steering:room"))
    assert "Ingen styrgrupp är registrerad än" in page.content.decode()
