"""Nominating one person: the rules hold, the case opens, and nothing is done by halves."""

import datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import IntegrityError

import workflows.actions
from audit.operations import operation
from forms_app.models import Submission
from programme import checks
from programme.actions import nominate as actions
from programme.actions.nominate import start, start_completion, submit
from programme.errors import NominationRefused, NotAllowed, Stale
from programme.models import Nomination, Place
from tests.programme.builders import (
    World,
    answers_for,
    approve_step,
    approved,
    nominated,
    today,
)
from workflows.actions import decide
from workflows.models import Case


def test_a_nomination_opens_a_case_that_waits_for_the_department_head(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    assert nomination.case.reference.startswith("N-")
    assert nomination.district == world.farsta
    assert nomination.unit == world.unit
    waiting = nomination.case.work_items.get(closed_at=None)
    assert waiting.step_key == "prioritering"


def test_the_last_approval_offers_a_place_and_tells_the_participant(world: World) -> None:
    place = approved(world, world.staff[0])
    assert place.state == Place.State.OFFERED
    person = world.staff[0]
    person.refresh_from_db()
    assert person.user is not None
    message = person.user.messages.get(kind="place.offered")
    assert person.last_name not in message.body + message.subject


def test_the_same_person_is_not_nominated_twice(world: World) -> None:
    nominated(world, world.staff[0])
    with pytest.raises(NominationRefused, match=r"redan nominerad|already nominated"):
        nominated(world, world.staff[0])


def test_another_administration_is_not_named_when_it_has_nominated(world: World) -> None:
    first = nominated(world, world.staff[0])
    with transaction.atomic(), operation("test.move"):
        Nomination.objects.filter(pk=first.pk).update(district=world.skarholmen)
    with pytest.raises(NominationRefused) as refused:
        nominated(world, world.staff[0])
    assert "Skärholmen" not in str(refused.value)


def test_without_the_check_the_database_still_refuses_a_second_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ensure_within_rules", lambda *a, **k: None)
    nominated(world, world.staff[0])
    before = Case.objects.count(), Submission.objects.count()
    with pytest.raises(IntegrityError):
        nominated(world, world.staff[0])
    assert (Case.objects.count(), Submission.objects.count()) == before


def test_without_check_and_constraint_a_person_is_nominated_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ensure_within_rules", lambda *a, **k: None)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX nominated_once")
    nominated(world, world.staff[0])
    nominated(world, world.staff[0])
    assert Nomination.objects.filter(person=world.staff[0], live=True).count() == 2


def test_nobody_nominates_outside_their_own_units(world: World) -> None:
    from forms_app.actions import AnswersRefused

    with pytest.raises((AnswersRefused, NotAllowed)):
        nominated(world, world.others[0])


def test_a_closed_window_takes_no_nominations(world: World) -> None:
    with (
        time_machine.travel(world.wave.closes_on + datetime.timedelta(days=1)),
        pytest.raises(NominationRefused),
    ):
        nominated(world, world.staff[0])


def test_the_draft_is_submitted_once_however_often_it_is_sent(world: World) -> None:
    raw = answers_for(world.staff[0])
    draft = start(
        wave=world.wave,
        kind=world.kinds["medarbetare"],
        actor=world.chief,
        initial={**raw, "key_function": False, "released_time": True, "priority": 1},
    )
    first = submit(draft_id=draft.pk, actor=world.chief)
    again = submit(draft_id=draft.pk, actor=world.chief)
    assert first == again
    assert Nomination.objects.count() == 1
    assert Case.objects.count() == 1


def test_a_failure_when_the_case_opens_leaves_no_submission(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_arguments: object) -> None:
        raise RuntimeError("the engine is broken")

    monkeypatch.setattr(workflows.actions, "open_case", broken)
    with pytest.raises(RuntimeError):
        nominated(world, world.staff[0])
    assert not Submission.objects.exists()
    assert not Nomination.objects.exists()


