"""An operation that changed much: its first changes among the others, all of them in pages."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit import queries
from audit.models import Operation
from audit.operations import operation
from people.models import Person
from reports.queries import FIRST_CHANGES, MOST_CHANGES
from tests.programme.builders import World, account, build_world, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world(staff=1)


def many(world: World, number: int, first: int = 2000) -> Operation:
    """An operation of the city's that changes so many persons."""
    with operation("test.persons"):
        made = [person_in(world.unit, n).pk for n in range(first, first + number)]
    with operation("test.rename", subject=f"roll {first}"):
        Person.objects.filter(pk__in=made).update(job_role="handläggare")
    return Operation.objects.get(subject=f"roll {first}")


def auditor_of(world: World) -> Client:
    client = Client()
    client.force_login(world.auditor)
    return client


def records(page: str) -> list[str]:
    return re.findall(r"<caption>(.*?)<", page)


def test_many_changes_are_cut_on_the_page_of_all_and_whole_on_their_own(world: World) -> None:
    made = many(world, 60)
    client = auditor_of(world)
    page = client.get("/revision/", {"reference": "roll 2000"}).content.decode()
    assert "60 ändrade poster" in page
    assert len(records(page)) == FIRST_CHANGES
    assert f"/revision/handelse/{made.pk}/" in page
    pages = [
        records(client.get(f"/revision/handelse/{made.pk}/?page={n}").content.decode())
        for n in (1, 2)
    ]
    assert [len(each) for each in pages] == [50, 10]


def test_few_changes_stand_whole_where_they_are(world: World) -> None:
    made = many(world, MOST_CHANGES)
    page = auditor_of(world).get("/revision/", {"reference": "roll 2000"}).content.decode()
    assert len(records(page)) == MOST_CHANGES
    assert f"/revision/handelse/{made.pk}/" not in page


def test_every_change_is_on_one_page_and_in_order(world: World) -> None:
    made = many(world, 30)
    read = [
        (change.model, change.history_id)
        for first in range(0, 30, 7)
        for change in queries.some_changes(made.pk, first=first, most=7)
    ]
    whole = [(one.model, one.history_id) for one in queries.changes(operations=[made.pk])]
    assert read == whole
    assert queries.numbers([made.pk]) == {made.pk: 30}


def test_the_page_costs_the_same_however_much_was_changed(world: World) -> None:
    client = auditor_of(world)
    costs = []
    client.get("/revision/")
    for first, number in ((2000, MOST_CHANGES + 5), (3000, 200)):
        many(world, number, first)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/revision/", {"reference": f"roll {first}"})
        costs.append((len(asked), len(records(page.content.decode()))))
    assert costs[0] == costs[1]


def test_to_others_the_operation_does_not_exist(world: World) -> None:
    made = many(world, 3)
    with operation("test.account"):
        district = account("distriktsrevisor", "revisor", world.skarholmen)
    for user, status in ((world.administrator, 404), (district, 404), (world.auditor, 200)):
        client = Client()
        client.force_login(user)
        assert client.get(f"/revision/handelse/{made.pk}/").status_code == status
    assert auditor_of(world).get(f"/revision/handelse/{uuid.uuid4()}/").status_code == 404
