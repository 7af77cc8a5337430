"""Somebody leaves: the person's page, and those whom a list lacks."""

import pytest
from django.db import transaction
from django.test import Client

from audit.operations import operation
from people.models import Organisation, Person, User
from programme.employees import leaving
from programme.employees.queries import found as found_in
from programme.errors import Refused
from tests.programme.builders import World
from tests.programme.employees.leavers import leave, on
from tests.programme.employees.test_lists import account_in, read, shown, take_in


def test_by_hand_at_the_persons_page_and_back(world: World, client: Client) -> None:
    person = world.staff[0]
    client.force_login(world.administrator)
    address = f"/personal/{person.public_id}/"
    assert "Anställningen slutar" in client.get(address).content.decode()
    assert client.post(f"{address}slutar/", {"last_day": "", "reason": ""}).status_code == 422
    client.post(f"{address}slutar/", {"last_day": on(-1).isoformat(), "reason": "Slutar."})
    assert f"slutade {on(-1)}" in client.get(address).content.decode()
    assert person not in found_in(world.administrator, "", "")
    assert list(found_in(world.administrator, "", "", "slutat")) == [person]
    assert person in found_in(world.administrator, "", "", "alla")
    assert f"slutade {on(-1)}" in client.get("/personal/?visa=slutat").content.decode()
    assert person.last_name not in client.get("/personal/?q=" + person.email).content.decode()
    client.post(f"{address}slutar-inte/", {"reason": "Fel person."})
    person.refresh_from_db()
    assert person.last_day is None


def test_to_others_the_pages_do_not_exist(world: World, client: Client) -> None:
    address = f"/personal/{world.staff[0].public_id}/"
    answers = {"last_day": on(-1).isoformat(), "reason": "Slutar."}
    for user in (world.chief, world.head, world.auditor, account_in(world.skarholmen)):
        client.force_login(user)
        for page in ("slutar/", "slutar-inte/"):
            assert client.get(address + page).status_code == 404
            assert client.post(address + page, answers).status_code == 404
    world.staff[0].refresh_from_db()
    assert world.staff[0].last_day is None


def test_those_a_list_lacks_are_ticked_and_the_list_still_waits(
    world: World, client: Client
) -> None:
    text = f"Förvaltning;Enhet;E-post\nFarsta;Enheten f1;{world.staff[0].email}\n"
    found = read(text, world.administrator)
    client.force_login(world.administrator)
    page = client.get(f"/personal/lista/{found.public_id}/").content.decode()
    assert f'value="{world.staff[1].public_id}"' in page
    seen = shown(found, world.administrator).digest
    answer = client.post(
        f"/personal/lista/{found.public_id}/slutat/",
        {
            "person": [world.staff[1].public_id, world.staff[2].public_id],
            "last_day": on(-3).isoformat(),
            "reason": "Inte kvar i registret.",
        },
        follow=True,
    )
    assert "2 personer" in answer.content.decode()
    for person, day in ((world.staff[1], on(-3)), (world.staff[3], None)):
        person.refresh_from_db()
        assert person.last_day == day
    missing = {one.pk for one in shown(found, world.administrator).only_here}
    assert missing == {one.pk for one in (*world.staff[3:], *world.managers)}
    assert shown(found, world.administrator).digest == seen
    take_in(found, world.administrator)


def test_nobody_is_ended_whom_the_list_has_or_does_not_reach(world: World) -> None:
    text = f"Förvaltning;Enhet;E-post\nFarsta;Enheten f1;{world.staff[0].email}\n"
    found = read(text, world.administrator)

    def end(*persons: Person, actor: User = world.administrator) -> int:
        return leaving.leave_from_list(
            list_id=found.pk,
            chosen=[one.public_id for one in persons],
            last_day=on(-1),
            reason="Inte kvar.",
            actor=actor,
        )

    for persons in ([world.staff[0]], [world.others[0]], [world.staff[1], world.others[0]]):
        with pytest.raises(Refused, match="har ändrats"):
            end(*persons)
    with pytest.raises(Refused, match="Kryssa"):
        end()
    with pytest.raises(Refused):
        end(world.staff[1], actor=account_in(Organisation.objects.get(parent=None), "annan"))
    assert not Person.objects.exclude(last_day=None).exists()


def test_a_list_that_has_somebody_who_left_says_so_and_takes_nothing_back(
    world: World, client: Client
) -> None:
    person = world.staff[0]
    leave(world, person, last_day=on(-1))
    found = read(f"E-post;Förnamn\n{person.email};Bo\n", world.administrator)
    client.force_login(world.administrator)
    page = client.get(f"/personal/lista/{found.public_id}/").content.decode()
    assert f"slutade {on(-1)}" in page
    take_in(found, world.administrator)
    person.refresh_from_db()
    assert (person.first_name, person.last_day) == ("Bo", on(-1))


def test_nobody_is_lacking_while_a_row_is_faulty(world: World, client: Client) -> None:
    text = (
        "Förvaltning;Enhet;E-post;Personnummer\n"
        f"Farsta;Enheten f1;{world.staff[0].email};\n"
        f"Farsta;Enheten f1;{world.staff[1].email};19121212\n"
    )
    found = read(text, world.administrator)
    client.force_login(world.administrator)
    page = client.get(f"/personal/lista/{found.public_id}/").content.decode()
    assert "Behöver rättas" in page
    assert 'name="person"' not in page
    with pytest.raises(Refused, match="behöver rättas"):
        leaving.leave_from_list(
            list_id=found.pk,
            chosen=[world.staff[1].public_id],
            last_day=on(-1),
            reason="Inte kvar.",
            actor=world.administrator,
        )


def test_a_name_written_down_at_an_occasion_is_not_of_the_register(world: World) -> None:
    with transaction.atomic(), operation("test.name"):
        somebody = Person.objects.create(
            first_name="Kim",
            last_name="Ny",
            unit=world.unit,
            temporary=True,
            publicly_employed=False,
        )
    assert somebody not in found_in(world.administrator, "", "")
    assert world.staff[0] in found_in(world.administrator, "", "")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"last_day": "31 februari", "reason": "Inte kvar."}, "datum"),
        ({"last_day": "1826-01-01", "reason": "Inte kvar."}, "Kontrollera året"),
        ({"last_day": "", "reason": ""}, "govuk-error-message"),
    ],
)
def test_what_is_wrong_with_the_day_leaves_the_ticks(
    world: World, client: Client, answers: dict[str, str], told: str
) -> None:
    text = f"Förvaltning;Enhet;E-post\nFarsta;Enheten f1;{world.staff[0].email}\n"
    found = read(text, world.administrator)
    client.force_login(world.administrator)
    person, other = world.staff[1].public_id, world.staff[2].public_id
    answer = client.post(
        f"/personal/lista/{found.public_id}/slutat/", {"person": [person], **answers}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert f'value="{person}" checked' in page
    assert f'value="{other}" checked' not in page
    assert f'value="{answers["reason"]}"' in page or not answers["reason"]
    assert not Person.objects.exclude(last_day=None).exists()
