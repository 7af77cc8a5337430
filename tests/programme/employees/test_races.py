"""Two lists with the same new person, at the same time."""

import threading

import pytest
from django.db import connection

from people.models import Person
from programme.employees import actions
from programme.employees.preview import Preview
from programme.employees.preview import preview as as_it_is
from programme.errors import Refused
from tests.programme.builders import World, build_world
from tests.programme.employees.test_lists import HEAD, read, shown
from tests.workflows.test_races import all_at_once

AT_ONCE = 4
# In a unit that is there: new units of one name stop each other by their codes.
ROW = "Farsta;;Enheten f1;Åsa;Ny;asa.ny@example.org;;;;\n"


def four_lists(world: World) -> list[BaseException]:
    """Four lists that each have the same new person, said yes to at the same moment."""
    lists = [read(HEAD + ROW, world.administrator) for _number in range(AT_ONCE)]
    seen = shown(lists[0], world.administrator).digest
    connection.close()
    return all_at_once(
        lambda index: actions.confirm(
            list_id=lists[index].pk, seen=seen, actor=world.administrator
        ),
        AT_ONCE,
    )


@pytest.mark.django_db(transaction=True)
def test_the_same_new_person_in_four_lists_is_written_once() -> None:
    errors = four_lists(build_world(staff=1))
    assert [type(error) for error in errors] == [Refused] * (AT_ONCE - 1)
    assert Person.objects.filter(email="asa.ny@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_all_four_would_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: everybody has looked before anybody writes."""
    world = build_world(staff=1)
    looked = threading.Barrier(AT_ONCE)

    def slow(*args: object) -> Preview:
        found = as_it_is(*args)  # type: ignore[arg-type]
        if threading.current_thread() is not threading.main_thread():
            looked.wait(timeout=60)
        return found

    monkeypatch.setattr(actions, "hold_register", lambda: None)
    monkeypatch.setattr(actions, "preview", slow)
    four_lists(world)
    assert Person.objects.filter(email="asa.ny@example.org").count() > 1
