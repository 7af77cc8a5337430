"""Placing people and changing an occasion at the same moment: one order of locks, no deadlock."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from people.models import User
from programme.groups import placing
from programme.models import Group, Invitation, Occasion, Participation
from programme.occasions import answering, changing, seating, sending
from tests.programme.occasions.builders import (
    Scene,
    at,
    build_scene,
    occasion_in,
    participation_of,
)

# docs/occasions.md, «One order of locks».
ORDER = [
    "programme_participation",
    "programme_group",
    "programme_occasion",
    "programme_month",
    "people_user",
    "people_person",
    "programme_venue",
    "programme_booking",
    "programme_invitation",
]
# How long one waits for the other to stand where a deadlock would arise.
PATIENCE = 1.5


def newcomer(scene: Scene, at: int = 4) -> Participation:
    with transaction.atomic(), operation("test.newcomer"):
        return participation_of(scene.world, scene.group.course, scene.world.staff[at])


def at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One changes the group's occasion while another places somebody in the group."""
    occasion = occasion_in(scene)
    joining = newcomer(scene)
    changing_holds, placing_holds = threading.Event(), threading.Event()
    lock, lock_groups = changing.lock, placing._lock_groups

    def locked(occasion_id: int) -> Occasion:
        found = lock(occasion_id)
        changing_holds.set()
        placing_holds.wait(PATIENCE)
        return found

    def groups_locked(ids: set[int]) -> dict[int, Group]:
        found = lock_groups(ids)
        placing_holds.set()
        changing_holds.wait(PATIENCE)
        return found

    monkeypatch.setattr(changing, "lock", locked)
    monkeypatch.setattr(placing, "_lock_groups", groups_locked)

    def change() -> None:
        changing.change(
            occasion_id=occasion.pk,
            wanted=changing.as_it_is(occasion, title="Nytt namn"),
            reason="Bättre namn",
            actor=User.objects.get(pk=scene.office.pk),
            despite_warnings=True,
        )

    def place() -> None:
        placing.place(
            wanted={joining.pk: scene.group.pk}, actor=User.objects.get(pk=scene.office.pk)
        )

    def ended(work: Callable[[], None]) -> str:
        try:
            work()
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(ended, [change, place]))


@pytest.mark.django_db(transaction=True)
def test_a_change_and_a_placing_at_once_both_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = build_scene()
    assert at_once(scene, monkeypatch) == ["done", "done"]
    assert Occasion.objects.get(group=scene.group).title == "Nytt namn"
    assert Invitation.objects.filter(person=scene.world.staff[4]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_with_the_occasion_first_they_would_lock_each_other_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def occasion_first(occasion_id: int) -> Occasion:
        return (
            Occasion.objects.select_for_update(of=("self",))
            .select_related("programme", "group", "district", "unit")
            .get(pk=occasion_id)
        )

    scene = build_scene()
    monkeypatch.setattr(changing, "lock", occasion_first)
    assert at_once(scene, monkeypatch) == ["deadlock", "done"]


def taken(work: Callable[[], object]) -> list[str]:
    """The tables whose rows the work locks, each where it comes first."""
    with CaptureQueriesContext(connection) as captured:
        work()
    found: list[str] = []
    for query in captured:
        if re.search(r" FOR (NO KEY UPDATE|UPDATE|SHARE)", query["sql"]):
            table = re.search(r'FROM "?(\w+)"?', query["sql"])
            if table and table[1] in ORDER and table[1] not in found:
                found.append(table[1])
    return found


def ensure_in_order(work: Callable[[], object], *expected: str) -> None:
    found = taken(work)
    assert set(expected) <= set(found)
    assert found == sorted(found, key=ORDER.index)


def test_every_change_of_an_occasion_locks_in_the_one_order(scene: Scene) -> None:
    occasion = occasion_in(scene, trainers=[scene.trainer], venue=scene.venue)
    row = Invitation.objects.filter(occasion=occasion).order_by("pk")[0]
    joining, colleague, office = newcomer(scene), newcomer(scene, at=5), scene.office
    assert row.person.user is not None
    coming = row.person.user
    moved = changing.as_it_is(occasion, starts_at=at(2), ends_at=at(2, 12))
    ensure_in_order(lambda: sending.invite(occasion.pk), "programme_group", "programme_occasion")
    ensure_in_order(
        lambda: answering.answer(invitation_id=row.pk, coming=True, actor=coming),
        *("people_person", "programme_invitation"),
    )
    ensure_in_order(
        lambda: changing.change(
            occasion_id=occasion.pk,
            wanted=moved,
            reason="Flytt",
            actor=office,
            despite_warnings=True,
        ),
        *("programme_group", "programme_occasion", "people_user", "people_person"),
    )
    ensure_in_order(
        lambda: seating.invite_one(
            occasion_id=occasion.pk, participation_id=joining.pk, reason="Missade", actor=office
        ),
        *("programme_participation", "programme_group", "programme_occasion", "people_person"),
    )
    ensure_in_order(
        lambda: answering.substitute(
            invitation_id=row.pk, colleague=colleague.person, reason="Sjuk", actor=office
        ),
        *("programme_group", "programme_occasion", "people_person", "programme_invitation"),
    )
    ensure_in_order(
        lambda: changing.cancel(occasion_id=occasion.pk, reason="Inställt", actor=office),
        *("programme_group", "programme_occasion", "programme_invitation"),
    )
    ensure_in_order(
        lambda: placing.place(wanted={joining.pk: scene.group.pk}, actor=office),
        *("programme_participation", "programme_group", "people_person"),
    )
