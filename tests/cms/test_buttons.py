"""A button of a public page leads nobody to a page that is not there for them."""

import pytest
from django.test import Client
from django.urls import reverse

from people.models import Capability, Organisation, User
from tests.cms.people import writer
from tests.people import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

BUTTON = 'href="/nominera/"'


def read(user: User | None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get("/for-chefer/").content.decode()


def test_whoever_is_not_signed_in_may_be_a_manager_and_is_asked_to_sign_in() -> None:
    assert BUTTON in read(None)
    assert "/logga-in/" in Client().get(reverse("programme:nominate"))["Location"]


def test_the_button_to_nominate_stands_for_those_who_may(operation: None) -> None:
    page = read(writer())
    assert BUTTON not in page
    assert "Ditt konto får inte nominera" in page
    nominator = builders.account("chef")
    city = Organisation.objects.get(parent=None)
    builders.holds(nominator, "manager", city, Capability.NOMINATE)
    assert BUTTON in read(nominator)
