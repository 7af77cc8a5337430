"""Deciding from an e-mail: the link leads to signing in and then to the decision, no further."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.clients import signed_in
from tests.workflows.builders import World, answer, case_in, give
from workflows import mail_links
from workflows.actions import UsedUp, complete
from workflows.actions.by_link import decide_by_link
from workflows.delivery import render
from workflows.errors import CannotDecide
from workflows.models import Case, Decision, Message, UsedLink

WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b(?!.*django_session)", re.I | re.S)


def link_in_mail(world: World) -> str:
    case_in(world)
    message = Message.objects.get(kind="case.waiting", recipient=world["avdelning"])
    found = re.search(r"https?://[^/\s]+(/arbete/fran-mejl/\S*)", render(message).text)
    assert found
    return found.group(1)


def test_the_link_leads_over_signing_in_to_the_decision(world: World) -> None:
    link = link_in_mail(world)
    user = world["avdelning"]
    user.set_password("ett-langt-losenord")
    user.save()
    client = Client()
    response = client.get(link)
    assert response.status_code == 302
    sign_in = response["Location"]
    assert sign_in.startswith("/logga-in/")
    given = {"login": user.email, "password": "ett-langt-losenord"}
    response = client.post(sign_in, given, follow=True)
    assert response.redirect_chain[-1][0] == link
    body = response.content.decode()
    assert 'id="beslut"' in body
    assert "csrfmiddlewaretoken" in body
    assert not Decision.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("query", ["", "?verdict=approve&step_key=prioritise&round=1"])
def test_nothing_is_ever_decided_by_following_a_link(world: World, method: str, query: str) -> None:
    link = link_in_mail(world)
    page = Case.objects.get().get_absolute_url()
    client = signed_in(world["avdelning"])
    pages = {link: ["get"], page: ["get", "head"], f"{page}lamna-over/": ["get"]}
    for address in (*pages, f"{page}besluta/", f"{page}aterta/"):
        with CaptureQueriesContext(connection) as context:
            response = getattr(client, method)(address + query)
        # Read where there is something to read, and refused in every other way.
        assert response.status_code == (200 if method in pages.get(address, []) else 405)
        assert not [q["sql"] for q in context if WRITE.match(q["sql"] or "")]
    assert not Decision.objects.exists()


def test_a_decision_needs_the_page_s_own_token(world: World) -> None:
    link = link_in_mail(world)
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["avdelning"])
    given = {"verdict": "approve", "step_key": "prioritise", "round": 1}
    assert client.post(link, given).status_code == 403
    assert not Decision.objects.exists()
    # The control: with the token of the page, it is decided.
    body = client.get(link).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    assert token
    given["csrfmiddlewaretoken"] = token.group(1)
    assert client.post(link, given).status_code == 302
    assert Decision.objects.count() == 1


def test_someone_else_s_link_opens_nothing(world: World) -> None:
    link = link_in_mail(world)
    assert signed_in(world["norra_chef"]).get(link).status_code == 404


GIVEN = {"verdict": "approve", "step_key": "prioritise", "round": 1}


def test_the_link_leads_to_one_decision_and_then_to_the_case(world: World) -> None:
    link = link_in_mail(world)
    client = signed_in(world["avdelning"])
    assert client.post(link, GIVEN, follow=True).redirect_chain[-1][0].startswith("/arenden/")
    assert Decision.objects.count() == UsedLink.objects.count() == 1
    response = client.get(link, follow=True)
    assert "has been used already" in response.content.decode()
    assert response.redirect_chain[-1][0] == Case.objects.get().get_absolute_url()


def test_a_used_link_decides_nothing_even_where_the_person_decides_again(world: World) -> None:
    link = link_in_mail(world)
    case = Case.objects.get()
    client = signed_in(world["avdelning"])
    client.post(link, {**GIVEN, "verdict": "return", "reason": "Vilken plats?"})
    assert Decision.objects.count() == 1
    complete(case_id=case.pk, data={"place": "y", "cost": 100}, actor=world["chef"])
    # The same step waits for the same person once more, but that was told in another message.
    assert "Your decision" in client.get(case.get_absolute_url()).content.decode()
    client.post(link, {**GIVEN, "round": 2})
    assert Decision.objects.count() == 1
    message = Message.objects.filter(kind="case.waiting", recipient=world["avdelning"]).latest("pk")
    # The control: the new message's link decides.
    client.post(mail_links.address_of(message), {**GIVEN, "round": 2})
    assert Decision.objects.count() == 2


def test_a_refused_answer_leaves_the_link_unused(world: World) -> None:
    link = link_in_mail(world)
    client = signed_in(world["avdelning"])
    assert client.post(link, {**GIVEN, "verdict": "decline", "reason": ""}).status_code == 422
    client.post(link, {**GIVEN, "round": 7})
    assert not UsedLink.objects.exists()
    client.post(link, GIVEN)
    assert Decision.objects.count() == 1


def test_a_made_up_or_borrowed_link_opens_nothing(world: World) -> None:
    link = link_in_mail(world)
    client = signed_in(world["avdelning"])
    assert client.get(link.rstrip("/")[:-1] + "x/").status_code == 404
    public_id = Message.objects.get(recipient=world["avdelning"]).public_id
    assert client.get(f"/arbete/fran-mejl/{public_id}/").status_code == 404
    # Someone who may decide the very same case has links of their own.
    give(world["deputy_leader"], "avdelningschef", world.department)
    other = signed_in(world["deputy_leader"])
    assert other.get(Case.objects.get().get_absolute_url()).status_code == 200
    assert other.get(link).status_code == 404
    assert other.post(link, GIVEN).status_code == 404
    with pytest.raises(CannotDecide):
        decide_by_link(
            message_id=Message.objects.get(recipient=world["avdelning"]).pk,
            actor=world["deputy_leader"],
            **GIVEN,
        )
    assert not Decision.objects.exists()


def test_when_somebody_else_was_first_the_link_shows_the_case(world: World) -> None:
    link = link_in_mail(world)
    answer(Case.objects.get(), world["avdelning"])
    response = signed_in(world["avdelning"]).get(link, follow=True)
    assert "Nothing in this case waits for your decision now" in response.content.decode()


def test_the_action_itself_refuses_a_used_link(world: World) -> None:
    link_in_mail(world)
    message = Message.objects.get(recipient=world["avdelning"])
    UsedLink.objects.create(message=message)
    with pytest.raises(UsedUp):
        decide_by_link(message_id=message.pk, actor=world["avdelning"], **GIVEN)
    assert not Decision.objects.exists()


def test_what_asks_for_no_decision_leads_to_the_case(world: World) -> None:
    link_in_mail(world)
    case = Case.objects.get()
    answer(case, world["avdelning"])
    answer(case, world["leader"])
    told = Message.objects.get(kind="case.approved")
    assert mail_links.link_of(told) == case.get_absolute_url()
