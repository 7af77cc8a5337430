"""Clicks that come together: one submission, whatever the number of browsers."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.test import Client

from audit.operations import operation
from forms_app import actions
from forms_app.models import Draft, FormVersion, Submission

from .conftest import Room, make_room
from .test_wizard import url
from .urls import TestWizard

pytestmark = [
    pytest.mark.urls("tests.forms_app.urls"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(180),
]


@pytest.fixture
def committed() -> Room:
    """The room, committed, so that other connections see it."""
    with transaction.atomic(), operation("test.setup"):
        return make_room()


def together(number: int, do: Callable[[], Any]) -> list[Any]:
    """Run the same thing in several threads at once; exceptions are results."""
    barrier = threading.Barrier(number)
    results: list[Any] = []

    def run() -> None:
        barrier.wait()
        try:
            results.append(do())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def ready(room: Room) -> Draft:
    draft = actions.start_draft(owner=room.alice, version=room.version)
    for step, typed in (
        ("who", {"person": room.anna.public_id, "manager": "no"}),
        ("more", {}),
    ):
        draft = actions.save_step(
            draft_id=draft.pk, step_key=step, typed=typed, next_step=step, actor=room.alice
        )
    return draft


@pytest.mark.parametrize("clicks", [2, 10])
def test_clicking_several_times_makes_one_submission(
    committed: Room, clicks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TestWizard, "finished", [])
    draft = ready(committed)
    client = Client()
    client.force_login(committed.alice)

    def post() -> Any:
        mine = Client()
        mine.cookies = client.cookies
        return mine.post(url(draft, "granska"))["Location"]

    answers = together(clicks, post)
    submission = Submission.objects.get()
    assert answers == [f"/kvitto/{submission.public_id}/"] * clicks
    assert TestWizard.finished == [submission.public_id]


def test_without_the_lock_there_would_be_several(
    committed: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same clicks with the row lock taken away."""
    draft = ready(committed)

    def no_lock(self: QuerySet[Model], **kwargs: object) -> QuerySet[Model]:
        return self.all()

    monkeypatch.setattr(QuerySet, "select_for_update", no_lock)
    meet = threading.Barrier(2)

    def both_past_the_check(step: str, values: dict[str, Any]) -> dict[str, list[str]]:
        if step == "more":
            meet.wait(timeout=40)
        return {}

    results = together(
        2,
        lambda: actions.submit_draft(
            draft_id=draft.pk, actor=committed.alice, check_step=both_past_the_check
        ),
    )
    assert len({one.pk for one in results}) == 2
    assert Submission.objects.count() == 2


def test_publishing_twice_at_once_makes_one_version_each(committed: Room) -> None:
    """Two different publications never get the same number; equal ones are the same."""
    definition = committed.version.definition
    with transaction.atomic(), operation("test"):
        definition.name = "Nytt namn"
        definition.save()

    def publish() -> FormVersion:
        with transaction.atomic(), operation("test"):
            return actions.freeze(definition, published_by="x")

    versions = together(4, publish)
    assert {one.number for one in versions} == {2}
    assert definition.versions.count() == 2


def test_steps_saved_at_once_are_all_kept(committed: Room) -> None:
    draft = actions.start_draft(owner=committed.alice, version=committed.version)
    steps = iter(["who", "leading", "more"])
    lock = threading.Lock()

    def save() -> Draft:
        with lock:
            step = next(steps)
        return actions.save_step(
            draft_id=draft.pk,
            step_key=step,
            typed={"x": step},
            next_step=step,
            actor=committed.alice,
        )

    together(3, save)
    draft.refresh_from_db()
    assert draft.data == {key: {"x": key} for key in ("who", "leading", "more")}
