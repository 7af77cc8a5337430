"""Somebody leaves the city: nothing new is asked of them, and all that has been stays."""

import datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from people import actions as people
from people.access import NotAllowed as NotHeld
from people.access import forget, held_by
from people.leaving import ended_with
from people.models import Capability, Organisation, Person, RoleAssignment, User
from programme.actions import places
from programme.employees import leaving
from programme.errors import NominationRefused, Refused
from programme.groups import placing, reading
from programme.message_audiences import in_group
from programme.models import Invitation, Participation, Place
from programme.occasions import sending
from programme.occasions.inviting import follow_group
from tests.programme.builders import World, account, approved, nominated, person_in, quota
from tests.programme.employees.leavers import leave, on, set_last_day, with_account
from tests.programme.employees.test_lists import account_in
from tests.programme.training import (
    group_of,
    invitation_to,
    occasion_of,
    participation_of,
    units_of,
)
from workflows.actions import delegation
from workflows.errors import CannotDelegate
from workflows.models import Delegation, Message

DAY = datetime.timedelta(days=1)


# The day, and who may write it ------------------------------------------------------------


def test_the_last_day_is_kept_with_its_reason_and_taken_back(world: World) -> None:
    person = world.staff[0]
    leave(world, person, last_day=on(-1))
    person.refresh_from_db()
    assert person.has_left(on(0))
    assert not person.has_left(on(-1))
    newest = Person.history.filter(id=person.pk).latest("history_id")
    assert (newest.last_day, newest.history_change_reason) == (on(-1), "Slutar.")
    with pytest.raises(Refused, match="redan antecknad"):
        leave(world, person, last_day=on(5))
    leaving.stay(person=person, reason="Fel person.", actor=world.administrator)
    person.refresh_from_db()
    assert person.last_day is None
    assert Operation.objects.filter(name="person.stay", reason="Fel person.").exists()
    with pytest.raises(Refused, match="Ingen sista dag"):
        leaving.stay(person=person, reason="En gång till.", actor=world.administrator)


@pytest.mark.parametrize("day", [datetime.date(1999, 12, 31), datetime.date(2072, 1, 1)])
def test_a_year_that_cannot_be_right_is_refused(world: World, day: datetime.date) -> None:
    with pytest.raises(Refused, match="Kontrollera året"):
        leave(world, world.staff[0], last_day=day)
    with pytest.raises(Refused, match="Skriv varför"):
        leaving.leave(
            persons=[world.staff[0]], last_day=on(0), reason=" ", actor=world.administrator
        )


def test_only_who_handles_accounts_there_and_never_for_oneself(world: World) -> None:
    local = account_in(world.farsta)
    for actor, person in ((world.chief, world.staff[0]), (local, world.others[0])):
        with pytest.raises(NotHeld):
            leave(world, person, last_day=on(0), actor=actor)
    set_user(world.staff[0], local)
    with pytest.raises(Refused, match="din egen anställning"):
        leave(world, world.staff[0], last_day=on(0), actor=local)
    # All of them or nobody.
    with pytest.raises(NotHeld):
        leave(world, world.staff[1], world.others[0], last_day=on(0), actor=local)
    assert not Person.objects.exclude(last_day=None).exists()


def set_user(person: Person, user: User) -> None:
    with transaction.atomic(), operation("test.user"):
        Person.objects.filter(pk=person.pk).update(user=user)


def test_whose_roles_reach_further_is_ended_by_one_whose_role_does(world: World) -> None:
    """Or whoever handles one administration's accounts could take the city's away."""
    person = world.staff[0]
    city = Organisation.objects.get(parent=None)
    with transaction.atomic(), operation("test.account"):
        set_user(person, account("ledare", "projektledare", city))
    with pytest.raises(Refused, match="hela staden"):
        leave(world, person, last_day=on(0), actor=account_in(world.farsta))
    leave(world, person, last_day=on(0))


def test_nobody_with_a_protected_identity_is_ended_by_whom_it_is_hidden_from(world: World) -> None:
    with transaction.atomic(), operation("test.protect"):
        hidden = person_in(world.unit, 500, protected=True)
        role = world.administrator.assignments.get().role
        role.capabilities = [one for one in role.capabilities if one != "see_protected"]
        role.save()
    actor = User.objects.get(pk=world.administrator.pk)
    with pytest.raises(NotHeld):
        leave(world, hidden, last_day=on(0), actor=actor)


# Roles and the account --------------------------------------------------------------------


