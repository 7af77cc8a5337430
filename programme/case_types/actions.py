"""Every write about case types and their cases: lock, check, write, in one transaction."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from forms_app.actions import start_draft
from forms_app.answers import current_version
from forms_app.models import Draft, Submission
from forms_app.schema import FormSchema
from people.access import actor_of, held_by
from people.models import Capability, Organisation, Person, User
from programme import completing
from programme.case_types import access
from programme.case_types.checks import facts_of
from programme.case_types.kind import StaffKind, newest
from programme.case_types.rules import problems
from programme.errors import NotAllowed, Refused, Stale
from programme.models import CaseSubmission, CaseType
from workflows import actions as cases
from workflows.kinds import forget_sources
from workflows.models import Case

#: What a draft remembers of the case it leads to.
TYPE, PLACE, CASE = "case_type", "place", "case"


class NotReady(Refused):
    """The type lacks something; ``problems`` says what."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(" ".join(found))
        self.problems = found


class NotOpen(Refused):
    """The type takes no new cases now."""

    def __init__(self) -> None:
        super().__init__(
            _("This kind of case takes no new cases any more. What you have written is kept.")
        )


def ensure_may_build(actor: User) -> None:
    """Raise unless the actor builds forms, workflows and case types."""
    if not held_by(actor).can(Capability.MANAGE_DEFINITIONS):
        raise NotAllowed


@transaction.atomic
def take_into_use(*, case_type: CaseType, actor: User) -> CaseType:
    """Let the type take cases, when nothing is missing.

    :raises NotReady: with everything that is missing, in words.
    """
    ensure_may_build(actor)
    locked = _locked(case_type.pk)
    found = problems(facts_of(locked))
    if found:
        raise NotReady([one.message for one in found])
    with operation("case_type.use", actor=actor_of(actor), subject=locked.key):
        locked.in_use = True
        locked.save(update_fields=["in_use"])
    forget_sources()
    return locked


@transaction.atomic
def retire(*, case_type: CaseType, actor: User) -> CaseType:
    """Take no new cases; those that run go on to their end."""
    ensure_may_build(actor)
    locked = _locked(case_type.pk)
    with operation("case_type.retire", actor=actor_of(actor), subject=locked.key):
        locked.in_use = False
        locked.save(update_fields=["in_use"])
    forget_sources()
    return locked


def _locked(pk: int) -> CaseType:
    """The type; whoever opens a case and whoever retires the type wait for each other here."""
    return (
        CaseType.objects.select_for_update(of=("self",))
        .select_related("form", "workflow", "organisation")
        .get(pk=pk)
    )


@transaction.atomic
def start(*, key: str, place: Organisation, actor: User) -> Draft:
    """Begin a case as a draft of the type's form.

    :raises NotAllowed: when the actor may not start the type, or not from there.
    """
    found = access.startable_type(actor, key)
    if found is None or place not in found.organisations:
        raise NotAllowed
    with operation("staff_case.start", actor=actor_of(actor)):
        return start_draft(
            owner=actor,
            version=current_version(found.case_type.form.key),
            context={TYPE: key, PLACE: place.public_id},
        )


@transaction.atomic
def start_completion(*, case: Case, case_type: CaseType, actor: User) -> Draft:
    """Begin completing a returned case, on the form version that was answered."""
    if case.state != Case.State.RETURNED or case.initiator_id != actor.pk:
        raise Stale
    existing = Draft.objects.filter(
        owner=actor,
        submission=None,
        context__case=case.reference,
        context__round=case.round,
    ).first()
    if existing:
        return existing
    submission = newest(case)
    if submission is None:
        raise Stale
    with operation("staff_case.start", actor=actor_of(actor), subject=case.reference):
        return start_draft(
            owner=actor,
            version=submission.version,
            replaces=submission,
            context={
                TYPE: case_type.key,
                CASE: case.reference,
                "round": case.round,
                "asked": completing.asked_fields(case),
            },
        )


@transaction.atomic
def finish(submission: Submission, *, draft: Draft, actor: User) -> Case:
    """What follows when a draft has been handed in: a new case, or a completed one."""
    case_type = _locked(CaseType.objects.only("pk").get(key=draft.context[TYPE]).pk)
    if CASE in draft.context:
        return _complete(submission, draft=draft, case_type=case_type, actor=actor)
    if not case_type.is_open_on(timezone.localdate()):
        raise NotOpen
    with operation("staff_case.submit", actor=actor_of(actor), subject=case_type.key):
        return _open(submission, draft=draft, case_type=case_type, actor=actor)


def _open(submission: Submission, *, draft: Draft, case_type: CaseType, actor: User) -> Case:
    if case_type.workflow is None:
        raise NotOpen
    answers = submission.answers
    case = cases.open_case(
        kind=StaffKind(case_type),
        version=cases.current_version(case_type.workflow.key),
        organisation=_organisation_of(case_type, draft, answers, actor),
        initiator=actor,
        concerns=_person_in(answers, case_type),
        data=dict(answers),
    )
    CaseSubmission.objects.create(
        case=case, case_type=case_type, submission=submission, round=case.round
    )
    return case


def _organisation_of(
    case_type: CaseType, draft: Draft, answers: dict[str, Any], actor: User
) -> Organisation:
    """Where the case belongs, as the type says; only where the actor may start it."""
    places = access.places_for(actor, case_type)
    if case_type.belongs_to == CaseType.BelongsTo.FIXED and case_type.organisation and places:
        return case_type.organisation
    if case_type.belongs_to == CaseType.BelongsTo.FIELD:
        wanted = answers.get(case_type.organisation_field)
        found = access.choosable_organisations(actor, case_type).filter(public_id=wanted).first()
    else:
        wanted = draft.context.get(PLACE)
        found = next((one for one in places if one.public_id == wanted), None)
    if found is None:
        raise NotAllowed
    return found


def _person_in(answers: dict[str, Any], case_type: CaseType) -> Person | None:
    reference = answers.get(case_type.person_field) if case_type.person_field else None
    return Person.objects.filter(public_id=reference).first() if reference else None


def _complete(submission: Submission, *, draft: Draft, case_type: CaseType, actor: User) -> Case:
    """Put the new answers beside the old ones and let the case go on, whether in use or not."""
    case = Case.objects.select_for_update(of=("self",)).get(reference=draft.context[CASE])
    before = newest(case)
    if (
        case.state != Case.State.RETURNED
        or case.initiator_id != actor.pk
        or before is None
        or draft.replaces_id != before.pk
    ):
        raise Stale
    open_fields = unlocked_fields(draft, FormSchema.from_plain(draft.version.schema), case_type)
    if completing.changed_beside(before.answers, submission.answers, open_fields):
        raise Stale
    with operation("staff_case.complete", actor=actor_of(actor), subject=case.reference):
        case = cases.complete(case_id=case.pk, data=dict(submission.answers), actor=actor)
        CaseSubmission.objects.create(
            case=case, case_type=case_type, submission=submission, round=case.round
        )
    return case


def unlocked_fields(draft: Draft, schema: FormSchema, case_type: CaseType) -> frozenset[str]:
    """The fields that may be changed in the draft: all of a new one, the asked of a returned one."""
    if CASE not in draft.context:
        return frozenset(one.key for one in schema.fields())
    return completing.unlocked(
        schema, draft.context.get("asked", []), fixed=StaffKind(case_type).fixed_fields
    )
