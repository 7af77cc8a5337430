"""Nobody changes the name that their decisions are signed with."""

import pytest
from django.test import Client
from wagtail.admin.views.account import BaseSettingsPanel, NameEmailSettingsPanel

from people.models import Capability, User
from tests.people import builders

pytestmark = pytest.mark.usefixtures("operation")
SENT = {
    "name_email-first_name": "Någon",
    "name_email-last_name": "Annan",
    "locale-preferred_language": "sv",
    "locale-current_time_zone": "Europe/Stockholm",
    "theme-theme": "system",
    "theme-contrast": "system",
    "theme-density": "default",
}


def _name_after(client: Client) -> str:
    user = builders.account("kim")
    city = builders.organisation("city")
    builders.holds(user, "editor", city, Capability.MANAGE_CONTENT)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/cms/account/", SENT)
    return User.objects.get(pk=user.pk).get_full_name()


def test_the_editor_keeps_their_name(client: Client) -> None:
    assert _name_after(client) == "Kim Exempel"


def test_without_the_guard_they_take_anothers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NameEmailSettingsPanel, "is_active", BaseSettingsPanel.is_active)

    assert _name_after(client) == "Någon Annan"