def test_roles_end_with_the_employment_and_the_account_reaches_its_own(
    world: World, client: Client
) -> None:
    manager = world.managers[0]
    set_user(manager, world.chief)
    leave(world, manager, last_day=on(10))
    role = RoleAssignment.objects.get(user=world.chief)
    assert role.valid_to == on(10)
    chief = User.objects.get(pk=world.chief.pk)
    assert held_by(chief, on(10)).can(Capability.NOMINATE)
    assert not held_by(chief, on(11)).any()
    leaving.stay(person=manager, reason="Fel dag.", actor=world.administrator)
    manager.refresh_from_db()
    leave_again_long_ago(world, manager)
    chief = User.objects.get(pk=world.chief.pk)
    assert chief.is_active
    client.force_login(chief)
    assert client.get("/mina-sidor/").status_code == 200
    assert client.get("/mina-sidor/uppgifter/").status_code == 200
    assert client.get(reverse("programme:nominate")).status_code == 404
    with pytest.raises(people.Refused, match="anställning slutar"):
        people.assign_role(
            user=chief, role="enhetschef", organisation=world.unit, actor=world.administrator
        )


def leave_again_long_ago(world: World, person: Person) -> None:
    leave(world, person, last_day=on(-2))


def test_taking_back_grants_only_the_roles_that_are_named(world: World) -> None:
    manager = world.managers[0]
    set_user(manager, world.chief)
    for wanted in (False, True):
        leave(world, manager, last_day=on(10))
        manager.refresh_from_db()
        ended = ended_with(manager)
        assert [one.role_id for one in ended] == ["enhetschef"]
        leaving.stay(
            person=manager,
            reason="Stannar.",
            actor=world.administrator,
            roles=ended if wanted else [],
        )
        chief = User.objects.get(pk=world.chief.pk)
        assert held_by(chief, on(11)).can(Capability.NOMINATE) == wanted
        manager.refresh_from_db()
        if not wanted:
            with transaction.atomic(), operation("test.again"):
                RoleAssignment.objects.filter(user=chief).update(valid_to=None)
    other = RoleAssignment.objects.get(user=world.head)
    leave(world, manager, last_day=on(20))
    with pytest.raises(Refused, match="slutade inte"):
        leaving.stay(person=manager, reason="Stannar.", actor=world.administrator, roles=[other])


def test_nobody_goes_on_as_a_deputy_after_the_last_day(world: World) -> None:
    person = world.managers[0]
    set_user(person, world.chief)
    during = delegation.add(
        giver=world.head,
        deputy=world.chief,
        valid_from=on(0),
        valid_to=on(30),
        reason="Semester",
        actor=world.head,
    )
    after = delegation.add(
        giver=world.other_chief,
        deputy=world.chief,
        valid_from=on(20),
        valid_to=on(30),
        reason="Semester",
        actor=world.other_chief,
    )
    leave(world, person, last_day=on(10))
    during.refresh_from_db()
    after.refresh_from_db()
    assert (during.valid_to, during.ended_at) == (on(10), None)
    assert after.ended_at is not None
    with pytest.raises(CannotDelegate, match="slutar före"):
        delegation.add(
            giver=world.head,
            deputy=world.chief,
            valid_from=on(11),
            valid_to=on(12),
            reason="Semester",
            actor=world.head,
        )
    assert not Delegation.objects.on(on(11)).filter(deputy=world.chief).exists()


# Nominations and places -------------------------------------------------------------------


def test_who_has_left_is_not_nominated(world: World, client: Client) -> None:
    person = world.staff[0]
    set_last_day(person, on(0))
    nominated(world, person)
    set_last_day(world.staff[1], on(-1))
    with pytest.raises(NominationRefused, match="har slutat"):
        nominated(world, world.staff[1])
    client.force_login(world.chief)
    answer = client.post(
        reverse("programme:begin"),
        {"wave": world.wave.public_id, "kind": world.kinds["medarbetare"].public_id},
        follow=True,
    )
    page = answer.content.decode()
    assert "Förnamn3" in page
    assert "Förnamn2" not in page


def test_a_place_is_neither_offered_nor_accepted_after_the_last_day(world: World) -> None:
    quota(world, 1)
    first, second, third = (approved(world, one) for one in world.staff[:3])
    assert [one.state for one in (first, second, third)] == ["offered", "reserve", "reserve"]
    set_last_day(second.nomination.person, on(-1))
    places.withdraw(place_id=first.pk, reason="Slutar.", actor=world.administrator)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state) == (Place.State.RESERVE, Place.State.OFFERED)
    owner = with_account_of(third)
    set_last_day(third.nomination.person, on(-1))
    with pytest.raises(Refused, match="Din anställning"):
        places.accept(place_id=third.pk, actor=owner)
    with pytest.raises(Refused, match="har slutat"):
        places.replace(
            place_id=third.pk,
            with_place_id=second.pk,
            reason="Byte",
            actor=world.administrator,
        )


def with_account_of(place: Place) -> User:
    person = Person.objects.get(pk=place.nomination.person_id)
    assert person.user is not None
    return person.user


