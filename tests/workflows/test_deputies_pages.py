"""The pages where deputies are appointed and ended."""

from django.test import Client
from django.urls import reverse

from tests.clients import signed_in
from tests.workflows.builders import (
    World,
    case_in,
    give,
    person_of,
)
from tests.workflows.deputies import administrator, appoint, day
from tests.workflows.test_pages import queries_of
from workflows.models import Delegation


def form(**more: str) -> dict[str, str]:
    return {
        "valid_from": f"{day():%Y-%m-%d}",
        "valid_to": f"{day(5):%Y-%m-%d}",
        "case_kind": "",
        "organisation": "",
        "reason": "semester",
    } | more


def test_a_deputy_is_found_by_name_and_appointed(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:new_deputy")
    page = client.get(url, {"q": "nobo"}).content.decode()
    assert "Nobody Person" in page
    assert "Leader Person" not in page
    chosen = f"{url}?ersattare={world['nobody'].public_id}"
    wrong = client.post(chosen, form(valid_to=f"{day(-5):%Y-%m-%d}"))
    assert wrong.status_code == 422
    assert client.post(chosen, form()).status_code == 302
    page = client.get(reverse("workflows:deputies")).content.decode()
    assert "Nobody Person" in page
    assert "holds now" in page
    page = signed_in(world["nobody"]).get(reverse("workflows:deputies")).content.decode()
    assert "Avdelning Person" in page


def test_protected_and_closed_accounts_are_not_found(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    hidden = person_of(world["nobody"], world.unit)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:new_deputy")
    assert "Nobody Person" in client.get(url, {"q": "nobody"}).content.decode()
    hidden.protected = True
    hidden.save()
    assert "Nobody Person" not in client.get(url, {"q": "nobody"}).content.decode()
    page = client.get(url, {"ersattare": world["nobody"].public_id}).content.decode()
    assert "Nobody Person" not in page


def test_participants_are_nobody_s_business_here(world: World) -> None:
    person_of(world["nobody"], world.unit)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:new_deputy")
    assert "Nobody Person" not in client.get(url, {"q": "nobody"}).content.decode()
    assert "Nobody Person" not in client.get(url, {"q": "example.org"}).content.decode()
    give(world["nobody"], "revisor", world.city)
    assert "Nobody Person" in client.get(url, {"q": "nobody"}).content.decode()
    assert "Nobody Person" not in client.get(url, {"q": "example.org"}).content.decode()
    assert "Nobody Person" in client.get(url, {"q": "nobody.person@example.org"}).content.decode()


def test_ending_asks_first(world: World) -> None:
    made = appoint(world)
    url = reverse("workflows:end_deputy", args=[made.public_id])
    client = signed_in(world["avdelning"])
    assert "Nobody Person may decide for Avdelning Person" in client.get(url).content.decode()
    made.refresh_from_db()
    assert made.ended_at is None
    assert client.post(url).status_code == 302
    made.refresh_from_db()
    assert made.ended_by_name == "Avdelning Person"
    assert signed_in(world["leader"]).get(url).status_code == 404
    assert signed_in(world["leader"]).post(url).status_code == 404


def test_an_administrator_finds_giver_and_deputy(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    ada = administrator(world)
    client = signed_in(ada)
    url = reverse("workflows:new_deputy")
    assert "Avdelning Person" in client.get(url, {"for": "annan", "q": "avdel"}).content.decode()
    both = f"{url}?for={world['avdelning'].public_id}&ersattare={world['nobody'].public_id}"
    assert client.post(both, form()).status_code == 302
    assert Delegation.objects.get().created_by_name == "Ada Administratör"
    page = client.get(reverse("workflows:deputies")).content.decode()
    assert "Nobody Person" in page
    assert "Avdelning Person" in page
    for who in ("leader", "nobody"):
        assert signed_in(world[who]).get(both).status_code == 404
        assert signed_in(world[who]).post(both, form()).status_code == 404


def test_whoever_holds_no_role_appoints_nobody(world: World) -> None:
    client = signed_in(world["nobody"])
    assert client.get(reverse("workflows:deputies")).status_code == 200
    assert client.get(reverse("workflows:new_deputy")).status_code == 404
    assert Client().get(reverse("workflows:deputies")).status_code == 302


def test_the_pages_cost_the_same_with_more_rows(world: World) -> None:
    for n in range(2):
        appoint(world, valid_from=day(n * 2), valid_to=day(n * 2))
    client = signed_in(world["avdelning"])
    few = queries_of(client, reverse("workflows:deputies"))
    for n in range(2, 24):
        appoint(world, valid_from=day(n * 2), valid_to=day(n * 2))
    assert queries_of(client, reverse("workflows:deputies")) == few


def test_the_inbox_of_a_deputy_costs_the_same_with_more_rows(world: World) -> None:
    appoint(world)
    first = case_in(world)
    case_in(world, first.version)
    client = signed_in(world["nobody"])
    few = queries_of(client, reverse("workflows:work"))
    for _ in range(20):
        case_in(world, first.version)
    assert queries_of(client, reverse("workflows:work")) == few
