"""A list may propose one role, the nearest manager's, and grants it as by hand."""

import datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from people import actions as people
from people.models import Organisation, Person, RoleAssignment, User
from programme.employees import actions
from programme.errors import Refused
from tests.programme.builders import World, number_of
from tests.programme.employees.test_lists import account_in, errors_of, read, shown, take_in

HEAD = "Förvaltning;Enhet;Förnamn;Efternamn;E-post;Roll i portalen\n"


def held_by(person: Person) -> list[tuple[str, int]]:
    rows = RoleAssignment.objects.filter(user__person=person)
    return [(one.role_id, one.organisation_id) for one in rows]


def test_the_preview_says_what_is_granted_and_the_yes_grants_it(
    world: World, client: Client
) -> None:
    manager, plain = world.managers[0], world.staff[0]
    text = HEAD + (
        f";;;;{manager.email};chef\n"
        f";;;;{plain.email};\n"
        "Farsta;Enheten f2;Åsa;Ny;asa.ny@example.org;Chef\n"
    )
    found = read(text, world.administrator)
    seen = shown(found, world.administrator)
    assert [(line.kind, bool(line.grants)) for line in seen.lines] == [
        ("changed", True),
        ("same", False),
        ("new", True),
    ]
    assert "Enheten f1" in seen.lines[0].grants
    assert "konto öppnas" in seen.lines[0].grants
    assert not RoleAssignment.objects.filter(user__person=manager).exists()
    client.force_login(world.administrator)
    page = client.get(f"/personal/lista/{found.public_id}/").content.decode()
    assert "2 personer får rollen närmaste chef" in page
    assert page.count("Rollen närmaste chef för") == 2
    done = take_in(found, world.administrator)
    assert done.counts["roles"] == 2
    assert held_by(manager) == [("enhetschef", world.unit.pk)]
    new = Person.objects.get(email="asa.ny@example.org")
    assert held_by(new) == [("enhetschef", new.unit_id)]
    assert new.unit.name == "Enheten f2"
    assert held_by(plain) == []
    made = Operation.objects.filter(name="role.assign")
    assert made.count() == 2
    assert {one.subject for one in made} == {"enhetschef"}
    assert "2 fick rollen" in client.get(f"/personal/lista/{found.public_id}/").content.decode()
    again = shown(read(text, world.administrator), world.administrator)
    assert [line.kind for line in again.lines] == ["same", "same", "same"]
    assert again.granted == 0


def test_an_empty_cell_takes_no_role_away(world: World) -> None:
    manager = world.managers[0]
    take_in(read(HEAD + f";;;;{manager.email};chef\n", world.administrator), world.administrator)
    take_in(
        read(HEAD + f"Skärholmen;Enheten s1;Bo;;{manager.email};\n", world.administrator),
        world.administrator,
    )
    assert held_by(manager) == [("enhetschef", world.unit.pk)]


@pytest.mark.parametrize("role", ["administrator", "projektledare", "ja", "avdelningschef"])
def test_no_other_role_is_given_by_a_list(world: World, role: str) -> None:
    text = HEAD + f";;;;{world.staff[0].email};{role}\n"
    assert "Bara rollen chef" in errors_of(text, world.administrator)[0]
    with pytest.raises(Refused):
        take_in(read(text, world.administrator), world.administrator)
    assert held_by(world.staff[0]) == []


def test_what_cannot_be_granted_by_hand_is_not_granted_by_a_list(world: World) -> None:
    admin = world.administrator

    def told(row: str) -> str:
        return " ".join(errors_of(HEAD + row, admin))

    assert "på en enhet" in told("Farsta;;Bo;Ek;bo@example.org;chef\n")
    text = "Förvaltning;Enhet;Förnamn;Efternamn;Personnummer;Roll\n"
    row = f"Farsta;Enheten f1;Bo;Ek;{number_of(77)};chef\n"
    assert "e-postadress" in " ".join(errors_of(text + row, admin))
    assert "eget konto" in told(f"Farsta;Enheten f1;Bo;Ek;{world.head.email};chef\n")
    person = world.staff[0]
    user = people.create_user(
        email=person.email, first_name="A", last_name="B", actor=None, person=person
    )
    people.deactivate_user(user=user, actor=admin, reason="Slutar.")
    assert "stängt" in told(f";;;;{person.email};chef\n")
    with transaction.atomic(), operation("test.mine"):
        Person.objects.filter(pk=person.pk).update(user=admin)
    assert "egna roller" in told(f";;;;{person.email};chef\n")
    with transaction.atomic(), operation("test.leave"):
        Person.objects.filter(pk=world.staff[1].pk).update(last_day=timezone.localdate())
    assert "slutar" in told(f";;;;{world.staff[1].email};chef\n")
    local = account_in(world.farsta)
    assert errors_of(HEAD + f";;;;{world.others[0].email};chef\n", local)


def test_the_guard_is_the_one_by_hand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the preview's own checks gone, the action would still refuse, and undo the list."""
    person = world.staff[0]
    with transaction.atomic(), operation("test.mine"):
        Person.objects.filter(pk=person.pk).update(user=world.administrator)
    monkeypatch.setattr(
        "programme.employees.granting.Granting._ensure_possible", lambda *args: None
    )
    found = read(HEAD + f";;Bo;;{person.email};chef\n", world.administrator)
    with pytest.raises(Refused, match="egna roller"), transaction.atomic():
        take_in(found, world.administrator)
    person.refresh_from_db()
    assert person.first_name != "Bo"


def test_a_grant_that_came_after_the_look_is_looked_at_again(world: World) -> None:
    manager = world.managers[0]
    user = people.create_user(
        email=manager.email, first_name="A", last_name="B", actor=None, person=manager
    )
    found = read(HEAD + f";;;;{manager.email};chef\n", world.administrator)
    seen = shown(found, world.administrator).digest
    people.assign_role(
        user=user, role="enhetschef", organisation=world.unit, actor=world.administrator
    )
    with pytest.raises(Refused, match="har ändrats"):
        actions.confirm(list_id=found.pk, seen=seen, actor=world.administrator)


def test_a_role_that_has_ended_is_granted_anew(world: World) -> None:
    manager = world.managers[0]
    user = people.create_user(
        email=manager.email, first_name="A", last_name="B", actor=None, person=manager
    )
    before = timezone.localdate() - datetime.timedelta(days=30)
    people.assign_role(
        user=user,
        role="enhetschef",
        organisation=world.unit,
        actor=world.administrator,
        valid_from=before,
        valid_to=before + datetime.timedelta(days=1),
    )
    take_in(read(HEAD + f";;;;{manager.email};chef\n", world.administrator), world.administrator)
    assert len(held_by(manager)) == 2


def test_looking_at_many_roles_costs_what_few_do(world: World) -> None:
    def queries(first: int, number: int) -> int:
        text = HEAD + "".join(
            f"Farsta;Enheten f1;Bo;Ek;bo{n}@example.org;chef\n"
            for n in range(first, first + number)
        )
        found = read(text, world.administrator)
        with CaptureQueriesContext(connection) as looking:
            assert shown(found, world.administrator).granted == number
        return len(looking)

    assert queries(100, 2) == queries(200, 60)


def test_an_administrator_elsewhere_grants_nothing_here(world: World) -> None:
    local = account_in(world.skarholmen)
    text = HEAD + "Farsta;Enheten f1;Bo;Ek;bo@example.org;chef\n"
    assert "hanterar" in " ".join(errors_of(text, local))
    assert not User.objects.filter(email="bo@example.org").exists()
    assert Organisation.objects.filter(name="Enheten f1").count() == 1
