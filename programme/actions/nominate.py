"""Nominating: one at a time through the wizard, or a checked file at once."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.erasure import is_erased
from forms_app.actions import start_draft, submit_answers, submit_draft
from forms_app.answers import current_version
from forms_app.models import Draft, Submission
from forms_app.opening import FormClosed
from forms_app.schema import FormSchema
from people.access import actor_of
from people.models import Person, User
from programme import access, checks, completing, rules
from programme.actions.places import admit
from programme.answers import (
    KEY_FUNCTION,
    PERSON,
    PRIORITY,
    facts_for_conditions,
    is_key_function,
    person_in,
)
from programme.errors import NominationRefused, NotAllowed, Stale
from programme.kind import NOMINATION
from programme.models import Nomination, NominationKind, Wave
from workflows import actions as cases
from workflows.models import Case


@transaction.atomic
def start(
    *, wave: Wave, kind: NominationKind, actor: User, initial: Mapping[str, Any] | None = None
) -> Draft:
    """Begin a nomination as a draft of the kind's current form."""
    if not access.nominating_organisations(actor).exists():
        raise NotAllowed
    problems = rules.check_window(checks.terms_of(wave, kind, timezone.localdate()))
    if problems:
        raise NominationRefused([str(problem.message) for problem in problems])
    with operation("nomination.start", actor=actor_of(actor)):
        try:
            return start_draft(
                owner=actor,
                version=current_version(kind.form.key),
                context={"wave": wave.public_id, "kind": kind.public_id},
                initial=dict(initial or {}),
            )
        except FormClosed as error:
            raise NominationRefused([error.message]) from None


@transaction.atomic
def start_completion(*, nomination: Nomination, actor: User) -> Draft:
    """Begin completing a returned nomination: a draft filled with what was answered.

    The draft keeps the form version that was answered, so a form published
    since then asks nothing new of a nomination that is already on its way.
    """
    if nomination.case.state != Case.State.RETURNED or nomination.case.initiator_id != actor.pk:
        raise Stale
    submission = nomination.submission
    existing = Draft.objects.filter(
        owner=actor,
        submission=None,
        context__nomination=nomination.public_id,
        context__round=nomination.case.round,
    ).first()
    if existing:
        return existing
    with operation("nomination.start", actor=actor_of(actor), subject=nomination.case.reference):
        return start_draft(
            owner=actor,
            version=submission.version,
            replaces=submission,
            context={
                "wave": nomination.wave.public_id,
                "kind": nomination.kind.public_id,
                "nomination": nomination.public_id,
                "round": nomination.case.round,
                "asked": completing.asked_fields(nomination.case),
            },
        )


def asked_labels(nomination: Nomination) -> list[str]:
    """The questions that a return asked about, as they read in the form."""
    labels = FormSchema.from_plain(nomination.submission.version.schema).labels()
    return [labels[key] for key in completing.asked_fields(nomination.case) if key in labels]


def first_step(draft: Draft) -> str:
    """Where to begin: at the first question that may be answered."""
    schema = FormSchema.from_plain(draft.version.schema)
    return completing.first_step(schema, unlocked_fields(draft, schema))


@transaction.atomic
def submit(*, draft_id: int, actor: User) -> Nomination:
    """Send the draft: submission, nomination and case come to be together or not at all."""
    draft = Draft.objects.get(pk=draft_id)
    if draft.owner_id != actor.pk:
        raise NotAllowed
    submission = submit_draft(
        draft_id=draft_id, actor=actor, then=partial(finish, draft=draft, actor=actor)
    )
    return Nomination.objects.get(submission=submission)


@transaction.atomic
def finish(submission: Submission, *, draft: Draft, actor: User) -> Nomination:
    """What follows when a draft has been handed in: a new nomination, or a completed one."""
    wave = Wave.objects.get(public_id=draft.context["wave"])
    kind = NominationKind.objects.select_related("category", "workflow").get(
        public_id=draft.context["kind"]
    )
    if "nomination" in draft.context:
        return _complete(submission, draft=draft, actor=actor)
    with operation("nomination.submit", actor=actor_of(actor)):
        return _open(submission, wave=wave, kind=kind, actor=actor)


