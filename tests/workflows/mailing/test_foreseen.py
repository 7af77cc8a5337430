"""What a rule by the clock would send, looked at before it is taken into use."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.workflows.builders import World
from tests.workflows.mailing.conftest import Club
from workflows.mailing import actions, due
from workflows.mailing.audiences import Moment, audience_named
from workflows.mailing.foreseen import SHOWN, Foreseen, draft_of, foresee
from workflows.models import Message, MessageRule

HOUR = datetime.timedelta(hours=1)
NOW = timezone.now().replace(microsecond=0)
VALUES: dict[str, object] = {
    "name": "Tre dygn innan",
    "hours": 72,
    "side": "before",
    "kinds": [],
    "subject": "Snart i {room}",
    "body": "Välkommen till {room}.",
    "must_know": True,
    "decision": "Projektledaren 2027-02-01",
}


def meeting(begins: datetime.datetime, key: str = "A", kind: str = "meeting") -> Moment:
    return Moment(key, kind, begins, begins + 2 * HOUR)


def seen(world: World, now: datetime.datetime = NOW, **changed: object) -> Foreseen:
    audience = audience_named("club")
    assert audience is not None
    return foresee(draft_of(audience, VALUES | changed), audience, world["leader"], now)


def test_it_says_when_about_what_and_to_whom(world: World, club: Club) -> None:
    club.meetings = [meeting(NOW + 90 * HOUR, "B"), meeting(NOW + 80 * HOUR)]
    found = seen(world)
    assert [(one.at, one.about) for one in found.sendings] == [
        (NOW + 8 * HOUR, "Room A"),
        (NOW + 18 * HOUR, "Room B"),
    ]
    names = [reader.name for reader in found.sendings[0].named]
    assert names == [user.get_full_name() for user in club.members]
    assert found.first == found.sendings[0].readers[0]
    assert found.words is not None
    assert (found.words.subject, found.words.body) == ("Snart i A", "Välkommen till A.")


@pytest.mark.parametrize(("side", "hours"), [("before", 72), ("after", 24)])
def test_what_is_foreseen_is_what_is_sent(world: World, club: Club, side: str, hours: int) -> None:
    club.meetings = [meeting(NOW + 100 * HOUR)]
    (one,) = seen(world, hours=hours, side=side).sendings
    rule = in_use(world, hours=hours, side=side)
    assert rule.hours == hours
    assert due.send_due(one.at - datetime.timedelta(minutes=1)) == 0
    assert due.send_due(one.at) == len(one.readers) == 3


def in_use(world: World, **changed: object) -> MessageRule:
    return actions.add_rule(actor=world["leader"], audience="club", **(VALUES | changed))


def test_what_should_have_gone_already_is_not_foreseen(world: World, club: Club) -> None:
    club.meetings = [meeting(NOW + 72 * HOUR)]
    assert seen(world).sendings == []
    assert seen(world).words is None


def test_many_are_counted_and_the_first_are_named(world: World, club: Club) -> None:
    club.members = club.members * 3
    club.meetings = [meeting(NOW + (80 + turn) * HOUR) for turn in range(SHOWN + 3)]
    found = seen(world)
    assert len(found.sendings) == SHOWN
    assert (len(found.sendings[0].named), found.sendings[0].others) == (5, 4)


def visit(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_looking_writes_nothing_and_keeps_the_words(world: World, club: Club) -> None:
    club.meetings = [meeting(timezone.now() + 90 * HOUR)]
    address = reverse("workflows:message_rule_new", args=["club"])
    client = visit(world, "leader")
    page = client.post(address, {**VALUES, "look": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Room A" in text
    assert "Snart i A" in text
    assert 'value="Tre dygn innan"' in text
    assert f"Hej {world['chef'].first_name}!" in text or f"Hello {world['chef'].first_name}" in text
    assert not MessageRule.objects.exists()
    assert not Message.objects.exists()
    # The same values without looking take it into use.
    assert client.post(address, VALUES).status_code == 302
    assert MessageRule.objects.count() == 1


def test_what_is_wrong_is_said_before_anything_is_foreseen(world: World, club: Club) -> None:
    page = visit(world, "leader").post(
        reverse("workflows:message_rule_new", args=["club"]),
        {**VALUES, "body": "Till {nobody}", "look": "1"},
    )
    assert page.status_code == 422
    assert "provat" not in page.content.decode()


def test_whoever_does_not_write_to_many_foresees_nothing(world: World, club: Club) -> None:
    page = visit(world, "chef").post(
        reverse("workflows:message_rule_new", args=["club"]), {**VALUES, "look": "1"}
    )
    assert page.status_code == 404


def test_many_meetings_cost_no_more_than_those_shown(world: World, club: Club) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            seen(world)
        return len(asked)

    club.meetings = [meeting(NOW + (80 + turn) * HOUR) for turn in range(SHOWN)]
    few = cost()
    club.meetings *= 10
    assert cost() == few
