"""A frozen portal: everything is read, nothing that is sent is carried out (R-183)."""

import datetime
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from audit.models import InboxEvent
from audit.operations import operation
from programme import freezing
from programme.dated.actions import decide_setting
from programme.models import Programme, Setting
from tests.permissions import expectations as expected
from tests.permissions.patterns import walk
from tests.permissions.scene import Scene, built

ADDRESS = "/installningar/varde/portal_state/"


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The demo, frozen since today."""
    with django_db_blocker.unblock(), built() as scene:
        with transaction.atomic(), operation("test.freeze"):
            Setting.objects.create(
                programme=Programme.objects.get(),
                key="portal_state",
                value="frozen",
                valid_from=timezone.localdate(),
                decision="SG 2028:14",
            )
        yield scene


def signed_in(scene: Scene, who: str) -> Client:
    user = scene.users[who]
    assert user is not None
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["administrator", "superuser", "own participant"])
def test_nothing_that_is_sent_is_carried_out(scene: Scene, who: str) -> None:
    client, taken = signed_in(scene, who), []
    events = InboxEvent.objects.count()
    for pattern in walk():
        if pattern.name in freezing.STILL_TAKEN:
            continue
        with transaction.atomic():
            answer = client.post(pattern.filled(scene.values_for(pattern.name)))
            transaction.set_rollback(True)
        # Whoever may not come near the editor is turned away before.
        in_editor = pattern.route.startswith(expected.EDITOR)
        refused = (freezing.STATUS, 404, 403) if in_editor else (freezing.STATUS, 404)
        if answer.status_code not in refused:
            taken.append(f"{pattern.route}: {answer.status_code}")
    assert taken == []
    assert InboxEvent.objects.count() == events


@pytest.mark.django_db
def test_it_says_why_and_by_which_decision(scene: Scene) -> None:
    answer = signed_in(scene, "administrator").post("/mina-behov/", {"text": "x"})
    page = answer.content.decode()
    assert "SG 2028:14" in page
    assert "sparades inte" in page


@pytest.mark.django_db
def test_a_portal_that_is_not_frozen_takes_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the decision the same is carried out."""
    client = signed_in(scene, "administrator")
    assert client.post("/mina-behov/", {"text": "x"}).status_code == freezing.STATUS
    monkeypatch.setattr(freezing, "frozen_by", lambda day: None)
    with transaction.atomic():
        assert client.post("/mina-behov/", {"text": "x"}).status_code == 302
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/om-projektet/styrgrupp/", "/handlingar/", "/en/"])
def test_public_pages_go_on(scene: Scene, path: str) -> None:
    assert Client().get(path).status_code == 200


@pytest.mark.django_db
def test_what_is_read_is_read_as_before(scene: Scene) -> None:
    client = signed_in(scene, "auditor")
    for pattern in walk():
        row = expected.TABLE.get(pattern.route)
        if row is None or not row.get or "auditor" not in row.get:
            continue
        with transaction.atomic():
            answer = client.get(pattern.filled(scene.values_for(pattern.name)))
            transaction.set_rollback(True)
        # A code on a screen that has run out meanwhile says so.
        shown = (200, 302, 422) if pattern.name == "attendance:scan" else (200, 302)
        assert answer.status_code in shown, pattern.route


@pytest.mark.django_db
def test_people_come_in_and_the_portal_can_be_opened_again(scene: Scene) -> None:
    assert Client().post("/logga-in/", {"login": "x", "password": "y"}).status_code == 200
    office = scene.users["administrator"]
    assert office is not None
    programme = Programme.objects.get()
    client = signed_in(scene, "administrator")
    with transaction.atomic():
        sent = {"value": "7", "valid_from": "2030-01-01", "decision": "x"}
        assert client.post("/installningar/varde/group_size/", sent).status_code == 423
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        sent = {
            "value": "open",
            "valid_from": tomorrow.isoformat(),
            "decision": "SG",
            "action": "decide",
        }
        assert client.post(ADDRESS, sent).status_code == 302
        assert freezing.frozen_by(tomorrow) is None
        assert freezing.frozen_by(timezone.localdate()) is not None
        transaction.set_rollback(True)
    assert settings.MIDDLEWARE.count("programme.freezing.FrozenMiddleware") == 1
    with transaction.atomic():
        later = timezone.localdate() + datetime.timedelta(days=2)
        decide_setting(
            programme=programme,
            key="portal_state",
            value="open",
            valid_from=later,
            decision="SG",
            actor=office,
        )
        assert freezing.frozen_by(later) is None
        transaction.set_rollback(True)
