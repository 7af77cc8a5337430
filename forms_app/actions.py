"""Every write of this room: publishing, drafts, files and handing in."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.operations import operation
from forms_app import access, answers, copies, corrected, fetching, gate, opening, rules, samples
from forms_app.answers import StepCheck
from forms_app.building import schema_of
from forms_app.files import DEFAULT_MEGABYTES, check_file
from forms_app.models import Draft, FormDefinition, FormVersion, StoredFile, Submission
from forms_app.schema import FormSchema, digest_of
from forms_app.sources import Sources
from people.access import actor_of
from people.models import User


class CannotPublish(Exception):
    """The form has problems; ``problems`` lists them."""

    message: str | Promise = _("The form cannot be published yet.")

    def __init__(self, problems: Sequence[rules.Problem | gate.Finding]) -> None:
        super().__init__("; ".join(one.message for one in problems))
        self.problems = list(problems)


class AlreadySubmitted(Exception):
    """The draft has been handed in; its answers can no longer be changed here."""

    message: str | Promise = _("You have already sent this. What you sent has not been changed.")


class AnswersRefused(Exception):
    """The answers do not pass the checks; ``errors`` says why, by field key."""

    message: str | Promise = _("Some answers need to be corrected before you can send.")

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(", ".join(errors))
        self.errors = {key: list(said) for key, said in errors.items()}


@transaction.atomic
def publish_form(*, definition: FormDefinition, actor: User) -> FormVersion:
    """Freeze the definition as its next version; nothing changed gives the newest one back.

    :raises people.access.NotAllowed: when the actor may not build forms.
    :raises CannotPublish: when the form has problems.
    """
    access.ensure_may_build(actor)
    with operation("form.publish", actor=actor_of(actor), subject=definition.key):
        return freeze(definition, published_by=actor.get_full_name())


def freeze(definition: FormDefinition, *, published_by: str) -> FormVersion:
    """The write of :func:`publish_form` and of setting up; needs its operation."""
    # Two publications at once would otherwise take the same number.
    locked = FormDefinition.objects.select_for_update().get(pk=definition.pk)
    schema = schema_of(locked)
    found: list[rules.Problem | gate.Finding] = [
        *(wrong := rules.problems(schema)),
        # A form that is wrong in itself cannot be tried.
        *([] if wrong else samples.problems(locked, schema)),
        *(one for one in gate.findings(schema, today=timezone.localdate()) if one.stops),
    ]
    if found:
        raise CannotPublish(found)
    plain = schema.to_plain()
    digest = digest_of(plain)
    newest = locked.versions.first()
    if newest is not None and newest.digest == digest:
        return newest
    return FormVersion.objects.create(
        definition=locked,
        number=newest.number + 1 if newest else 1,
        schema=plain,
        digest=digest,
        published_at=timezone.now(),
        published_by_name=published_by,
    )


@transaction.atomic
def start_draft(
    *,
    owner: User,
    version: FormVersion,
    context: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    replaces: Submission | None = None,
) -> Draft:
    """Begin to answer a form.

    :param context: what the calling room wants to remember with the draft.
    :param initial: values by field key, as stored; unknown keys are ignored.
    :param replaces: the submission that this one will replace; its answers are the start.
    :raises forms_app.opening.FormClosed: when the form takes no answers now.
    """
    opening.ensure_open(version, owner, replaces=replaces)
    schema = FormSchema.from_plain(version.schema)
    if replaces is not None:
        replaces = copies.newest_answers(replaces)
    known = {**(replaces.answers if replaces else {}), **(initial or {})}
    fetched = fetching.fetch(schema, owner, context or {}, known)
    return Draft.objects.create(
        owner=owner,
        version=version,
        context=dict(context or {}),
        data=answers.typed(schema, known),
        fetched={**fetched, **fetching.carried(replaces.fetched if replaces else {})},
        current_step=schema.steps[0].key,
        replaces=replaces,
    )


@transaction.atomic
def save_step(
    *, draft_id: int, step_key: str, typed: Mapping[str, Any], next_step: str, actor: User
) -> Draft:
    """Keep what was typed in one step, right or wrong; other steps are not touched.

    :raises AlreadySubmitted: when the draft has been handed in.
    """
    draft = _locked(draft_id, actor)
    draft.data = {**draft.data, step_key: dict(typed)}
    draft.current_step = next_step
    draft.save(update_fields=["data", "current_step", "updated_at"])
    return draft


@transaction.atomic
def submit_draft(
    *,
    draft_id: int,
    actor: User,
    then: Callable[[Submission], object] | None = None,
    sources: Sources | None = None,
    check_step: StepCheck | None = None,
) -> Submission:
    """Hand in a draft; a second call gives the same submission and does nothing more.

    :param then: what the calling room does with the submission, in the same transaction.
    :raises AnswersRefused: when the answers do not pass the checks.
    :raises forms_app.opening.FormClosed: when the form takes no answers now.
    """
    try:
        draft = _locked(draft_id, actor)
    except AlreadySubmitted:
        return Submission.objects.get(draft=draft_id)
    opening.ensure_open(draft.version, actor, replaces=draft.replaces)
    schema = FormSchema.from_plain(draft.version.schema)
    raw = {
        key: value for step in schema.steps for key, value in draft.data.get(step.key, {}).items()
    }
    raw = fetching.put_in(schema, raw, draft.fetched, locked_only=True)
    sources = sources or answers.sources_for(actor, files=access.files_of(draft))
    checked = answers.check(
        schema,
        raw,
        viewer=actor,
        sources=sources,
        check_step=check_step,
        erased=answers.erased_in(draft.replaces),
    )
    if checked.errors:
        raise AnswersRefused(checked.errors)
    with operation("form.submit", actor=actor_of(actor), subject=draft.version.definition.key):
        submission = _submission(
            draft.version, checked.values, actor, draft.replaces, draft.fetched
        )
        _keep_files(draft, submission, schema)
        draft.submission = submission
        # The answers now stand in the submission; a second copy would only leak.
        draft.data, draft.fetched = {}, {}
        draft.save(update_fields=["submission", "data", "fetched", "updated_at"])
        if then is not None:
            then(submission)
        corrected.tell(submission)
    return submission


@transaction.atomic
def submit_answers(
    *,
    version: FormVersion,
    raw: Mapping[str, Any],
    actor: User,
    replaces: Submission | None = None,
    check: StepCheck | None = None,
    sources: Sources | None = None,
) -> Submission:
    """Hand in answers that did not come through the wizard, such as a row of a spreadsheet.

    :raises AnswersRefused: when the answers do not pass the checks.
    :raises forms_app.opening.FormClosed: when the form takes no answers now.
    """
    opening.ensure_open(version, actor, replaces=replaces)
    schema = FormSchema.from_plain(version.schema)
    given = {key: value for key, value in raw.items() if value not in (None, "", [])}
    fetched = fetching.fetch(schema, actor, {}, given)
    raw = fetching.put_in(schema, raw, fetched)
    checked = answers.check(schema, raw, viewer=actor, sources=sources, check_step=check)
    if checked.errors:
        raise AnswersRefused(checked.errors)
    with operation("form.submit", actor=actor_of(actor), subject=version.definition.key):
        return _submission(version, checked.values, actor, replaces, fetched)


@transaction.atomic
def store_file(
    *, draft_id: int, field_key: str, upload: "UploadedFile[bytes]", actor: User
) -> StoredFile:
    """Check an upload and keep it, so that going back or a failed check does not lose it.

    :raises forms_app.files.FileRefused: when the file is not taken in.
    """
    draft = _locked(draft_id, actor)
    field = FormSchema.from_plain(draft.version.schema).field(field_key)
    accepted = check_file(
        upload.name or "",
        upload.file,  # type: ignore[arg-type]
        extensions=field.extensions,
        megabytes=field.max_megabytes or DEFAULT_MEGABYTES,
    )
    with operation("form.file.add", actor=actor_of(actor)):
        stored = StoredFile(
            owner=actor,
            draft=draft,
            field_key=field_key,
            name=accepted.name,
            content_type=accepted.content_type,
            size=len(accepted.content),
            sha256=hashlib.sha256(accepted.content).hexdigest(),
        )
        # The name on disk is ours alone: nothing of the sender's reaches the file system.
        stored.path = storages["private"].save(
            f"answers/{stored.public_id}", ContentFile(accepted.content)
        )
        stored.save()
    return stored


@transaction.atomic
def remove_file(*, draft_id: int, public_id: str, actor: User) -> None:
    """Take a file out of a draft; one that belongs to an earlier submission stays there."""
    draft = _locked(draft_id, actor)
    stored = StoredFile.objects.filter(
        draft=draft, submission=None, public_id=public_id, owner=actor
    ).first()
    if stored is None:
        return
    with operation("form.file.remove", actor=actor_of(actor)):
        _delete_file(stored)


@transaction.atomic
def discard_draft(*, draft_id: int, actor: User) -> None:
    """Throw a draft away with its files; nothing that was handed in is touched.

    :raises AlreadySubmitted: when the draft has been handed in.
    """
    draft = _locked(draft_id, actor)
    with operation("form.file.remove", actor=actor_of(actor)):
        for stored in draft.files.all():
            _delete_file(stored)
    draft.delete()


def _locked(draft_id: int, actor: User) -> Draft:
    """The actor's own draft, locked: clicks that come together wait for each other here."""
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version__definition", "replaces")
        .get(pk=draft_id, owner=actor)
    )
    if draft.submission_id is not None:
        raise AlreadySubmitted
    return draft


def _submission(
    version: FormVersion,
    values: Mapping[str, Any],
    actor: User,
    replaces: Submission | None,
    fetched: Mapping[str, Any],
) -> Submission:
    origin = fetching.outcome(fetched, values)
    named = {"version": version.digest, "answers": dict(values)}
    return Submission.objects.create(
        version=version,
        answers=dict(values),
        fetched=origin,
        digest=digest_of({**named, "fetched": origin} if origin else named),
        submitted_by=actor,
        submitted_at=timezone.now(),
        replaces=replaces,
    )


def _keep_files(draft: Draft, submission: Submission, schema: FormSchema) -> None:
    """Bind the files that the answers name; others were replaced or hidden and go."""
    named = {submission.answers.get(field.key) for field in schema.fields() if field.kind == "file"}
    for stored in draft.files.filter(submission=None):
        if stored.public_id in named:
            stored.submission = submission
            stored.save(update_fields=["submission"])
        else:
            _delete_file(stored)


def _delete_file(stored: StoredFile) -> None:
    path = stored.path
    stored.delete()
    transaction.on_commit(partial(storages["private"].delete, path))