# Groups and occasions ---------------------------------------------------------------------


def test_who_has_left_is_not_proposed_a_group_and_not_given_one(world: World) -> None:
    stays = [participation_of(world, person) for person in world.staff[:2]]
    group = group_of(world)
    set_last_day(world.staff[0], on(-1))
    set_last_day(world.staff[1], on(0))
    assert list(reading.unplaced(world.administrator)) == [stays[1]]
    with pytest.raises(Refused, match="anställning"):
        placing.place(wanted={one.pk: group.pk for one in stays}, actor=world.administrator)
    assert placing.place(wanted={stays[1].pk: group.pk}, actor=world.administrator) == 1


def test_invitations_after_the_last_day_are_taken_back_and_come_back(world: World) -> None:
    person, colleague = world.staff[:2]
    stays = [participation_of(world, one) for one in (person, colleague)]
    group = group_of(world, members=stays)
    unit = units_of(group.course)
    now = timezone.now()
    days = [
        occasion_of(world, group, unit=unit[n], starts_at=now + datetime.timedelta(days=after))
        for n, after in enumerate((5, 10, 15))
    ]
    follow_group(group_id=group.pk, actor=world.administrator)
    extra = occasion_of(
        world, group_of(world, name="Annan"), unit=unit[3], starts_at=now + 20 * DAY
    )
    seat = invitation_to(extra, person, stays[0])
    with transaction.atomic(), operation("test.hand"):
        Invitation.objects.filter(pk=seat.pk).update(by_hand=True)

    def standing() -> set[int]:
        rows = Invitation.objects.filter(person=person, withdrawn_at=None)
        return set(rows.values_list("occasion_id", flat=True))

    assert standing() == {one.pk for one in (*days, extra)}
    assert leave(world, person, last_day=on(10)) == 2
    assert standing() == {days[0].pk, days[1].pk}
    assert Invitation.objects.filter(person=colleague, withdrawn_at=None).count() == 3
    # A new occasion of the group invites nobody who has left by then.
    occasion_of(world, group, unit=unit[4], starts_at=now + 25 * DAY)
    follow_group(group_id=group.pk, actor=world.administrator)
    assert standing() == {days[0].pk, days[1].pk}
    person.refresh_from_db()
    leaving.stay(person=person, reason="Stannar.", actor=world.administrator)
    assert len(standing()) == 4
    assert extra.pk not in standing()


def test_nobody_who_has_left_is_invited_reminded_or_written_to(world: World) -> None:
    person, colleague = world.staff[:2]
    users = [with_account(one) for one in (person, colleague)]
    stays = [participation_of(world, one) for one in (person, colleague)]
    group = group_of(world, members=stays)
    occasion = occasion_of(world, group, starts_at=timezone.now() + 3 * DAY)
    for one in stays:
        invitation_to(occasion, one.person, one)
    with transaction.atomic(), operation("test.uninvited"):
        Invitation.objects.update(invited_at=None)
    set_last_day(person, on(2))
    assert sending.invite(occasion.pk) == 1
    with transaction.atomic(), operation("test.invited"):
        Invitation.objects.update(invited_at=timezone.now() - 2 * DAY)
    assert sending.remind(occasion.pk, timezone.now()) == 1
    assert set(Message.objects.values_list("recipient", flat=True)) == {users[1].pk}
    assert {one.user_id for one in in_group(group.public_id, None)} == {one.pk for one in users}
    set_last_day(person, on(-1))
    assert {one.user_id for one in in_group(group.public_id, None)} == {users[1].pk}


def test_what_has_been_stays(world: World) -> None:
    stay = participation_of(world, world.staff[0])
    group_of(world, members=[stay])
    before = Participation.objects.values().get(pk=stay.pk)
    leave(world, world.staff[0], last_day=on(-1))
    assert Participation.objects.values().get(pk=stay.pk) == before


def test_what_goes_on_is_told_until_it_is_ended(world: World) -> None:
    person = world.staff[0]
    assert not leaving.open_for(person)
    nomination = nominated(world, person)
    stay = participation_of(world, person)
    group = group_of(world, members=[stay])
    leave(world, person, last_day=on(-1))
    left = leaving.open_for(person)
    assert left.nominations == [nomination]
    assert left.participations == [(stay, group)]


def test_many_leave_in_as_many_statements_as_few(world: World) -> None:
    with transaction.atomic(), operation("test.many"):
        many = [person_in(world.unit, 600 + n) for n in range(25)]

    def statements(persons: list[Person]) -> int:
        forget(world.administrator)
        with CaptureQueriesContext(connection) as looking:
            leave(world, *persons, last_day=on(-1))
        return len(looking)

    assert statements(many[:2]) == statements(many[2:])
