"""In the demo a visitor can read the mail that carries the link for a new password."""

import pytest
from django.test import Client, override_settings

from people.models import User
from workflows.models import Message

pytestmark = pytest.mark.django_db


def ask_for_a_link(email: str) -> None:
    answer = Client().post("/glomt-losenord/", {"email": email})
    assert answer.status_code == 302


@pytest.fixture
def anna(operation: None) -> User:
    return User.objects.create_user("anna@example.org", "demo", first_name="Anna", last_name="Ek")


@override_settings(ACCOUNT_ADAPTER="config.adapter.DemoAccountAdapter")
def test_the_link_is_in_the_demos_mailbox(anna: User) -> None:
    ask_for_a_link(anna.email)
    message = Message.objects.get(recipient=anna)
    assert "/glomt-losenord/nytt/" in message.body


@override_settings(ACCOUNT_ADAPTER="config.adapter.DemoAccountAdapter")
def test_an_address_without_account_gets_nothing(anna: User) -> None:
    ask_for_a_link("nobody@example.org")
    assert not Message.objects.exists()


def test_elsewhere_the_link_is_never_kept_in_a_row(anna: User) -> None:
    ask_for_a_link(anna.email)
    assert not Message.objects.exists()
