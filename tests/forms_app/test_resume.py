"""Going on with another device: a link for its owner, after signing in, and for nobody else."""

import datetime
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from forms_app import actions, resume
from forms_app.models import Draft
from workflows.mailing.words import as_sent
from workflows.models import Message, MessageText

from . import builders
from .conftest import Room
from .test_wizard import url

pytestmark = pytest.mark.urls("tests.forms_app.urls")


def asked(room: Room) -> tuple[Draft, str]:
    """A draft whose owner has asked for a link, and the link."""
    draft = builders.draft(room.alice, room.version)
    first = Client()
    first.force_login(room.alice)
    answer = first.post(url(draft, "who"), {"manager": "yes", "send-link": "1"})
    assert answer["Location"] == url(draft, "who")
    return draft, Message.objects.get(kind="resume").link


def said(response: Any) -> str:
    return str(response.content.decode())


def test_the_link_opens_the_draft_on_another_device(room: Room) -> None:
    draft, link = asked(room)
    other = Client()
    sent_on = other.get(link)
    assert unquote(sent_on["Location"]) == f"{reverse('account_login')}?next={link}"
    other.force_login(room.alice)
    assert other.get(link)["Location"] == url(draft, "who")
    page = other.get(url(draft, "who"))
    assert page.status_code == 200
    draft.refresh_from_db()
    assert draft.data["who"]["manager"] == "yes"  # what was typed was saved first


def test_the_mail_goes_to_the_owner_and_names_nobody(room: Room) -> None:
    asked(room)
    message = Message.objects.get(kind="resume")
    assert message.recipient == room.alice
    assert "Alice" not in message.subject + message.body
    assert len(message.link) <= 200


def test_staff_word_the_mail(room: Room) -> None:
    with transaction.atomic(), operation("test.words"):
        MessageText.objects.create(
            kind="resume",
            subject="{form} väntar",
            body="Länken håller i {days} dagar.",
            written_by=room.bob,
        )
    asked(room)
    words = as_sent(Message.objects.get(kind="resume"))
    assert words.subject == f"{room.version.definition.name} väntar"
    assert words.body == "Länken håller i 14 dagar."


def test_several_clicks_give_one_mail(room: Room) -> None:
    draft, _link = asked(room)
    again = Client()
    again.force_login(room.alice)
    now = timezone.now().replace(minute=1, second=0)
    with time_machine.travel(now, tick=False):
        for _click in range(3):
            again.post(url(draft, "who"), {"send-link": "1"})
    assert Message.objects.filter(kind="resume").count() <= 2


def test_nobody_else_learns_that_there_is_a_draft(room: Room) -> None:
    _draft, link = asked(room)
    stranger = Client()
    stranger.force_login(room.bob)
    assert stranger.get(link).status_code == 404


def test_without_the_check_of_the_owner_a_stranger_would_be_led_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control; the wizard's own check still stands behind it."""
    draft, link = asked(room)
    stranger = Client()
    stranger.force_login(room.bob)
    monkeypatch.setattr(resume, "read", lambda token: resume.Link(draft.public_id, room.bob.pk))
    monkeypatch.setattr(resume, "address_of", lambda found: url(draft, "who"))
    assert stranger.get(link)["Location"] == url(draft, "who")
    assert stranger.get(url(draft, "who")).status_code == 404


def test_an_old_link_says_that_it_is_old(room: Room) -> None:
    _draft, link = asked(room)
    later = timezone.now() + resume.LASTS + datetime.timedelta(minutes=1)
    with time_machine.travel(later):
        client = Client()
        client.force_login(room.alice)
        page = client.get(link)
    assert page.status_code == 410
    assert "gått ut" in said(page)


@pytest.mark.parametrize("change", ["cut", "altered", "nonsense"])
def test_a_link_that_is_not_whole_says_so(room: Room, change: str) -> None:
    _draft, link = asked(room)
    client = Client()
    client.force_login(room.alice)
    broken = {
        "cut": link[:-6] + "/",
        "altered": link.replace("/fortsatt/W", "/fortsatt/V").replace(":", ":x", 1),
        "nonsense": "/fortsatt/abc/",
    }[change]
    page = client.get(broken)
    assert page.status_code == 400
    assert "inte hel" in said(page)


def test_a_link_to_a_draft_that_is_gone_says_so(room: Room) -> None:
    draft, link = asked(room)
    actions.discard_draft(draft_id=draft.pk, actor=room.alice)
    client = Client()
    client.force_login(room.alice)
    page = client.get(link)
    assert page.status_code == 410
    assert "raderats" in said(page)


def test_looking_at_a_link_changes_nothing(room: Room) -> None:
    draft, link = asked(room)
    before = Draft.objects.values().get(pk=draft.pk)
    client = Client()
    client.force_login(room.alice)
    client.get(link)
    assert Draft.objects.values().get(pk=draft.pk) == before
    assert client.post(link).status_code == 405
