"""My page and my staff in the browser's eyes: the own and nothing else."""

import datetime
import re

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people.actions import create_user
from people.models import Person, User
from programme.errors import NotAllowed
from programme.models import HomeworkDone, Participation, Segment, Setting
from programme.staff import actions, digest, mine, tasks, team
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.staff.builders import counted
from tests.programme.training import (
    course_of,
    group_of,
    invitation_to,
    occasion_of,
    participation_of,
    units_of,
)
from workflows.models import Message


def account_for(person: Person) -> User:
    with transaction.atomic(), operation("test.account"):
        person.refresh_from_db()
        return create_user(
            email=person.email, first_name="A", last_name="B", actor=None, person=person
        )


def series(world: World, person: Person) -> Participation:
    """A first occasion attended, the second missed, the third to come."""
    taken = participation_of(world, person)
    units = units_of(course_of(world))
    number = Participation.objects.count()
    group = group_of(world, members=[taken], name=f"Grupp {number}")
    now = timezone.now().replace(hour=8, minute=0)
    for unit, days in zip(units, (-60, -30, 20), strict=False):
        occasion = occasion_of(
            world, group, unit=unit, starts_at=now + datetime.timedelta(days=days)
        )
        invitation_to(occasion, taken.person, taken)
        if days == -60:
            counted(world, taken, occasion)
    return taken


def test_my_page_says_what_comes_what_is_done_and_what_is_to_do(world: World) -> None:
    taken = series(world, world.staff[0])
    page = signed_in(account_for(world.staff[0])).get("/mina-sidor/").content.decode()
    units = units_of(course_of(world))
    assert units[2].title in page
    assert "4\xa0tim 20\xa0min" in page
    assert "26\xa0tim" in page
    assert "Hemuppgift efter tillfälle 1" in page
    assert taken.course.name in page
    assert "Jag kan inte komma" in page


def test_what_goes_on_now_comes_first_with_the_way_in(world: World) -> None:
    person = world.staff[0]
    taken = participation_of(world, person)
    group = group_of(world, members=[taken])
    occasion = occasion_of(world, group, starts_at=timezone.now() - datetime.timedelta(minutes=5))
    invitation_to(occasion, person, taken)
    client = signed_in(account_for(person))

    def page() -> str:
        return client.get(reverse("programme:my_page")).content.decode()

    asked, title = page(), f"Just nu: {occasion.title}"
    assert title in asked
    assert "Du är inte incheckad än" in asked
    assert 'name="answer" value="not_coming"' in asked
    assert asked.index(title) < asked.index("Nästa tillfälle")
    with transaction.atomic(), operation("test.inside"):
        Segment.objects.create(
            occasion=occasion,
            person=person,
            began_at=timezone.now(),
            source=Segment.Source.SCREEN_CODE,
            recorded_by=world.administrator,
        )
    inside = page()
    assert "Du är incheckad sedan" in inside
    # Whoever is in the room is not asked whether they come.
    assert 'name="answer"' not in inside
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        assert title not in page()


def test_homework_is_done_and_undone_by_one_press(world: World) -> None:
    taken = series(world, world.staff[0])
    unit = units_of(course_of(world))[0]
    client = signed_in(account_for(world.staff[0]))
    address = reverse("programme:homework", args=[taken.public_id, unit.public_id])
    for _turn in range(2):
        assert client.post(address, {"done": "1"}).status_code == 302
    assert HomeworkDone.objects.count() == 1
    client.post(address, {"done": "0"})
    assert HomeworkDone.objects.count() == 0
    assert client.get(address).status_code == 405


def test_old_homework_does_not_nag(world: World) -> None:
    taken = series(world, world.staff[0])
    now = timezone.now()
    assert [each.earlier for each in mine.of_person(taken.person, now).homework] == [True, False]


