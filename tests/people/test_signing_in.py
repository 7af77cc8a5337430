"""Signing in: the way through, the limit on guessing, and what strangers learn."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from people.models import Capability, Organisation
from tests.people import builders

pytestmark = pytest.mark.django_db
LOGIN = "/logga-in/"


def sign_in(
    client: Client, name: str, password: str = builders.PASSWORD, **extra: str
) -> HttpResponse:
    given = {"login": f"{name}@example.org", "password": password, **extra}
    response: HttpResponse = client.post(LOGIN, given)  # type: ignore[assignment]
    return response


def test_someone_with_a_role_comes_to_the_work_page(tree: dict[str, Organisation]) -> None:
    builders.holds(builders.account("chef"), "chef", tree["unit"], Capability.NOMINATE)
    client = Client()
    response = sign_in(client, "chef")
    assert (response.status_code, response["Location"]) == (302, "/arbete/")


def test_a_mere_participant_comes_to_the_own_page(tree: dict[str, Organisation]) -> None:
    builders.account("deltagare")
    assert sign_in(Client(), "deltagare")["Location"] == "/mina-sidor/"


def test_a_trainer_comes_to_the_own_days_unless_there_is_more_to_do(
    tree: dict[str, Organisation],
) -> None:
    trainer = builders.account("utbildare")
    builders.holds(trainer, "trainer", tree["unit"], Capability.TEACH)
    assert sign_in(Client(), "utbildare")["Location"] == reverse("occasions:teaching")
    builders.holds(trainer, "chef", tree["unit"], Capability.NOMINATE)
    assert sign_in(Client(), "utbildare")["Location"] == "/arbete/"


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://testserver.evil.example/",
        "\thttps://evil.example",
        "https://testserver@evil.example/",
    ],
)
def test_next_never_leads_away(tree: dict[str, Organisation], away: str) -> None:
    builders.account("deltagare")
    assert sign_in(Client(), "deltagare", next=away)["Location"] == "/mina-sidor/"


def test_next_leads_on_within_the_portal(tree: dict[str, Organisation]) -> None:
    builders.account("deltagare")
    assert sign_in(Client(), "deltagare", next="/nominera/")["Location"] == "/nominera/"


def test_the_session_gets_a_new_key(tree: dict[str, Organisation]) -> None:
    builders.account("deltagare")
    client = Client()
    session = client.session
    session["seen"] = 1
    session.save()
    before = client.cookies["sessionid"].value
    sign_in(client, "deltagare")
    assert client.cookies["sessionid"].value != before


def test_guessing_stops_after_five_tries_whatever_the_address(operation: None) -> None:
    builders.account("deltagare")
    for place in range(5):
        Client(REMOTE_ADDR=f"10.0.0.{place}").post(
            LOGIN, {"login": "deltagare@example.org", "password": "fel"}
        )
    late = Client(REMOTE_ADDR="10.0.1.1").post(
        LOGIN, {"login": "deltagare@example.org", "password": builders.PASSWORD}
    )
    assert late.status_code == 200
    assert "sessionid" not in late.cookies


def test_without_the_limit_guessing_would_go_on(operation: None, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    builders.account("deltagare")
    for _try in range(8):
        sign_in(Client(), "deltagare", "fel")
    assert sign_in(Client(), "deltagare").status_code == 302


def test_the_owner_signs_in_on_a_known_device_while_somebody_guesses(operation: None) -> None:
    builders.account("deltagare")
    known = Client()
    sign_in(known, "deltagare")
    known.post("/logga-ut/")
    for _try in range(6):
        sign_in(Client(REMOTE_ADDR="10.0.0.9"), "deltagare", "fel")
    assert sign_in(known, "deltagare").status_code == 302


def test_a_known_device_is_known_for_its_own_account_only(operation: None) -> None:
    builders.account("ond")
    builders.account("deltagare")
    known = Client()
    sign_in(known, "ond")
    known.post("/logga-ut/")
    for _try in range(6):
        sign_in(known, "deltagare", "fel")
    assert sign_in(known, "deltagare").status_code == 200


def test_strangers_learn_nothing_from_sign_in_or_reset(operation: None) -> None:
    builders.account("finns")
    hidden = re.compile(rb"csrfmiddlewaretoken[^>]*|finns|saknas")
    pages = [
        (
            (a := sign_in(Client(), name, "fel")).status_code,
            hidden.sub(b"", a.content),
            (b := Client().post("/glomt-losenord/", {"email": f"{name}@example.org"})).status_code,
            b["Location"],
        )
        for name in ("finns", "saknas")
    ]
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["finns@example.org"]]


def test_a_reset_link_gives_a_new_password_once(operation: None) -> None:
    builders.account("glomsk")
    client = Client()
    client.post("/glomt-losenord/", {"email": "glomsk@example.org"})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    assert page.status_code == 200
    where = page.redirect_chain[-1][0]
    new = "fyra ord som inte hör ihop"
    done = client.post(where, {"password1": new, "password2": new})
    assert done.status_code == 302
    assert sign_in(Client(), "glomsk", new).status_code == 302
    again = Client().get(link[1], follow=True)
    assert reverse("account_reset_password") in again.content.decode()


def test_there_is_no_way_to_sign_up_and_no_second_way_in(operation: None) -> None:
    client = Client()
    for path in ("/accounts/signup/", "/signup/", "/cms/password_reset/", "/konto/epost/"):
        assert client.get(path).status_code == 404, path
    assert client.get("/cms/login/?next=/cms/")["Location"] == "/logga-in/?next=/cms/"
    assert client.post("/cms/login/", {"username": "x", "password": "y"})["Location"] == LOGIN


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_inactive",
        "account_change_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
    ],
)
def test_every_account_page_wears_the_portals_clothes(operation: None, name: str) -> None:
    builders.account("deltagare")
    client = Client()
    if name != "account_login":
        sign_in(client, "deltagare")
    page = client.get(reverse(name), follow=True)
    assert page.status_code == 200
    assert "account/page.html" in {template.name for template in page.templates} or (
        page.redirect_chain
    )
    assert b"innehall" in page.content


def test_the_second_step_is_asked_for_and_its_seed_lies_encrypted(operation: None) -> None:
    builders.account("forsiktig")
    client = Client()
    sign_in(client, "forsiktig")
    setup = "/konto/tvasteg/app/"
    again = client.get(setup)["Location"]
    assert again.startswith("/konto/bekrafta/")
    wrong = client.post(again, {"password": "fel", "next": setup})
    assert wrong.status_code == 200
    client.post(again, {"password": builders.PASSWORD, "next": setup})
    page = client.get(setup)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    done = client.post("/konto/tvasteg/app/", {"code": code})
    assert done["Location"] == "/konto/tvasteg/koder/"
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert Authenticator.objects.get(type="totp").wrap().validate_code("000000") is False
    for path in ("/konto/tvasteg/", "/konto/tvasteg/koder/", "/konto/tvasteg/app/av/"):
        assert client.get(path).status_code == 200, path
    fresh = Client()
    halfway = sign_in(fresh, "forsiktig")
    assert halfway["Location"] == "/logga-in/kod/"
    assert fresh.get("/logga-in/kod/").status_code == 200
    assert "_auth_user_id" not in fresh.session
    wrong = fresh.post("/logga-in/kod/", {"code": "000000"})
    assert wrong.status_code == 200
    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert fresh.post("/logga-in/kod/", {"code": spare})["Location"] == "/mina-sidor/"


def test_where_the_second_step_is_required_a_role_opens_nothing_without_it(
    tree: dict[str, Organisation], settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    builders.holds(builders.account("admin"), "admin", tree["city"], Capability.MANAGE_ACCOUNTS)
    client = Client()
    sign_in(client, "admin")
    assert client.get("/konton/")["Location"] == "/konto/tvasteg/"
    assert client.get("/konto/tvasteg/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = False
    assert client.get("/konton/").status_code == 200


@pytest.mark.parametrize("path", ["/_util/login/", "/en/_util/login/", "/cms/login/"])
def test_no_other_door_signs_anyone_in(tree: dict[str, Organisation], path: str) -> None:
    """There a right password would be enough, without the count of tries or the second factor."""
    builders.account("deltagare")
    client = Client()
    given = {"username": "deltagare@example.org", "password": builders.PASSWORD}
    answer = client.post(f"{path}?next=/mina-sidor/", given)
    assert "_auth_user_id" not in client.session
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


def test_whoever_has_signed_in_is_led_on_from_there(tree: dict[str, Organisation]) -> None:
    client = Client()
    client.force_login(
        builders.account("deltagare"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get("/_util/login/")["Location"] == "/arbete/"