@transaction.atomic
def nominate(
    *, wave: Wave, kind: NominationKind, raw: Mapping[str, Any], actor: User
) -> Nomination:
    """Nominate from raw answers in one go, with the same checks as the wizard."""
    with operation("nomination.submit", actor=actor_of(actor)):
        try:
            submission = submit_answers(
                version=current_version(kind.form.key), raw=dict(raw), actor=actor
            )
        except FormClosed as error:
            raise NominationRefused([error.message]) from None
        return _open(submission, wave=wave, kind=kind, actor=actor)


def _open(submission: Submission, *, wave: Wave, kind: NominationKind, actor: User) -> Nomination:
    """The nomination and its case for a submission that was just made."""
    person = person_in(submission.answers)
    if person is None:
        raise NotAllowed
    # Two administrations that nominate the same person wait for each other here.
    person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    access.ensure_may_nominate(actor, person)
    key_function = kind.key_functions_only or is_key_function(submission.answers)
    ensure_within_rules(person, wave=wave, kind=kind, key_function=key_function)
    district = access.administration_of(person.unit)
    if district is None:
        raise NotAllowed
    case = cases.open_case(
        kind=NOMINATION,
        version=cases.current_version(kind.workflow.key),
        organisation=person.unit,
        initiator=actor,
        concerns=person,
        data=facts_for_conditions(
            submission.answers, kind=kind, wave=wave, person=person, district=district
        ),
    )
    nomination = Nomination.objects.create(
        wave=wave,
        kind=kind,
        category=kind.category,
        person=person,
        unit=person.unit,
        district=district,
        key_function=key_function,
        priority=submission.answers.get(PRIORITY),
        case=case,
        submission=submission,
        nominated_by=actor,
    )
    if case.state == Case.State.APPROVED:
        admit(nomination=nomination)
    return nomination


def ensure_within_rules(
    person: Person,
    *,
    wave: Wave,
    kind: NominationKind,
    key_function: bool,
    except_nomination: int | None = None,
) -> None:
    """Raise with every reason why the person may not be nominated."""
    problems = rules.stopping(
        checks.problems_with(
            person,
            wave=wave,
            kind=kind,
            key_function=key_function,
            day=timezone.localdate(),
            except_nomination=except_nomination,
        )
    )
    if problems:
        raise NominationRefused([str(problem.message) for problem in problems])


def _complete(submission: Submission, *, draft: Draft, actor: User) -> Nomination:
    """Put the new answers in the nomination's place and let the case go on.

    The window may have closed in the meantime: the nomination was made in time.
    """
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related(
            "case", "kind__category", "wave", "person__unit", "district", "submission__version"
        )
        .get(public_id=draft.context["nomination"])
    )
    if nomination.case.state != Case.State.RETURNED or nomination.case.initiator_id != actor.pk:
        raise Stale
    _ensure_only_asked(submission, draft, nomination)
    answers = submission.answers
    with operation("nomination.complete", actor=actor_of(actor), subject=nomination.case.reference):
        nomination.submission = submission
        # What has been erased from the answers says nothing: the nomination keeps its facts.
        if not is_erased(answers.get(PRIORITY)):
            nomination.priority = answers.get(PRIORITY)
        if not is_erased(answers.get(KEY_FUNCTION)):
            nomination.key_function = nomination.kind.key_functions_only or is_key_function(answers)
        nomination.save(update_fields=["submission", "priority", "key_function"])
        cases.complete(
            case_id=nomination.case_id,
            data=facts_for_conditions(
                answers,
                kind=nomination.kind,
                wave=nomination.wave,
                person=nomination.person,
                district=nomination.district,
            ),
            actor=actor,
        )
    nomination.case.refresh_from_db()
    return nomination


def _ensure_only_asked(submission: Submission, draft: Draft, nomination: Nomination) -> None:
    """Refuse changed answers that nobody asked for; the person above all."""
    unlocked = unlocked_fields(draft, FormSchema.from_plain(draft.version.schema))
    if completing.changed_beside(nomination.submission.answers, submission.answers, unlocked):
        raise Stale


def unlocked_fields(draft: Draft, schema: FormSchema) -> frozenset[str]:
    """The fields that may be changed: all of a new one, the asked of a returned one."""
    if "nomination" not in draft.context:
        return frozenset(one.key for one in schema.fields())
    return completing.unlocked(schema, draft.context.get("asked", []), fixed={PERSON})
