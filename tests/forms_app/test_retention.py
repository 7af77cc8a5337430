"""What is due is erased, once and for all; what is kept by decision is not."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import InboxEvent, Operation
from audit.operations import operation
from forms_app import actions, answers, retention, tasks
from forms_app.care import CountedFrom, Retention
from forms_app.models import Draft, DraftLifetime, FormDefinition, StoredFile, Submission
from forms_app.models.definition import ERASE
from forms_app.schema import FieldSchema, StepSchema
from forms_app.setup import ensure_form
from tests.leaks import everywhere

from . import builders
from .conftest import Room

SENT = datetime.datetime(2027, 1, 10, 12, tzinfo=datetime.UTC)
SECRET = "Kommer med rullstol"

STEPS = (
    StepSchema(
        "s",
        "Om dagen",
        fields=(
            FieldSchema("why", "Varför vill du komma?", "text"),
            FieldSchema(
                "needs",
                "Behöver du något i lokalen?",
                "text",
                retention=Retention(delete_after_days=30),
            ),
            FieldSchema(
                "proof",
                "Underlag",
                "file",
                retention=Retention(
                    delete_after_days=30, keep_until="2027-12-31", keep_decision="dnr 7"
                ),
            ),
        ),
    ),
)


# The same question without a decision to keep.
PROOF = replace(STEPS[0].fields[2], retention=Retention(delete_after_days=30))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def given(room: Room, steps: Any = STEPS, **form: Any) -> Submission:
    """An answer sent on the tenth of January."""
    with transaction.atomic(), operation("test"):
        version = ensure_form(key="day", name="Dagen", steps=steps, retention=form or None)
    with time_machine.travel(SENT, tick=False):
        draft = actions.start_draft(owner=room.alice, version=version)
        stored = actions.store_file(
            draft_id=draft.pk,
            field_key="proof",
            upload=SimpleUploadedFile("anna-andersson.txt", b"hej"),
            actor=room.alice,
        )
        typed = {"why": "Nyfiken", "needs": SECRET, "proof": stored.public_id}
        actions.save_step(
            draft_id=draft.pk, step_key="s", typed=typed, next_step="s", actor=room.alice
        )
        return actions.submit_draft(draft_id=draft.pk, actor=room.alice)


def test_the_answer_is_in_one_place_only(room: Room) -> None:
    """What makes erasing possible: no copy in history, none in the inbox."""
    given(room)
    assert everywhere(SECRET) == ["forms_app_submission"]
    assert everywhere("anna-andersson") == ["forms_app_storedfile"]


def test_a_question_is_erased_on_its_day_and_leaves_a_mark(room: Room) -> None:
    made = given(room)
    assert retention.erase_due(day("2027-02-08")).answers == 0
    assert retention.erase_due(day("2027-02-09")).answers == 1
    made.refresh_from_db()
    assert made.answers["needs"] == {"erased": "2027-02-09"}
    assert made.answers["why"] == "Nyfiken"
    assert everywhere(SECRET) == []
    rows = {row.key: row.value for row in answers.in_words(made, room.alice)[0].rows}
    assert rows["needs"] == "Raderat 2027-02-09"
    assert rows["why"] == "Nyfiken"


def test_erasing_twice_erases_once(room: Room) -> None:
    given(room)
    before = Operation.objects.filter(name=ERASE).count()
    assert retention.erase_due(day("2027-02-09")).answers == 1
    assert retention.erase_due(day("2027-02-10")).answers == 0
    assert tasks.erase_due() in (0, 1)
    assert Operation.objects.filter(name=ERASE).count() >= before + 1


def test_who_erased_what_is_in_the_history_without_the_answer(room: Room) -> None:
    made = given(room)
    retention.erase_due(day("2027-02-09"))
    row = Operation.objects.get(name=ERASE)
    assert (row.subject, row.reason) == ("day", "needs")
    event = InboxEvent.objects.filter(table="forms_app_submission", op="~").get()
    assert json.loads(event.payload)["digest"] == made.digest
    assert "answers" not in json.loads(event.payload)


def test_keeping_wins_over_deleting(room: Room) -> None:
    made = given(room)
    retention.erase_due(day("2027-12-31"))
    made.refresh_from_db()
    assert isinstance(made.answers["proof"], str)
    path = StoredFile.objects.get().path
    with transaction.atomic():
        done = retention.erase_due(day("2028-01-01"))
    assert (done.answers, done.files) == (1, 1)
    stored = StoredFile.objects.get()
    assert (stored.name, stored.path, stored.erased_at is not None) == ("", "", True)
    assert everywhere("anna-andersson") == []
    assert path


def test_a_newer_decision_to_keep_longer_holds_for_old_answers_too(room: Room) -> None:
    made = given(room)
    with transaction.atomic(), operation("test"):
        definition = FormDefinition.objects.get(key="day")
        definition.keep_until, definition.keep_decision = day("2030-12-31"), "dnr 8"
        definition.save()
        actions.freeze(definition, published_by="x")
    assert retention.erase_due(day("2028-01-01")).answers == 0
    assert retention.erase_due(day("2031-01-01")).answers == 1
    made.refresh_from_db()
    assert "erased" in made.answers["needs"]


def test_a_newer_version_never_shortens_what_was_promised(room: Room) -> None:
    given(room, delete_after_days=400)
    with transaction.atomic(), operation("test"):
        definition = FormDefinition.objects.get(key="day")
        definition.delete_after_days = 1
        definition.save()
        actions.freeze(definition, published_by="x")
    retention.erase_due(day("2027-02-20"))
    assert Submission.objects.get().answers["why"] == "Nyfiken"


def test_counted_from_closing_waits_for_the_case(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = given(room, delete_after_days=10, counted_from=CountedFrom.CLOSING)
    closed: dict[int, datetime.date | None] = {made.pk: None}
    monkeypatch.setattr(retention, "_CLOSINGS", [lambda ids: closed])
    retention.erase_due(day("2028-06-01"))
    made.refresh_from_db()
    assert made.answers["why"] == "Nyfiken"
    closed[made.pk] = day("2028-06-01")
    retention.erase_due(day("2028-06-10"))
    made.refresh_from_db()
    assert made.answers["why"] == "Nyfiken"
    retention.erase_due(day("2028-06-11"))
    made.refresh_from_db()
    assert made.answers["why"] == {"erased": "2028-06-11"}


def test_many_are_erased_in_batches(room: Room) -> None:
    with transaction.atomic(), operation("test"):
        version = ensure_form(key="day", name="Dagen", steps=STEPS)
    with time_machine.travel(SENT, tick=False):
        for number in range(5):
            actions.submit_answers(version=version, raw={"needs": f"n{number}"}, actor=room.alice)
    assert retention.erase_due(day("2027-03-01"), limit=2).answers == 2
    assert retention.erase_due(day("2027-03-01")).answers == 3


def change(made: Submission, answers_now: Any, name: str = ERASE) -> bool:
    """Whether the database lets an answer become something else."""
    try:
        with transaction.atomic(), operation(name), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE forms_app_submission SET answers = %s WHERE id = %s",
                [json.dumps(answers_now), made.pk],
            )
    except DatabaseError as error:
        return "is refused" not in str(error)
    return True


def test_the_database_lets_nothing_but_the_mark_through(room: Room) -> None:
    made = given(room)
    now, mark = made.answers, {"erased": "2027-02-09"}
    assert not change(made, {**now, "why": "Något annat"})
    assert not change(made, {**now, "why": mark}, "form.submit")  # another operation
    assert not change(made, {"why": now["why"], "needs": mark})  # a key goes
    assert not change(made, {**now, "extra": mark})  # a key comes
    assert not change(made, {**now, "why": {"erased": SECRET}})  # words in the mark
    assert not change(made, {**now, "why": {**mark, "more": 1}})
    assert not change(made, [])
    with pytest.raises(DatabaseError), transaction.atomic(), operation(ERASE):
        Submission.objects.update(digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic(), operation(ERASE):
        Submission.objects.all().delete()
    # The control: exactly the mark passes, and cannot be taken back.
    assert change(made, {**now, "needs": mark})
    assert not change(made, now)
    assert not change(made, {**now, "needs": {"erased": "2030-01-01"}})


def test_an_erased_file_cannot_be_fetched(room: Room, client: Any) -> None:
    made = given(room)
    stored = made.files.get()
    client.force_login(room.alice)
    assert client.get(f"/filer/{stored.public_id}/").status_code == 200
    retention.erase_due(day("2028-01-01"))
    assert client.get(f"/filer/{stored.public_id}/").status_code == 404


def two_rounds(room: Room) -> tuple[Submission, Submission, StoredFile]:
    """An answer with a file, the round that replaced it twenty days later, and the file."""
    made = given(room, (replace(STEPS[0], fields=(*STEPS[0].fields[:2], PROOF)),))
    with time_machine.travel(SENT + datetime.timedelta(days=20), tick=False):
        again = actions.start_draft(owner=room.alice, version=made.version, replaces=made)
        later = actions.submit_draft(draft_id=again.pk, actor=room.alice)
    return made, later, StoredFile.objects.get()


def test_a_file_that_a_later_round_names_goes_with_that_round(room: Room) -> None:
    made, later, stored = two_rounds(room)
    retention.erase_due(day("2027-02-10"))
    for row in (made, later, stored):
        row.refresh_from_db()
    assert made.answers["proof"] == {"erased": "2027-02-10"}
    assert later.answers["proof"] == stored.public_id
    assert (stored.submission, stored.erased_at) == (later, None)
    retention.erase_due(day("2027-03-10"))
    stored.refresh_from_db()
    assert stored.erased_at is not None
    assert everywhere("anna-andersson") == []


def test_without_asking_the_later_round_it_would_have_lost_its_file(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made, later, stored = two_rounds(room)
    monkeypatch.setattr(retention, "_later_naming", lambda *_: None)
    retention.erase_due(day("2027-02-10"))
    stored.refresh_from_db()
    assert later.answers["proof"] == stored.public_id
    assert stored.erased_at is not None


def test_an_erased_answer_can_be_completed_without_it(room: Room) -> None:
    made = given(room)
    retention.erase_due(day("2027-02-09"))
    made.refresh_from_db()
    draft = actions.start_draft(owner=room.alice, version=made.version, replaces=made)
    assert draft.data["s"]["why"] == "Nyfiken"
    assert "needs" not in draft.data["s"]


def age(draft: Draft, days: int) -> None:
    then = timezone.now() - datetime.timedelta(days=days)
    Draft.objects.filter(pk=draft.pk).update(updated_at=then)


def test_drafts_that_nobody_touches_are_purged_by_the_rule_of_the_day(room: Room) -> None:
    kept, stale = builders.draft(room.alice, room.version), builders.draft(room.bob, room.version)
    stored = actions.store_file(
        draft_id=stale.pk,
        field_key="paper",
        upload=SimpleUploadedFile("a.txt", b"hej"),
        actor=room.bob,
    )
    age(stale, 40)
    today = timezone.localdate()
    assert retention.purge_drafts(today).drafts == 0  # without a decision it is 180 days
    with transaction.atomic(), operation("test"):
        DraftLifetime.objects.create(valid_from=today, days=30, decision="dnr 9")
    assert retention.purge_drafts(today - datetime.timedelta(days=1)).drafts == 0
    assert retention.purge_drafts(today).drafts == 1
    assert list(Draft.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


def test_a_draft_that_was_handed_in_is_never_purged(room: Room) -> None:
    made = given(room)
    age(made.draft, 4000)
    assert retention.purge_drafts(timezone.localdate()).drafts == 0


def test_files_that_nothing_names_are_taken_away_after_a_day(room: Room) -> None:
    made = given(room)
    storage = storages["private"]
    from django.core.files.base import ContentFile

    storage.save("answers/lost", ContentFile(b"x"))
    assert retention.purge_orphans().orphans == 0  # it may still be on its way in
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        assert retention.purge_orphans().orphans == 1
    assert not storage.exists("answers/lost")
    assert storage.exists(made.files.get().path)


def test_the_time_is_said_in_words() -> None:
    assert "30 dagar" in Retention(delete_after_days=30).words()
    both = Retention(delete_after_days=30, keep_until="2030-01-01", keep_decision="dnr 1").words()
    assert "2030-01-01" in both
    assert "dnr 1" in both
    assert Retention().words() == ""


def waiting(room: Room, many: int) -> None:
    """Answers that are old, to cases that are still open."""
    with transaction.atomic(), operation("test"):
        version = ensure_form(
            key="day",
            name="Dagen",
            steps=STEPS,
            retention={"delete_after_days": 10, "counted_from": CountedFrom.CLOSING},
        )
    with time_machine.travel(SENT, tick=False):
        for number in range(many):
            actions.submit_answers(version=version, raw={"why": f"n{number}"}, actor=room.alice)


def asked_of_the_database(ids: Sequence[int]) -> dict[int, datetime.date | None]:
    """Like the rooms above: one query, however many are asked about."""
    return dict.fromkeys(Submission.objects.filter(pk__in=ids).values_list("pk", flat=True))


def cost_of_looking() -> int:
    with CaptureQueriesContext(connection) as seen:
        assert retention.erase_due(day("2028-06-01")).answers == 0
    return len(seen)


def test_looking_for_what_is_due_costs_the_same_however_much_waits(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_CLOSINGS", [asked_of_the_database])
    waiting(room, 2)
    few = cost_of_looking()
    waiting(room, 22)
    assert Submission.objects.count() == 24
    assert cost_of_looking() == few
    # The control: asked one by one, it grows with what waits.
    monkeypatch.setattr(retention, "ASKED_AT_ONCE", 1)
    assert cost_of_looking() == few + 23


def test_closings_of_one_batch_are_not_lost_to_the_next(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(room, 5)
    closed = dict.fromkeys(Submission.objects.values_list("pk", flat=True), day("2027-03-01"))
    monkeypatch.setattr(
        retention, "_CLOSINGS", [lambda ids: {one: closed[one] for one in ids if one in closed}]
    )
    monkeypatch.setattr(retention, "ASKED_AT_ONCE", 2)
    assert retention.erase_due(day("2028-06-01")).answers == 5
