"""What became of a need (R-242): the person sees it, and the counts outlive the erasing."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from audit.models import InboxEvent
from audit.operations import operation
from programme.errors import NotAllowed, ReasonNeeded, Stale
from programme.models import AdaptationNeed
from programme.venues import needs
from tests.programme.occasions.builders import Scene
from tests.programme.venues.test_needs import told

WHY = "Lokalen har ingen slinga"


def counted(scene: Scene) -> tuple[int, int, int, int]:
    found = needs.counts(scene.world.programme)
    return found.told, found.arranged, found.not_arranged, found.waiting


def test_what_cannot_be_arranged_says_why_and_the_person_reads_it(scene: Scene) -> None:
    need = told(scene)
    with pytest.raises(ReasonNeeded):
        needs.mark_not_arranged(need=need, reason=" \u200b", actor=scene.office)
    with pytest.raises(NotAllowed):
        needs.mark_not_arranged(need=need, reason=WHY, actor=scene.trainer)
    needs.mark_not_arranged(need=need, reason=WHY, actor=scene.office)
    user = need.person.user
    assert user is not None
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/mina-behov/").content.decode()
    assert "Gick inte att ordna" in page
    assert WHY in page
    # Another way was found after all: the reason is gone.
    again = needs.mark_handled(need=need, actor=scene.office)
    assert (again.not_arranged, again.reason) == (False, "")
    page = client.get("/mina-behov/").content.decode()
    assert "Ordnat" in page
    assert WHY not in page


def test_the_counts_survive_the_erasing_and_the_reason_does_not(scene: Scene) -> None:
    arranged, refused, waiting = told(scene), told(scene), told(scene)
    needs.mark_handled(need=arranged, actor=scene.office)
    needs.mark_not_arranged(need=refused, reason=WHY, actor=scene.office)
    assert counted(scene) == (3, 1, 1, 1)
    for need in (arranged, refused, waiting):
        needs.withdraw(need=need, actor=scene.office)
    assert counted(scene) == (3, 1, 1, 0)
    assert not AdaptationNeed.objects.exclude(text="", reason="").exists()
    with pytest.raises(Stale):
        needs.mark_not_arranged(need=refused, reason=WHY, actor=scene.office)


def test_the_reason_is_in_no_history(scene: Scene) -> None:
    """It may repeat what was needed, which is health data."""
    need = told(scene)
    needs.mark_not_arranged(need=need, reason=WHY, actor=scene.office)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(h)::text FROM programme_historicaladaptationneed h")
        history = " ".join(row[0] for row in cursor.fetchall())
    events = " ".join(str(vars(one)) for one in InboxEvent.objects.all())
    assert WHY not in history + events
    # The control: it stands in the row itself.
    assert AdaptationNeed.objects.get().reason == WHY


def test_the_database_refuses_a_no_without_words(scene: Scene) -> None:
    need = told(scene)
    with (
        pytest.raises(IntegrityError, match="need_not_arranged_says_why"),
        transaction.atomic(),
        operation("test.silent"),
    ):
        AdaptationNeed.objects.filter(pk=need.pk).update(
            not_arranged=True, handled_at=datetime.datetime.now(datetime.UTC)
        )


def test_the_office_answers_on_the_page(scene: Scene) -> None:
    need = told(scene)
    client = Client()
    client.force_login(scene.office, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/anpassningsbehov/{need.public_id}/gick-inte/"
    assert client.post(address, {"reason": ""}).status_code == 302
    need.refresh_from_db()
    assert need.handled_at is None
    client.post(address, {"reason": WHY})
    need.refresh_from_db()
    assert (need.not_arranged, need.handled_by) == (True, scene.office)
    assert WHY in client.get("/anpassningsbehov/").content.decode()