def test_another_persons_homework_does_not_exist(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = series(world, world.staff[0])
    unit = units_of(course_of(world))[0]
    other = account_for(world.staff[1])
    address = reverse("programme:homework", args=[taken.public_id, unit.public_id])
    assert signed_in(other).post(address, {"done": "1"}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.set_homework(participation_id=taken.pk, unit_id=unit.pk, done=True, actor=other)
    assert not HomeworkDone.objects.exists()


def test_my_page_costs_the_same_with_one_occasion_as_with_many(world: World) -> None:
    taken = series(world, world.staff[0])
    client = signed_in(account_for(world.staff[0]))

    def visit() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/mina-sidor/").status_code == 200
        return len(seen)

    visit()
    few = visit()
    units = units_of(course_of(world))
    for turn in range(25):
        occasion = occasion_of(
            world,
            unit=units[2 + turn % 4],
            starts_at=timezone.now() + datetime.timedelta(days=40 + turn),
        )
        invitation_to(occasion, taken.person, taken)
    assert visit() == few


def test_a_month_that_is_not_attested_waits_on_my_page(world: World) -> None:
    taken = participation_of(world, world.staff[0])
    day = timezone.now() - datetime.timedelta(days=45)
    counted(world, taken, occasion_of(world, starts_at=day))
    found = mine.of_person(world.staff[0])
    assert [(m.first_day, m.minutes) for m in found.months] == [
        (timezone.localdate(day).replace(day=1), 260)
    ]


def test_a_manager_sees_the_own_staff_and_nobody_elses(world: World) -> None:
    series(world, world.staff[0])
    page = signed_in(world.chief).get("/mina-medarbetare/").content.decode()
    assert "Efternamn1" in page
    assert "4\xa0tim 20\xa0min" in page
    other = signed_in(world.other_chief).get("/mina-medarbetare/").content.decode()
    assert "Efternamn1" not in other
    assert signed_in(world.administrator).get("/mina-medarbetare/").status_code == 404


def test_the_sums_of_the_own_staff_lead_to_those_they_count(world: World) -> None:
    series(world, world.staff[0])
    client = signed_in(world.chief)
    page = client.get("/mina-medarbetare/").content.decode()
    found = dict(re.findall(r'stat__value"><a class="govuk-link" href="\?visa=(\w+)">(\d+)<', page))
    assert found == {"pagar": "1", "klara": "0", "risk": found["risk"]}
    for shown, number in found.items():
        narrowed = client.get(f"/mina-medarbetare/?visa={shown}").content.decode()
        assert len(re.findall(r"Efternamn1\s*<(?:/|span)", narrowed)) == int(number)


def test_without_the_reach_every_manager_would_see_everyone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the reach is what keeps the others out."""
    series(world, world.staff[0])
    monkeypatch.setattr(team, "below", lambda *_a: Q())
    page = signed_in(world.other_chief).get("/mina-medarbetare/").content.decode()
    assert "Efternamn1" in page


def test_a_protected_member_is_masked_where_the_manager_may_not_know(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    series(world, world.staff[0])
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk=world.staff[0].pk).update(protected=True)
    monkeypatch.setattr("people.display.may_see_protected", lambda *_a: False)
    for address in ("/mina-medarbetare/", "/mina-medarbetare/veckor/"):
        page = signed_in(world.chief).get(address).content.decode()
        assert "Efternamn1" not in page
        assert "kyddad" in page


def test_thirty_members_cost_what_two_do(world: World) -> None:
    client = signed_in(world.chief)

    def visit(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    pages = ("/mina-medarbetare/", "/mina-medarbetare/veckor/")
    for person in world.staff[:2]:
        series(world, person)
    for address in pages:
        visit(address)
    few = [visit(address) for address in pages]
    for person in world.staff[2:]:
        series(world, person)
    assert [visit(address) for address in pages] == few


def test_the_week_says_who_is_away_and_for_how_long(world: World) -> None:
    series(world, world.staff[0])
    found = [week for week in team.weeks_of(world.chief, timezone.localdate()) if week.away]
    assert [(week.persons, week.minutes) for week in found] == [(1, 300)]
    page = signed_in(world.chief).get("/mina-medarbetare/veckor/?fran=nonsens")
    assert "Efternamn1" in page.content.decode()
    assert (
        signed_in(world.chief).get("/mina-medarbetare/veckor/?fran=0001-01-01").status_code == 200
    )


def test_managers_are_told_once_a_month_in_figures_without_names(world: World) -> None:
    series(world, world.staff[0])
    assert tasks.manager_digest() == 2  # the unit's manager and the department head above
    assert tasks.manager_digest() == 0
    message = Message.objects.get(kind="staff.digest", recipient=world.chief)
    assert "1 deltagande" in message.body
    assert "Efternamn" not in message.body + message.subject
    assert message.link == "/mina-medarbetare/"
    with transaction.atomic(), operation("test.setting"):
        Setting.objects.create(
            programme=world.programme,
            key="manager_digest",
            value="never",
            valid_from=timezone.localdate(),
            decision="Beslut 4",
        )
    assert digest.send(timezone.localdate() + datetime.timedelta(days=40)) == 0


@pytest.mark.parametrize(("completed", "told"), [(False, 0), (True, 2)])
def test_managers_are_not_told_of_what_somebody_who_left_has_not_ended(
    world: World, completed: bool, told: int
) -> None:
    series(world, world.staff[0])
    with transaction.atomic(), operation("test.left"):
        Person.objects.filter(pk=world.staff[0].pk).update(
            last_day=timezone.localdate() - datetime.timedelta(days=1)
        )
        if completed:
            Participation.objects.update(
                state=Participation.State.COMPLETED, ended_on=timezone.localdate()
            )
    assert tasks.manager_digest() == told
