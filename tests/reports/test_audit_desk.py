"""The auditor's desk: who sees it, what it tells, what it hides, what it costs."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit.models import ReadEvent
from people import leaving
from people.models import Person
from reports import persons
from tests.programme.builders import (
    World,
    account,
    approved,
    build_world,
    nominated,
    number_of,
    person_in,
)
from workflows.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: object) -> Iterator[None]:
    with translation.override("en"):
        settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
        yield


@pytest.fixture
def world(operation: None) -> World:
    return build_world()


@pytest.fixture
def auditor(world: World) -> Client:
    client = Client()
    client.force_login(world.auditor)
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_desk_exists_only_for_auditors(world: World, auditor: Client) -> None:
    case = nominated(world, world.staff[0]).case
    leader = Client()
    leader.force_login(world.administrator)
    paths = ["/revision/", "/revision/lasningar/", f"/revision/arenden/{case.reference}/"]

    assert [auditor.get(path).status_code for path in paths] == [200, 200, 200]
    assert [leader.get(path).status_code for path in paths] == [404, 404, 404]
    assert [Client().get(path).status_code for path in paths] == [302, 302, 302]
    assert [auditor.post(path).status_code for path in paths] == [405, 405, 405]


def test_an_auditor_of_a_district_reads_only_its_cases(world: World) -> None:
    case = nominated(world, world.staff[0]).case
    other = Client()
    other.force_login(account("district", "revisor", world.skarholmen))

    assert other.get(f"/revision/arenden/{case.reference}/").status_code == 404
    assert case.reference not in page(other, "/revision/")


def test_the_story_of_a_case_tells_every_room(world: World, auditor: Client) -> None:
    place = approved(world, world.staff[0])

    text = page(auditor, f"/revision/arenden/{place.nomination.case.reference}/")

    for word in ("Case", "Decision", "Nomination", "Place", "Submission"):
        assert f"<caption>{word}" in text, word
    assert "approved" in text


def test_reading_a_story_is_noted_and_stays(world: World, auditor: Client) -> None:
    case = nominated(world, world.staff[0]).case

    page(auditor, f"/revision/arenden/{case.reference}/")

    noted = ReadEvent.objects.get(subject=case.reference)
    assert noted.actor_name == "Revisor Test"
    assert noted.request_id
    assert case.reference in page(auditor, "/revision/lasningar/")


def test_a_protected_person_is_masked(world: World, auditor: Client) -> None:
    nomination = nominated(world, world.staff[0])
    person = nomination.person
    Person.objects.filter(pk=person.pk).update(last_name="Hemligsson")
    path = f"/revision/arenden/{nomination.case.reference}/"
    assert "Hemligsson" in page(auditor, path)  # the control: an ordinary person is named
    assert "Hemligsson" in page(auditor, "/revision/")

    Person.objects.filter(pk=person.pk).update(protected=True)

    assert "Hemligsson" not in page(auditor, path)
    assert "Hemligsson" not in page(auditor, "/revision/")
    assert "Protected identity" in page(auditor, path)


def test_no_identity_number_is_shown(world: World, auditor: Client) -> None:
    person_in(nominated(world, world.staff[0]).unit, 77)

    text = page(auditor, "/revision/?table=people.identity")

    assert "timeline__item" in text
    assert number_of(77) not in text
    assert number_of(77)[:8] + "-" + number_of(77)[8:] not in text


def test_searching(world: World, auditor: Client) -> None:
    case = nominated(world, world.staff[0]).case

    for query, finds in (
        (f"reference={case.reference}", True),
        ("reference=X-0000", False),
        ("actor=Chef", True),
        ("actor=Nobody", False),
        ("table=workflows.case", True),
        ("table=forms_app.storedfile", False),
        ("channel=command", True),
        ("channel=import", False),
        ("since=2000-01-01&until=2999-01-01", True),
        ("until=2000-01-01", False),
    ):
        assert ("timeline__item" in page(auditor, f"/revision/?{query}")) is finds, query


@pytest.mark.parametrize("wrong", ["since=2026-02-31", "channel=xx", "name=nothing"])
def test_what_cannot_be_searched_by_is_said_before_anything_is_listed(
    world: World, auditor: Client, wrong: str
) -> None:
    case = nominated(world, world.staff[0]).case
    assert case.reference in page(auditor, f"/revision/?reference={case.reference}")
    response = auditor.get(f"/revision/?reference={case.reference}&{wrong}")
    assert response.status_code == 422
    text = response.content.decode()
    assert "govuk-error-summary" in text
    assert not response.context["lines"]
    assert "Nothing has been searched" in text


def test_a_change_of_a_person_names_the_person(world: World, auditor: Client) -> None:
    person = world.staff[0]
    leaving.leave(
        person_ids=[person.pk, world.staff[1].pk],
        last_day=datetime.date(2026, 3, 31),
        reason="Slutar.",
        actor=world.administrator,
    )
    text = page(auditor, "/revision/?name=person.leave")
    assert f"Person: {person.first_name} {person.last_name}" in text
    Person.objects.filter(pk=person.pk).update(protected=True)
    assert person.last_name not in page(auditor, "/revision/?name=person.leave")


def test_the_list_costs_the_same_for_many(world: World, auditor: Client) -> None:
    def cost(path: str) -> int:
        page(auditor, path)
        with CaptureQueriesContext(connection) as queries:
            page(auditor, path)
        return len(queries)

    first = nominated(world, world.staff[0]).case
    few = cost("/revision/"), cost(f"/revision/arenden/{first.reference}/")
    for person in world.staff[1:5]:
        nominated(world, person)
    Case.objects.filter(pk=first.pk).update(round=2)
    Case.objects.filter(pk=first.pk).update(round=3)

    assert (cost("/revision/"), cost(f"/revision/arenden/{first.reference}/")) == few


def test_what_is_about_a_person_is_found_by_name(world: World, auditor: Client) -> None:
    place = approved(world, world.staff[0])
    other = nominated(world, world.staff[1])
    Person.objects.filter(pk=world.staff[0].pk).update(last_name="Ensamsson")
    first = world.staff[0].first_name
    text = page(auditor, f"/revision/?person=ensamsson+{first}")

    assert place.nomination.case.reference in text
    assert other.case.reference not in text
    assert f"{first} Ensamsson, {world.staff[0].unit.name}" in text
    assert set(
        ReadEvent.objects.filter(name="audit.search_person").values_list("subject", flat=True)
    ) == {world.staff[0].public_id}
    # The control: nobody in particular is searched for.
    assert other.case.reference in page(auditor, "/revision/")
    assert "timeline__item" not in page(auditor, "/revision/?person=Ingensomheterso")


def test_nobody_protected_and_nobody_out_of_reach_answers_to_a_name(
    world: World, auditor: Client
) -> None:
    nominated(world, world.staff[0])
    Person.objects.filter(pk=world.staff[0].pk).update(last_name="Hemligsson")
    path = "/revision/?person=Hemligsson"
    assert "timeline__item" in page(auditor, path)
    elsewhere = Client()
    elsewhere.force_login(account("district", "revisor", world.skarholmen))
    assert "timeline__item" not in page(elsewhere, path)

    Person.objects.filter(pk=world.staff[0].pk).update(protected=True)

    assert "timeline__item" not in page(auditor, path)


def test_a_name_that_many_share_shows_nothing_of_them(
    world: World, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    nominated(world, world.staff[0])
    monkeypatch.setattr(persons, "MOST", 0)
    text = page(auditor, f"/revision/?person={world.staff[0].last_name}")
    assert "timeline__item" not in text
    assert "Write more of it" in text
    assert not ReadEvent.objects.filter(name="audit.search_person").exists()
