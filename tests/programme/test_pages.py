"""The pages: who sees what, the wizard from start to receipt, and queries that do not grow."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.operations import operation
from forms_app.models import Draft
from people.actions import record_receipt
from people.models import Person, Receipt, User
from people.privacy import current
from programme.actions.imports import prepare
from programme.imports import preview
from programme.imports.reader import read_text
from programme.models import ImportBatch, Nomination, Place
from tests.clients import signed_in
from tests.programme.builders import (
    World,
    answers_for,
    approve_step,
    approved,
    nominated,
    number_of,
    person_in,
    quota,
)
from workflows.actions import decide


def participant(place: Place) -> User:
    return User.objects.get(person__nominations__place=place)


def queries_of(visit: Callable[[], Any]) -> int:
    visit()  # the first visit warms content types and versions
    with CaptureQueriesContext(connection) as captured:
        visit()
    return len(captured)


def fill_in(client: Client, draft: Draft, raw: dict[str, Any]) -> str:
    """Go through the steps; returns the address of the review page."""
    steps = [
        ("vem", ("person", "key_function")),
        ("varfor", None),
        ("praktiskt", ("released_time",)),
    ]
    address = ""
    for step, keys in steps:
        url = reverse("programme:wizard", args=[draft.public_id, step])
        sent = {key: raw[key] for key in (keys or raw) if key in raw}
        response = client.post(url, sent)
        assert response.status_code == 302, response.content.decode()[:3000]
        address = response["Location"]
    return address


def test_a_manager_nominates_from_start_to_receipt(world: World) -> None:
    client = signed_in(world.chief)
    page = client.get(reverse("programme:nominate"))
    assert page.status_code == 200
    assert world.wave.name in page.content.decode()
    begun = client.post(
        reverse("programme:begin"),
        {"wave": world.wave.public_id, "kind": world.kinds["medarbetare"].public_id},
    )
    draft = Draft.objects.get(owner=world.chief)
    assert draft.public_id in begun["Location"]
    first = client.get(begun["Location"])
    assert first.status_code == 200
    assert "Omgång 1" in first.content.decode()
    review = fill_in(client, draft, answers_for(world.staff[0]))
    assert review.endswith("granska/")
    assert client.get(review).status_code == 200
    sent = client.post(review)
    again = client.post(review)
    assert sent.status_code == again.status_code == 302
    nomination = Nomination.objects.get()
    assert sent["Location"] == again["Location"]
    receipt = client.get(sent["Location"])
    assert nomination.case.reference in receipt.content.decode()
    mine = client.get(reverse("programme:mine")).content.decode()
    assert nomination.case.reference in mine


def test_the_wizard_stops_at_the_person_who_is_already_nominated(world: World) -> None:
    nominated(world, world.staff[0])
    client = signed_in(world.chief)
    client.post(
        reverse("programme:begin"),
        {"wave": world.wave.public_id, "kind": world.kinds["medarbetare"].public_id},
    )
    draft = Draft.objects.get(owner=world.chief, submission=None)
    response = client.post(
        reverse("programme:wizard", args=[draft.public_id, "vem"]),
        {"person": world.staff[0].public_id, "key_function": "no"},
    )
    assert response.status_code == 422


def _alternative(page: str, person: Person) -> str:
    found = re.search(rf'<option value="{person.public_id}"[^>]*>[^<]*', page)
    assert found, page
    return found[0]


def test_the_list_says_who_is_nominated_already_and_lets_nobody_choose_them(
    world: World,
) -> None:
    nominated(world, world.staff[0])
    approved(world, world.staff[1])
    client = signed_in(world.chief)
    client.post(
        reverse("programme:begin"),
        {"wave": world.wave.public_id, "kind": world.kinds["medarbetare"].public_id},
    )
    draft = Draft.objects.get(owner=world.chief, submission=None)
    page = client.get(reverse("programme:wizard", args=[draft.public_id, "vem"])).content.decode()
    first, second, third = (_alternative(page, person) for person in world.staff[:3])
    assert "disabled" in first
    assert first.endswith("redan nominerad")
    assert "disabled" in second
    assert second.endswith("har redan en plats")
    assert "disabled" not in third


def test_a_returned_nomination_is_completed_in_the_wizard(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    item = nomination.case.work_items.get(closed_at=None)
    decide(
        case_id=nomination.case_id,
        step_key=item.step_key,
        round=item.round,
        verdict="return",
        actor=world.head,
        reason="Vilken plats?",
        asked_fields=["priority"],
    )
    client = signed_in(world.chief)
    work = client.get("/arbete/").content.decode()
    assert "Frågor att svara på" in work
    assert "1 sak väntar på dig" in work
    assert world.head.get_full_name() in work
    assert "Frågor att svara på" not in signed_in(world.head).get("/arbete/").content.decode()
    url = reverse("programme:complete", args=[nomination.case.reference])
    asked = client.get(url)
    assert "Vilken plats?" in asked.content.decode()
    step = client.post(url)["Location"]
    assert "/varfor/" in step
    page = client.get(step).content.decode()
    assert "priority" in page
    answer = client.post(step, {"priority": "4", "motivation": "Något annat"})
    assert answer.status_code == 302
    draft = Draft.objects.get(owner=world.chief, submission=None)
    review = reverse("programme:wizard", args=[draft.public_id, "granska"])
    sent = client.post(review)
    assert sent["Location"] == nomination.case.get_absolute_url()
    assert "Frågor att svara på" not in client.get("/arbete/").content.decode()
    nomination.refresh_from_db()
    assert nomination.priority == 4
    assert nomination.submission.answers["motivation"] == answers_for(world.staff[0])["motivation"]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("programme:nominate", {"chief", "head"}),
        ("programme:import", {"chief", "head"}),
        ("programme:places", {"administrator"}),
        ("programme:waves", {"administrator"}),
        ("programme:wave_new", {"administrator"}),
        ("programme:mine", {"chief", "head", "administrator", "auditor"}),
        ("programme:my_page", {"chief", "head", "administrator", "auditor"}),
    ],
)
def test_pages_exist_only_for_those_with_the_role(
    world: World, name: str, allowed: set[str]
) -> None:
    for who in ("chief", "head", "administrator", "auditor"):
        status = signed_in(getattr(world, who)).get(reverse(name)).status_code
        assert status == (200 if who in allowed else 404), who
    assert Client().get(reverse(name)).status_code == 302


def test_another_districts_manager_sees_nothing_of_it(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    client = signed_in(world.other_chief)
    assert nomination.case.reference not in client.get(reverse("programme:mine")).content.decode()
    receipt = reverse("programme:receipt", args=[nomination.public_id])
    assert client.get(receipt).status_code == 404
    complete = reverse("programme:complete", args=[nomination.case.reference])
    assert client.get(complete).status_code == 404


def test_the_participant_reads_before_accepting(world: World) -> None:
    place = approved(world, world.staff[0])
    client = signed_in(participant(place))
    answer = reverse("programme:answer", args=[place.public_id])
    client.post(answer, {"answer": "accept"})
    place.refresh_from_db()
    assert place.state == Place.State.OFFERED
    version = current("tidsredovisning")
    assert version is not None
    page = client.get(reverse("programme:my_page")).content.decode()
    assert version.title in page
    client.post(reverse("programme:read_notice"), {"version": "99"})
    assert not Receipt.objects.exists()
    client.post(reverse("programme:read_notice"), {"version": str(version.number)})
    client.post(answer, {"answer": "accept"})
    place.refresh_from_db()
    assert place.state == Place.State.ACCEPTED
    client.post(answer, {"answer": "decline", "reason": "Ny tjänst"})
    place.refresh_from_db()
    assert place.state == Place.State.DECLINED


def test_nobody_answers_for_another(world: World) -> None:
    place = approved(world, world.staff[0])
    other = signed_in(world.chief)
    response = other.post(
        reverse("programme:answer", args=[place.public_id]), {"answer": "decline"}
    )
    assert response.status_code == 404


def test_places_are_handled_on_their_page(world: World) -> None:
    quota(world, 1)
    first, second = (approved(world, person) for person in world.staff[:2])
    client = signed_in(world.administrator)
    assert client.get(reverse("programme:places")).status_code == 200
    url = reverse("programme:place", args=[first.public_id])
    assert client.get(url).status_code == 200
    assert client.post(url, {"action": "withdraw", "withdraw-reason": ""}).status_code == 422
    done = client.post(url, {"action": "withdraw", "withdraw-reason": "Slutar sin tjänst"})
    assert done.status_code == 302
    second.refresh_from_db()
    assert second.state == Place.State.OFFERED
    # Pressed twice: the page shows how it stands, and what was written.
    again = client.post(url, {"action": "withdraw", "withdraw-reason": "En gång till"})
    assert again.status_code == 422
    assert "har ändrats sedan du öppnade sidan" in again.content.decode()
    assert "En gång till" in again.content.decode()
    same = client.post(url, {"action": "withdraw", "withdraw-reason": "Slutar sin tjänst"})
    assert same.status_code == 422
    assert "sparades inte" not in same.content.decode()
    assert "sparades inte" in again.content.decode()
    first.refresh_from_db()
    assert first.reason == "Slutar sin tjänst"
    assert client.post(url, {"action": "nothing"}).status_code == 404


def test_waves_and_quotas_are_edited_with_a_reason(world: World) -> None:
    client = signed_in(world.administrator)
    url = reverse("programme:wave", args=[world.wave.public_id])
    assert client.get(reverse("programme:waves")).status_code == 200
    assert client.get(url).status_code == 200
    quota_data = {
        "save-quota": "1",
        "quota-organisation": world.farsta.public_id,
        "quota-category": "medarbetare",
        "quota-places": "41",
        "quota-reason": "",
    }
    assert client.post(url, quota_data).status_code == 422
    assert client.post(url, {**quota_data, "quota-reason": "Beslut 12"}).status_code == 302
    wave_data = {
        "save-wave": "1",
        "wave-name": "Ny omgång",
        "wave-opens_on": "2026-01-01",
        "wave-closes_on": "2025-01-01",
        "wave-managers_first": "warn",
        "wave-reason": "Beslut",
    }
    assert client.post(url, wave_data).status_code == 422
    assert client.post(url, {**wave_data, "wave-closes_on": "2027-01-01"}).status_code == 302
    new = {key.removeprefix("wave-"): value for key, value in wave_data.items()}
    made = client.post(reverse("programme:wave_new"), {**new, "closes_on": "2027-01-01"})
    assert made.status_code == 302


def test_the_number_is_shown_only_with_role_and_reason(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    url = reverse("programme:identity", args=[nomination.public_id])
    assert signed_in(world.head).get(url).status_code == 404
    client = signed_in(world.administrator)
    number = number_of(1)
    assert number not in client.get(url).content.decode()
    assert client.post(url, {"reason": "kort"}).status_code == 422
    shown = client.post(url, {"reason": "Kontroll mot lönesystemet"})
    assert number in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"


def test_many_are_nominated_from_pasted_rows(world: World) -> None:
    client = signed_in(world.chief)
    header = "Personnummer;Varför ska personen gå just nu?;Vilken plats har nomineringen i enhetens prioritering?;Är personen en nyckelfunktion?;Verksamhetsområde;Vilka behov ska utbildningen möta?;Frigörs tid för ungefär 26 timmar?"
    rows = [f"{number_of(n)};Behövs i enheten;{n};nej;Äldreomsorg;Yrkesrollen;ja" for n in (1, 2)]
    data = {
        "wave": world.wave.public_id,
        "kind": world.kinds["medarbetare"].public_id,
        "pasted": "\n".join([header, *rows]),
    }
    client.cookies["django_language"] = "sv"
    sent = client.post(reverse("programme:import"), data)
    assert sent.status_code == 302, sent.content.decode()
    batch = ImportBatch.objects.get()
    assert number_of(1) not in str(batch.rows)
    assert client.get(sent["Location"]).status_code == 200
    assert not Nomination.objects.exists()
    url = reverse("programme:import_confirm", args=[batch.public_id])
    assert client.post(url).status_code == client.post(url).status_code == 302
    assert Nomination.objects.count() == 2


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_the_template_can_be_fetched(world: World, extension: str) -> None:
    url = reverse("programme:import_template", args=["medarbetare", extension])
    response = signed_in(world.chief).get(url)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]


def more(world: World, count: int) -> list[Any]:
    with transaction.atomic(), operation("test.more"):
        return [person_in(world.unit, 2000 + Nomination.objects.count() + n) for n in range(count)]


def test_list_pages_ask_as_much_for_thirty_rows_as_for_two(world: World) -> None:
    quota(world, 3)
    pages = [
        (world.chief, reverse("programme:nominate")),
        (world.chief, reverse("programme:mine")),
        (world.administrator, reverse("programme:places")),
        (world.administrator, reverse("programme:waves")),
        (world.administrator, reverse("programme:wave", args=[world.wave.public_id])),
    ]
    for person in world.staff[:2]:
        approved(world, person)
    clients = [(signed_in(user), url) for user, url in pages]
    few = [queries_of(partial(client.get, url)) for client, url in clients]
    for person in more(world, 14):
        nomination = nominated(world, person)
        if nomination.pk % 2:
            approve_step(nomination, world.head)
            approve_step(nomination, world.administrator)
    many = [queries_of(partial(client.get, url)) for client, url in clients]
    assert many == few


def test_the_preview_asks_as_much_for_thirty_rows_as_for_two(world: World) -> None:
    def visit(count: int) -> None:
        prepare(
            table=read_text(
                "\n".join(
                    [
                        f"{preview.email_heading()};priority",
                        *(f"person{n}@example.org;3" for n in range(1, count + 1)),
                    ]
                )
            ),
            content=b"",
            file_name="x",
            wave=world.wave,
            kind=world.kinds["medarbetare"],
            actor=world.chief,
        )

    more(world, 24)
    assert queries_of(lambda: visit(2)) == queries_of(lambda: visit(30))


def test_accepting_needs_the_receipt_of_the_newest_text(world: World) -> None:
    place = approved(world, world.staff[0])
    user = participant(place)
    version = current("tidsredovisning")
    assert version is not None
    record_receipt(person=place.nomination.person, version=version, channel="web", actor=user)
    signed_in(user).post(reverse("programme:answer", args=[place.public_id]), {"answer": "accept"})
    place.refresh_from_db()
    assert place.state == Place.State.ACCEPTED


def test_the_case_and_my_work_show_the_rooms_panels(world: World) -> None:
    quota(world, 1)
    place = approved(world, world.staff[0])
    waiting = nominated(world, world.staff[1])
    client = signed_in(world.administrator)
    page = client.get(place.nomination.case.get_absolute_url()).content.decode()
    assert reverse("programme:place", args=[place.public_id]) in page
    assert reverse("programme:identity", args=[place.nomination.public_id]) in page
    chief = signed_in(world.chief)
    own = chief.get(waiting.case.get_absolute_url()).content.decode()
    assert reverse("programme:identity", args=[waiting.public_id]) not in own
    assert "meter" in own
    assert reverse("programme:nominate") in chief.get("/arbete/").content.decode()


@pytest.mark.parametrize("field", ["wave", "kind"])
def test_a_nul_character_begins_nothing(world: World, field: str) -> None:
    sent = {"wave": world.wave.public_id, "kind": world.kinds["medarbetare"].public_id}
    response = signed_in(world.chief).post(reverse("programme:begin"), {**sent, field: "a\x00b"})
    assert response.status_code == 404
    assert not Draft.objects.exists()
