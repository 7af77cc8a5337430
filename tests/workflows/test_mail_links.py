"""Deciding from an e-mail: the link leads to signing in and then to the decision, no further."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.workflows.builders import World, case_in
from tests.workflows.test_pages import signed_in
from workflows.delivery import render
from workflows.models import Decision, Message

WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b(?!.*django_session)", re.I | re.S)


def link_in_mail(world: World) -> str:
    case_in(world)
    message = Message.objects.get(kind="case.waiting", recipient=world["avdelning"])
    found = re.search(r"https?://[^/\s]+(/arenden/\S*)", render(message).text)
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
    client = signed_in(world["avdelning"])
    for address in (link, f"{link}besluta/", f"{link}lamna-over/", f"{link}aterta/"):
        with CaptureQueriesContext(connection) as context:
            response = getattr(client, method)(address + query)
        assert response.status_code in (200, 404, 405)
        assert not [q["sql"] for q in context if WRITE.match(q["sql"] or "")]
    assert not Decision.objects.exists()


def test_a_decision_needs_the_page_s_own_token(world: World) -> None:
    link = link_in_mail(world)
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["avdelning"])
    given = {"verdict": "approve", "step_key": "prioritise", "round": 1}
    assert client.post(f"{link}besluta/", given).status_code == 403
    assert not Decision.objects.exists()
    # The control: with the token of the page, it is decided.
    body = client.get(link).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    assert token
    given["csrfmiddlewaretoken"] = token.group(1)
    assert client.post(f"{link}besluta/", given).status_code == 302
    assert Decision.objects.count() == 1


def test_someone_else_s_link_opens_nothing(world: World) -> None:
    link = link_in_mail(world)
    assert signed_in(world["norra_chef"]).get(link).status_code == 404
