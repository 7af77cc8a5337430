"""When a form takes answers, how many, and what is said before and after."""

import datetime
import threading
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from forms_app import actions, opening, shelf
from forms_app.models import FormOpening, Submission
from forms_app.opening import FormClosed, State, Terms
from people.access import NotAllowed
from people.models import Capability, User

from . import builders
from .conftest import Room
from .test_races import committed, ready, together
from .test_wizard import url

__all__ = ["committed"]
NOON = datetime.datetime(2027, 3, 1, 11, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
ROW = {"manager": "nej"}


def decide(room: Room, **terms: Any) -> None:
    with transaction.atomic(), operation("test"):
        FormOpening.objects.update_or_create(definition=room.version.definition, defaults=terms)


def send(room: Room, user: User | None = None, **more: Any) -> Submission:
    person = room.sven if user == room.bob else room.anna
    raw = {"person": person.public_id, **ROW}
    return actions.submit_answers(version=room.version, raw=raw, actor=user or room.alice, **more)


def test_a_paused_form_takes_nothing_and_loses_nothing(room: Room) -> None:
    draft = builders.draft(room.alice, room.version)
    decide(room, paused_words="Vi rättar en fråga")
    with pytest.raises(FormClosed, match="Vi rättar"):
        actions.submit_draft(draft_id=draft.pk, actor=room.alice)
    with pytest.raises(FormClosed):
        send(room)
    draft.refresh_from_db()
    assert draft.submission_id is None
    before = send_paused(room)
    assert before.pk
    decide(room, paused_words="")
    # The control: what is no longer paused takes answers.
    assert send(room, room.bob).pk


def send_paused(room: Room) -> Submission:
    """An answer that was asked for is taken: it completes one that was given before the pause."""
    decide(room, paused_words="")
    first = send(room)
    decide(room, paused_words="Vi rättar en fråga")
    return send(room, replaces=first)


@pytest.mark.parametrize(
    ("terms", "answers", "own", "state", "words"),
    [
        (Terms(), 9, 9, State.OPEN, ""),
        (Terms(paused="Vi rättar en fråga"), 0, 0, State.PAUSED, "Vi rättar en fråga."),
        (Terms(paused="Snart.", answer_limit=9), 0, 0, State.PAUSED, "pausat: Snart."),
        (Terms(opens_at=NOON + HOUR), 0, 0, State.NOT_YET, "öppnar 2027-03-01 kl. 13.00"),
        (Terms(opens_at=NOON), 0, 0, State.OPEN, ""),
        (Terms(closes_at=NOON), 0, 0, State.CLOSED, "stängt sedan 2027-03-01 kl. 12.00"),
        (Terms(closes_at=NOON + HOUR), 0, 0, State.OPEN, "öppet till 2027-03-01 kl. 13.00"),
        (Terms(answer_limit=2), 1, 0, State.OPEN, ""),
        (Terms(answer_limit=2), 2, 0, State.FULL, "stängt"),
        (Terms(answers_per_person=1), 5, 1, State.ANSWERED, "redan"),
    ],
)
def test_how_a_form_stands(terms: Terms, answers: int, own: int, state: State, words: str) -> None:
    found = opening.standing(terms, now=NOON, answers=answers, own=own)
    assert found.state is state
    assert words in found.words


def test_a_closed_form_takes_nothing_whichever_way_it_comes(room: Room) -> None:
    draft = builders.draft(room.alice, room.version, who={"person": room.anna.public_id, **ROW})
    decide(room, closes_at=timezone.now() - HOUR)
    with pytest.raises(FormClosed):
        send(room)
    with pytest.raises(FormClosed):
        actions.submit_draft(draft_id=draft.pk, actor=room.alice)
    with pytest.raises(FormClosed):
        actions.start_draft(owner=room.alice, version=room.version)
    assert not Submission.objects.exists()
    # The control: the same draft once it is open again.
    decide(room, closes_at=None)
    assert actions.submit_draft(draft_id=draft.pk, actor=room.alice).pk


def test_a_person_and_all_have_limits_of_their_own(room: Room) -> None:
    decide(room, answers_per_person=1, answer_limit=2)
    first = send(room)
    with pytest.raises(FormClosed) as error:
        send(room)
    assert error.value.standing.state is State.ANSWERED
    send(room, room.bob)
    with transaction.atomic(), operation("test"):
        carl = builders.user("carl", room.north)
    with pytest.raises(FormClosed) as error:
        send(room, carl)
    assert error.value.standing.state is State.FULL
    # A completion was asked for, and counts no more than what it replaces.
    assert send(room, replaces=first).pk


def test_the_answer_that_was_already_sent_is_still_the_answer(room: Room) -> None:
    """A second click after the limit gives the receipt, not a refusal."""
    draft = builders.draft(room.alice, room.version, who={"person": room.anna.public_id, **ROW})
    decide(room, answer_limit=1)
    first = actions.submit_draft(draft_id=draft.pk, actor=room.alice)
    assert actions.submit_draft(draft_id=draft.pk, actor=room.alice) == first


@pytest.mark.django_db(transaction=True)
def test_of_those_who_take_the_last_answer_together_one_gets_it(committed: Room) -> None:
    decide(committed, answer_limit=1)
    drafts = [ready(committed) for _ in range(5)]
    left = iter(drafts)
    lock = threading.Lock()

    def hand_in() -> Any:
        with lock:
            mine = next(left)
        return actions.submit_draft(draft_id=mine.pk, actor=committed.alice)

    results = together(5, hand_in)
    assert sum(isinstance(one, Submission) for one in results) == 1
    assert sum(isinstance(one, FormClosed) for one in results) == 4
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_would_get_it(
    committed: Room,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: the same with the row locks taken away."""
    decide(committed, answer_limit=1)
    drafts = [ready(committed) for _ in range(2)]

    def no_lock(self: QuerySet[Model], **kwargs: object) -> QuerySet[Model]:
        return self.all()

    monkeypatch.setattr(QuerySet, "select_for_update", no_lock)
    meet = threading.Barrier(2)

    def both_past_the_count(step: str, values: dict[str, Any]) -> dict[str, list[str]]:
        if step == "more":
            meet.wait(timeout=40)
        return {}

    left = iter(drafts)
    lock = threading.Lock()

    def hand_in() -> Any:
        with lock:
            mine = next(left)
        return actions.submit_draft(
            draft_id=mine.pk, actor=committed.alice, check_step=both_past_the_count
        )

    results = together(2, hand_in)
    assert all(isinstance(one, Submission) for one in results), results
    assert Submission.objects.count() == 2


@pytest.mark.urls("tests.forms_app.urls")
def test_the_wizard_says_it_before_and_refuses_at_the_end(room: Room, client: Client) -> None:
    draft = builders.draft(
        room.alice, room.version, who={"person": room.anna.public_id, "manager": "no"}, more={}
    )
    client.force_login(room.alice)
    decide(room, closes_at=timezone.now() + HOUR)
    assert "Formuläret är öppet till" in client.get(url(draft, "who")).content.decode()
    with time_machine.travel(timezone.now() + 2 * HOUR):
        assert "stängt sedan" in client.get(url(draft, "granska")).content.decode()
        refused = client.post(url(draft, "granska"))
        assert refused.status_code == 422
        assert "stängt sedan" in refused.content.decode()
    assert not Submission.objects.exists()
    draft.refresh_from_db()
    assert draft.data["who"]["manager"] == "no"


def test_staff_decide_it_on_a_page(room: Room, client: Client) -> None:
    with transaction.atomic(), operation("test.setup"):
        builder = builders.user("bea", room.north, Capability.MANAGE_DEFINITIONS)
    client.force_login(builder)
    address = reverse("forms_app_opening", args=[room.version.definition_id])
    assert "Formuläret är öppet." in client.get(address).content.decode()
    kept = {"opens_at": "2027-01-01 09:00", "closes_at": "2027-02-01 09:00"}
    assert client.post(address, {**kept, "answer_limit": "3"}).status_code == 302
    found = FormOpening.objects.get()
    assert found.answer_limit == 3
    wrong = client.post(address, {"opens_at": kept["closes_at"], "closes_at": kept["opens_at"]})
    assert wrong.status_code == 422
    assert "öppna innan det stänger" in wrong.content.decode()
    found.refresh_from_db()
    assert found.answer_limit == 3


def test_a_mistyped_year_is_refused_before_it_is_stored(room: Room, client: Client) -> None:
    """In UTC the first hour of year 1 is before Christ: the row could not be read again."""
    with transaction.atomic(), operation("test.setup"):
        builder = builders.user("bea", room.north, Capability.MANAGE_DEFINITIONS)
    client.force_login(builder)
    address = reverse("forms_app_opening", args=[room.version.definition_id])
    for typed in ("0001-01-01 00:00", "0202-03-09 08:00", "9999-12-31 23:59"):
        assert client.post(address, {"opens_at": typed}).status_code == 422
    assert not FormOpening.objects.exists()
    assert client.get(address).status_code == 200
    assert client.post(address, {"opens_at": "2027-03-09 08:00"}).status_code == 302


def test_nobody_else_decides_it(room: Room, client: Client) -> None:
    with pytest.raises(NotAllowed):
        shelf.set_opening(definition=room.version.definition, terms={}, actor=room.alice)
    client.force_login(room.alice)
    address = reverse("forms_app_opening", args=[room.version.definition_id])
    assert client.get(address).status_code == 403


def test_the_database_refuses_a_form_that_closes_before_it_opens(room: Room) -> None:
    with transaction.atomic(), operation("test.setup"):
        builder = builders.user("bea", room.north, Capability.MANAGE_DEFINITIONS)
    with pytest.raises(ValidationError):
        shelf.set_opening(
            definition=room.version.definition,
            terms={"opens_at": NOON, "closes_at": NOON - HOUR},
            actor=builder,
        )
