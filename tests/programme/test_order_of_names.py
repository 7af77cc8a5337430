"""A hidden name is not told by its place in the alphabet: the protected stand first in every list.

The pages are read by those who may see the names, since the order is everyone's.
"""

from collections.abc import Callable, Sequence

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people.models import Person
from programme import message_audiences
from programme.attendance import merging
from programme.models import Course, Invitation, Membership, Occasion, Registration
from programme.registrations import access as registrations
from programme.registrations.lists import bookings_of_staff
from tests.clients import signed_in
from tests.programme.months.builders import staff_account
from tests.programme.occasions.builders import Scene, build_scene, occasion_in
from tests.programme.registrations.builders import open_occasion, plan_for

FIRST, HIDDEN, LAST = "Abrahamius", "Lundbergius", "Yngvesius"


def rename(persons: Sequence[Person]) -> None:
    """Three names in the order of the alphabet, and the one in the middle is protected."""
    for person, name in zip(persons, (FIRST, HIDDEN, LAST), strict=True):
        Person.objects.filter(pk=person.pk).update(
            first_name=name, last_name=name, protected=name == HIDDEN
        )


@pytest.fixture
def scene(db: None) -> Scene:
    found = build_scene()
    with transaction.atomic(), operation("test.names"):
        rename([one.person for one in found.members])
    return found


def order(page: str) -> list[str]:
    """The names in the order in which the page says them first."""
    return sorted((HIDDEN, FIRST, LAST), key=page.index)


def substitutes(scene: Scene, occasion: Occasion) -> str:
    """Colleagues who are not invited may take a seat."""
    members = [one.person for one in scene.members]
    rename([one for one in scene.world.staff if one not in members][:3])
    Person.objects.filter(pk__in=[one.pk for one in members]).update(last_name="Ek", first_name="E")
    seat = Invitation.objects.filter(occasion=occasion).first()
    assert seat is not None
    return reverse("occasions:substitute", args=[occasion.public_id, seat.public_id])


def free_seats(_scene: Scene, occasion: Occasion) -> str:
    """Those who are no longer invited may be invited again."""
    occasion.invitations.update(withdrawn_at=timezone.now())
    return reverse("occasions:seat", args=[occasion.public_id])


def unplaced(scene: Scene, _occasion: Occasion) -> str:
    """Those without a group wait for one."""
    Membership.objects.all().delete()
    Course.objects.filter(key="test").update(kind=scene.world.kinds["medarbetare"])
    return reverse("groups:place") + "?kurs=test"


PAGES: dict[str, Callable[[Scene, Occasion], str]] = {
    "occasion": lambda _s, o: reverse("occasions:occasion", args=[o.public_id]),
    "marking": lambda _s, o: reverse("attendance:marking", args=[o.public_id]),
    "group": lambda s, _o: reverse("groups:group", args=[s.group.public_id]),
    "matrix": lambda s, _o: reverse("attendance:matrix", args=[s.group.public_id]),
    "register": lambda _s, _o: reverse("employees:overview"),
    "substitutes": substitutes,
    "free seats": free_seats,
    "unplaced": unplaced,
}


@pytest.mark.parametrize("page", PAGES)
def test_the_protected_come_first_on_the_page(scene: Scene, page: str) -> None:
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.page"):
        address = PAGES[page](scene, occasion)
    answer = signed_in(scene.office).get(address)
    assert answer.status_code == 200
    assert order(answer.content.decode()) == [HIDDEN, FIRST, LAST]


def test_the_protected_come_first_on_the_trainers_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sorted by given names, and names are shown here to see the order."""
    occasion = occasion_in(scene, trainers=[scene.trainer])
    monkeypatch.setattr("people.display.may_see_protected", lambda *_a: True)
    page = signed_in(scene.trainer).get(reverse("occasions:taught", args=[occasion.public_id]))
    assert order(page.content.decode()) == [HIDDEN, FIRST, LAST]


def test_the_protected_come_first_on_the_managers_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members, and the weeks they are away."""
    occasion_in(scene)
    monkeypatch.setattr("people.display.may_see_protected", lambda *_a: True)
    chief = signed_in(scene.world.chief)
    for address in (reverse("staff:mine"), reverse("staff:weeks")):
        assert order(chief.get(address).content.decode()) == [HIDDEN, FIRST, LAST], address


def test_the_protected_come_first_among_readers_of_a_message(scene: Scene) -> None:
    found = message_audiences.in_group(scene.group.public_id, scene.office)
    assert [one.name.split()[0] for one in found] == [HIDDEN, FIRST, LAST]


def test_the_protected_come_first_among_the_managers_bookings(scene: Scene) -> None:
    occasion = open_occasion(scene.world)
    plan = plan_for(occasion, seats=5)
    with transaction.atomic(), operation("test.bookings"):
        for number, one in enumerate(scene.members):
            Registration.objects.create(
                plan=plan,
                person=one.person,
                state=Registration.State.REGISTERED,
                order=number,
                registered_at=timezone.now(),
            )
    found = bookings_of_staff(scene.world.chief, timezone.now())
    assert [one.row.person.last_name for one in found] == [HIDDEN, FIRST, LAST]


def test_without_an_order_of_its_own_a_list_has_the_same(scene: Scene) -> None:
    found = Person.objects.filter(participations__in=scene.members)
    assert [one.last_name for one in found] == [HIDDEN, FIRST, LAST]


def test_a_search_by_the_hidden_name_finds_nobody(scene: Scene) -> None:
    """Whoever may not know the name would learn it from the answer."""
    leader = staff_account(scene.world, "ledare", "projektledare")
    occasion, hidden = open_occasion(scene.world), scene.members[1].person
    plan = plan_for(occasion)
    named = Person(first_name="Kim", last_name="Ny", unit=scene.world.farsta, temporary=True)
    for viewer, expected in ((leader, []), (scene.world.administrator, [hidden])):
        assert list(registrations.participants_for(plan, HIDDEN, viewer)) == expected
        assert list(merging.candidates(named, HIDDEN, viewer)) == expected
    assert list(registrations.participants_for(plan, FIRST, leader)) == [scene.members[0].person]
