"""A cost from the first page to the last attestation, through the pages (R-130, R-131)."""

import pytest
from django.db import transaction
from django.urls import reverse

from audit.operations import operation
from forms_app.models import StoredFile
from people.models import RoleAssignment
from tests.case_types.builders import City, begin, decide, fill_in, hand_in, step_url, waits_at
from tests.clients import signed_in
from tests.programme.builders import LONG_AGO
from workflows.models import Case, Decision


def test_a_cost_under_the_limit_is_approved_and_attested_by_two(city: City) -> None:
    client = signed_in(city["economist"])
    start = client.get(reverse("case_types:start")).content.decode()
    assert reverse("case_types:begin", args=["kostnad"]) in start
    assert "Attesteras av högre chef" in (
        client.get(reverse("case_types:begin", args=["kostnad"])).content.decode()
    )
    draft = begin(client)
    review = fill_in(client, draft, belopp="99 999,99")
    assert review.endswith("/granska/")
    assert "Exempelinstitutet" in client.get(review).content.decode()
    sent, again = client.post(review), client.post(review)
    assert sent["Location"] == again["Location"]
    case = Case.objects.get(kind="kostnad")
    assert case.reference.startswith("K-")
    assert case.reference in client.get(sent["Location"]).content.decode()
    assert case.organisation == city.owner
    assert case.data["belopp"] == "99999.99"

    assert waits_at(case) == "godkannande"
    decide(city, case, "approver")
    assert waits_at(case) == "attest"
    decide(city, case, "attestor")
    case.refresh_from_db()
    assert case.state == Case.State.APPROVED
    deciders = list(Decision.objects.filter(case=case).values_list("actor", flat=True))
    assert len(set(deciders)) == 2
    assert case.initiator_id not in deciders
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Exempelinstitutet" in page


@pytest.mark.parametrize(
    ("amount", "goes_higher"), [("99999.99", False), ("100000", True), ("250 000", True)]
)
def test_the_amount_decides_whether_the_higher_manager_attests(
    city: City, amount: str, goes_higher: bool
) -> None:
    case = hand_in(city, belopp=amount)
    decide(city, case, "approver")
    decide(city, case, "attestor")
    case.refresh_from_db()
    assert waits_at(case) == ("hogre_attest" if goes_higher else "")
    if goes_higher:
        assert case.state == Case.State.WAITING
        decide(city, case, "higher")
        case.refresh_from_db()
    assert case.state == Case.State.APPROVED


def test_nobody_approves_a_cost_of_their_own(city: City) -> None:
    """Also not whoever holds the role that decides."""
    give(city, "economist", "godkannare")
    case = hand_in(city)
    decide(city, case, "economist")
    assert not Decision.objects.filter(case=case).exists()
    assert waits_at(case) == "godkannande"
    decide(city, case, "approver")
    assert waits_at(case) == "attest"


def test_one_person_never_both_approves_and_attests(city: City) -> None:
    give(city, "approver", "attestant")
    case = hand_in(city)
    decide(city, case, "approver")
    decide(city, case, "approver")
    assert waits_at(case) == "attest"
    decide(city, case, "attestor")
    case.refresh_from_db()
    assert case.state == Case.State.APPROVED


def give(city: City, who: str, role: str) -> None:
    with transaction.atomic(), operation("test.give"):
        RoleAssignment.objects.create(
            user=city[who],
            role_id=role,
            organisation=RoleAssignment.objects.get(user=city[who]).organisation,
            valid_from=LONG_AGO,
        )


def test_a_returned_cost_changes_only_what_was_asked_and_the_decider_sees_it(city: City) -> None:
    case = hand_in(city, belopp="90000")
    decide(city, case, "approver", "return", reason="Hela beloppet?", asked_fields=["belopp"])
    client = signed_in(city["economist"])
    url = reverse("case_types:complete", args=[case.reference])
    assert "Hela beloppet?" in client.get(url).content.decode()
    first = client.post(url)["Location"]
    assert "/fakturan/" in first
    # Pressed twice, it is the same draft.
    assert client.post(url)["Location"] == first
    changed = {"belopp": "120000", "leverantor": "En helt annan"}
    assert client.post(first, changed).status_code == 302
    review = first.replace("/fakturan/", "/granska/")
    sent = client.post(review)
    assert sent["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    assert case.round == 2
    assert case.data["belopp"] == 120000
    assert case.data["leverantor"] == "Exempelinstitutet"
    page = signed_in(city["approver"]).get(case.get_absolute_url()).content.decode()
    assert page.count("summary__row--changed") == 1
    assert "90" in page.split("Before:")[1][:30]
    # The new amount lies over the limit, so the higher manager is asked too.
    decide(city, case, "approver")
    decide(city, case, "attestor")
    assert waits_at(case) == "hogre_attest"


def change_amount_after_approval(city: City, amount: str) -> Case:
    """The attestor asks about the amount, and the answer is another amount."""
    case = hand_in(city, belopp="50000")
    decide(city, case, "approver")
    decide(city, case, "attestor", "return", reason="Stämmer det?", asked_fields=["belopp"])
    client = signed_in(city["economist"])
    first = client.post(reverse("case_types:complete", args=[case.reference]))["Location"]
    client.post(first, {"belopp": amount})
    client.post(first.replace("/fakturan/", "/granska/"))
    case.refresh_from_db()
    assert case.data["belopp"] == int(amount)
    return case


def test_an_amount_that_changes_after_the_approval_is_approved_anew(city: City) -> None:
    """Otherwise one person would have approved one amount and another one would be paid."""
    assert waits_at(change_amount_after_approval(city, "60000")) == "godkannande"


def test_the_control_the_same_amount_keeps_its_approval(city: City) -> None:
    assert waits_at(change_amount_after_approval(city, "50000")) == "attest"


def test_the_invoice_is_open_to_those_who_see_the_case_and_to_nobody_else(city: City) -> None:
    case = hand_in(city)
    stored = StoredFile.objects.get(field_key="underlag")
    url = reverse("forms_app:file", args=[stored.public_id])
    assert url in signed_in(city["approver"]).get(case.get_absolute_url()).content.decode()
    for who in ("economist", "approver", "auditor"):
        assert signed_in(city[who]).get(url).status_code == 200, who
    for other in (city.chief, city.head):
        assert signed_in(other).get(case.get_absolute_url()).status_code == 404
        assert signed_in(other).get(url).status_code == 404
    # Not yet asked, the attestor does not see it; once it waits for them, they do.
    assert signed_in(city["attestor"]).get(url).status_code == 404
    decide(city, case, "approver")
    assert signed_in(city["attestor"]).get(url).status_code == 200


def test_an_answer_that_is_wrong_stops_on_its_page_and_is_kept(city: City) -> None:
    client = signed_in(city["economist"])
    draft = begin(client)
    wrong = client.post(step_url(draft, "fakturan"), {"leverantor": "A", "belopp": "gratis"})
    assert wrong.status_code == 422
    assert "gratis" in client.get(step_url(draft, "fakturan")).content.decode()
