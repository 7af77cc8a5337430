"""A fetched answer that somebody corrects becomes a task for whoever keeps the register."""

import datetime
import json

import pytest
from django.db import transaction
from django.test import Client

from audit.operations import operation
from forms_app import actions, fetching
from forms_app.models import FormDefinition, FormVersion, Submission
from forms_app.schema import FieldSchema, FormSchema, StepSchema
from people.models import User
from programme import corrections
from tests.programme.builders import World
from workflows.actions import current_version, decide
from workflows.models import Case, Message, WorkflowVersion
from workflows.rules import digest_of

TODAY = datetime.date(2026, 6, 1)
SCHEMA = FormSchema(
    steps=(
        StepSchema(
            "who",
            "Du",
            fields=(
                FieldSchema("name", "Ditt namn", "text", prefill="own_name"),
                FieldSchema("day", "Dag", "date", prefill="today"),
                FieldSchema("mail", "E-post", "email", prefill="own_email", prefill_locked=True),
            ),
        ),
    )
)


@pytest.fixture
def form(world: World) -> FormVersion:
    with transaction.atomic(), operation("test.form"):
        definition = FormDefinition.objects.create(key="anmalan", name="Anmälan", steps=[])
        plain = SCHEMA.to_plain()
        return FormVersion.objects.create(
            definition=definition,
            number=1,
            schema=plain,
            digest=digest_of(plain),
            published_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        )


def hand_in(
    form: FormVersion, actor: User, replaces: Submission | None = None, **typed: str
) -> Submission:
    draft = actions.start_draft(owner=actor, version=form, replaces=replaces)
    known = {"name": actor.get_full_name(), "day": "2026-01-01", "mail": actor.email}
    actions.save_step(
        draft_id=draft.pk, step_key="who", typed={**known, **typed}, next_step="who", actor=actor
    )
    return actions.submit_draft(draft_id=draft.pk, actor=actor)


def test_a_corrected_answer_is_a_task_for_the_administrator(
    world: World, form: FormVersion, client: Client
) -> None:
    submission = hand_in(form, world.chief, name="Rätt Namn")
    case = Case.objects.get(kind="register_correction")
    assert case.data == {"submission": submission.public_id, "fields": ["name"]}
    assert Message.objects.filter(case=case, recipient=world.administrator).count() == 1
    client.force_login(world.administrator)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Rätt Namn" in page
    assert world.chief.get_full_name() in page
    decide(
        case_id=case.pk,
        step_key="ratta",
        round=1,
        verdict="approve",
        actor=world.administrator,
    )
    assert Message.objects.filter(case=case, recipient=world.chief).count() == 1


def test_nothing_corrected_is_no_task(world: World, form: FormVersion) -> None:
    # Today's date is nobody's register, and a locked answer cannot be changed at all.
    hand_in(form, world.chief, day="2025-05-05", mail="annan@example.org")
    assert not Case.objects.filter(kind="register_correction").exists()
    # The control: without the mark on the source there would be a task, and with it there is.
    hand_in(form, world.chief, name="Rätt Namn")
    assert Case.objects.filter(kind="register_correction").count() == 1


def test_completing_the_same_matter_asks_no_second_time(world: World, form: FormVersion) -> None:
    first = hand_in(form, world.chief, name="Rätt Namn")
    hand_in(form, world.chief, replaces=first, name="Rätt Namn")
    assert Case.objects.filter(kind="register_correction").count() == 1


def test_the_case_holds_no_names(world: World, form: FormVersion) -> None:
    hand_in(form, world.chief, name="Hemlig Rättelse")
    case = Case.objects.get(kind="register_correction")
    kept = json.dumps([case.data, list(case.history.values_list("data_digest", flat=True))])
    assert "Hemlig" not in kept
    assert world.chief.last_name not in kept


def test_what_is_erased_is_gone_from_the_case_too(
    world: World, form: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = hand_in(form, world.chief, name="Hemlig Rättelse")
    case = Case.objects.get(kind="register_correction")

    def shown() -> str:
        groups = corrections.CORRECTION.facts(case, world.administrator)
        return " ".join(str(row.value) for group in groups for row in group.rows)

    assert "Hemlig" in shown()
    erased = {**submission.fetched, "name": {"erased": "2026-06-01", "label": "ditt konto"}}
    gone = Submission(
        public_id=submission.public_id,
        version=form,
        answers={"name": {"erased": "2026-06-01"}},
        fetched=erased,
    )
    monkeypatch.setattr(corrections, "_submissions", lambda cases: {submission.public_id: gone})
    assert "Hemlig" not in shown()


def test_without_a_workflow_the_answer_is_kept_and_the_check_tells(
    world: World, form: FormVersion
) -> None:
    assert not list(corrections.check(TODAY))
    version = current_version(corrections.WORKFLOW)
    with transaction.atomic(), operation("test.retire"):
        WorkflowVersion.objects.filter(pk=version.pk).update(
            retired_at=datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
        )
    submission = hand_in(form, world.chief, name="Rätt Namn")
    assert submission.answers["name"] == "Rätt Namn"
    assert not Case.objects.filter(kind="register_correction").exists()
    assert len(list(corrections.check(TODAY))) == 1


def test_the_sources_that_people_keep_are_marked() -> None:
    kept = {one.key for one in fetching.OWN_SOURCES if one.register}
    assert kept == {"own_name", "own_email", "own_unit", "own_district"}