def returned(world: World) -> Nomination:
    nomination = nominated(world, world.staff[0])
    waiting = nomination.case.work_items.get(closed_at=None)
    decide(
        case_id=nomination.case_id,
        step_key=waiting.step_key,
        round=waiting.round,
        verdict="return",
        actor=world.head,
        reason="Vilken plats har personen?",
        asked_fields=["priority"],
    )
    nomination.refresh_from_db()
    return nomination


def test_completing_changes_what_was_asked(world: World) -> None:
    nomination = returned(world)
    draft = start_completion(nomination=nomination, actor=world.chief)
    assert start_completion(nomination=nomination, actor=world.chief) == draft
    draft.data["varfor"]["priority"] = "7"
    draft.save()
    completed = submit(draft_id=draft.pk, actor=world.chief)
    assert completed == nomination
    assert completed.submission.answers["priority"] == 7
    assert completed.priority == 7
    assert completed.submission.replaces == nomination.submission
    assert completed.case.state == Case.State.WAITING


@pytest.mark.parametrize(
    ("step", "key", "value"),
    [("varfor", "motivation", "Smugglad ändring."), ("vem", "person", "another")],
)
def test_completing_cannot_change_what_nobody_asked_about(
    world: World, step: str, key: str, value: str
) -> None:
    nomination = returned(world)
    draft = start_completion(nomination=nomination, actor=world.chief)
    draft.data[step][key] = world.staff[3].public_id if value == "another" else value
    draft.save()
    with pytest.raises(Stale):
        submit(draft_id=draft.pk, actor=world.chief)
    nomination.refresh_from_db()
    assert nomination.submission.answers["motivation"] == answers_for(world.staff[0])["motivation"]
    assert nomination.case.state == Case.State.RETURNED


def test_without_the_guard_an_unasked_answer_is_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_ensure_only_asked", lambda *_arguments: None)
    nomination = returned(world)
    draft = start_completion(nomination=nomination, actor=world.chief)
    draft.data["varfor"]["motivation"] = "Smugglad ändring."
    draft.save()
    completed = submit(draft_id=draft.pk, actor=world.chief)
    assert completed.submission.answers["motivation"] == "Smugglad ändring."


def test_the_approver_sees_what_changed(world: World) -> None:
    from programme.kind import NOMINATION

    nomination = returned(world)
    draft = start_completion(nomination=nomination, actor=world.chief)
    draft.data["varfor"]["priority"] = "7"
    draft.save()
    completed = submit(draft_id=draft.pk, actor=world.chief)
    rows = [row for group in NOMINATION.facts(completed.case, world.head) for row in group.rows]
    assert [(row.value, row.before) for row in rows if row.changed] == [("7", "1")]


def test_a_declined_person_can_be_nominated_again(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    waiting = nomination.case.work_items.get(closed_at=None)
    decide(
        case_id=nomination.case_id,
        step_key=waiting.step_key,
        round=waiting.round,
        verdict="decline",
        actor=world.head,
        reason="Nästa omgång passar bättre.",
    )
    nomination.refresh_from_db()
    assert not nomination.live
    assert nominated(world, world.staff[0]).live


def test_the_in_depth_course_is_only_for_key_functions_in_the_series(world: World) -> None:
    with pytest.raises(NominationRefused):
        nominated(world, world.staff[0], "fordjupning")
    nominated(world, world.staff[0], key_function="yes")
    nomination = nominated(world, world.staff[0], "fordjupning")
    approve_step(nomination, world.head)
    approve_step(nomination, world.administrator)
    place = Place.objects.get(nomination=nomination)
    assert not place.uses_quota
    assert (
        checks.meters([world.wave.pk])[
            (world.wave.pk, world.farsta.pk, nomination.category_id)
        ].approved
        == 0
    )


def test_the_wave_is_open_today(world: World) -> None:
    assert world.wave.opens_on <= today() <= world.wave.closes_on
