"""Answers: checked the same way from a wizard, a spreadsheet or code, and read in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.conditions import evaluate
from core.erasure import is_erased
from forms_app import access
from forms_app.care import alive, erased_words
from forms_app.forms import StepForm, holds
from forms_app.kinds import kind_of, typed_of
from forms_app.models import FormVersion, StoredFile, Submission
from forms_app.raw import from_anything
from forms_app.schema import FieldSchema, FormSchema, StepSchema
from forms_app.sources import Sources, WordSources, words_for
from people.models import Organisation, Person, User

#: A room's own rules about one step: (step key, values so far) -> messages by field key.
StepCheck = Callable[[str, dict[str, Any]], Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Checked:
    """The outcome of a check: what would be stored, and what is wrong."""

    values: dict[str, Any]
    errors: dict[str, list[str]]


@dataclass(frozen=True)
class AnswerRow:
    """One question with its answer in words, and what it was before."""

    key: str
    label: str
    value: str
    changed: bool = False
    before: str = ""
    #: Where the answer was fetched from, and whether it was changed.
    note: str = ""


@dataclass(frozen=True)
class AnswerGroup:
    """One step of the form."""

    title: str
    rows: list[AnswerRow]
    key: str = ""


def current_version(definition_key: str) -> FormVersion:
    """The newest published version of a form.

    :raises FormVersion.DoesNotExist: when it has none.
    """
    return (
        FormVersion.objects.select_related("definition")
        .filter(definition__key=definition_key)
        .latest("number")
    )


def sources_for(
    viewer: User,
    *,
    persons: QuerySet[Person] | None = None,
    organisations: QuerySet[Organisation] | None = None,
    files: QuerySet[StoredFile] | None = None,
) -> Sources:
    """What the viewer may choose among; by default what lies below their own roles."""
    return Sources(
        viewer=viewer,
        persons=access.choosable_persons(viewer) if persons is None else persons,
        organisations=access.choosable_organisations(viewer)
        if organisations is None
        else organisations,
        files=StoredFile.objects.none() if files is None else files,
    )


def check(
    schema: FormSchema,
    raw: Mapping[str, Any],
    *,
    viewer: User,
    sources: Sources | None = None,
    check_step: StepCheck | None = None,
    erased: Mapping[str, Any] | None = None,
) -> Checked:
    """Check all answers to a form; conditions decide what is asked and what is required.

    Answers to questions that are not asked are dropped, whatever they hold.

    :param raw: values by field key, as typed, posted or read from a cell.
    :param sources: what may be chosen; see :func:`sources_for`.
    :param check_step: the calling room's own rules, asked for each step without other errors.
    :param erased: marks of answers given before and erased since, which are kept as they are.
    """
    sources = sources or sources_for(viewer)
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for step in schema.steps:
        if not step_asked(step, values, raw, erased or {}):
            continue
        data = from_anything(raw, step.fields)
        form = StepForm(
            data=data, step=step, sources=sources, known=dict(values), erased=erased or {}
        )
        form.is_valid()
        values |= form.answers
        found = {key: [str(one) for one in said] for key, said in form.errors.items()}
        if not found and check_step is not None:
            found = {
                key: [str(one) for one in said]
                for key, said in check_step(step.key, dict(values)).items()
                if said
            }
        errors |= found
    return Checked(values, errors)


def erased_in(replaces: Submission | None) -> dict[str, Any]:
    """The marks of what has been erased from the answers that are being completed."""
    before = replaces.answers if replaces else {}
    return {key: value for key, value in before.items() if is_erased(value)}


def step_asked(
    step: StepSchema, values: Mapping[str, Any], raw: Mapping[str, Any], erased: Mapping[str, Any]
) -> bool:
    """Whether a step is asked; where what decided it has been erased, as it was before."""
    was = any(one.key in erased or raw.get(one.key) for one in step.fields)
    return holds(step.show_if, values, was=was)


def visible_fields(schema: FormSchema, values: Mapping[str, Any]) -> dict[str, list[FieldSchema]]:
    """The questions that the answers lead to, by step key; steps without any are left out."""
    found: dict[str, list[FieldSchema]] = {}
    if any(is_erased(one) for one in values.values()):
        # What a condition asked about may be gone; what was asked has a value or a mark.
        asked = {step.key: [f for f in step.fields if f.key in values] for step in schema.steps}
        return {key: fields for key, fields in asked.items() if fields}
    for step in schema.steps:
        if evaluate(step.show_if, values):
            fields = [one for one in step.fields if evaluate(one.show_if, values)]
            if fields:
                found[step.key] = fields
    return found


def in_words(
    submission: Submission, viewer: User | None, previous: Submission | None = None
) -> list[AnswerGroup]:
    """The answers with the questions as they were put, and what changed since before."""
    schema = FormSchema.from_plain(submission.version.schema)
    before = previous.answers if previous else None
    before_schema = FormSchema.from_plain(previous.version.schema) if previous else schema
    return values_in_words(
        schema,
        submission.answers,
        viewer,
        before=before,
        before_schema=before_schema,
        fetched=submission.fetched,
    )


def values_in_words(
    schema: FormSchema,
    values: Mapping[str, Any],
    viewer: User | None,
    *,
    before: Mapping[str, Any] | None = None,
    before_schema: FormSchema | None = None,
    fetched: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[AnswerGroup]:
    """Like :func:`in_words`, for answers that are not given yet."""
    old_fields = {one.key: one for one in (before_schema or schema).fields()}
    names = _names(
        viewer, [*schema.fields(), *old_fields.values()], alive(values), alive(before or {})
    )
    groups = []
    for step_key, fields in visible_fields(schema, values).items():
        rows = []
        for field in fields:
            now = _words(field, values.get(field.key), names)
            then = (
                _words(old_fields[field.key], before.get(field.key), names)
                if before is not None and field.key in old_fields
                else ""
            )
            changed = before is not None and values.get(field.key) != before.get(field.key)
            note = _fetched_note(
                field, values.get(field.key), (fetched or {}).get(field.key), names
            )
            rows.append(
                AnswerRow(field.key, field.label, now, changed, then if changed else "", note)
            )
        groups.append(AnswerGroup(schema.step(step_key).title, rows, step_key))
    return groups


def typed(schema: FormSchema, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Stored values as they would have been typed, by step key, for a draft to go on from.

    A step without a single key in the values is left out: nobody has been there.
    """
    return {
        step.key: typed_of(step.fields, alive(values))
        for step in schema.steps
        if any(field.key in values for field in step.fields)
    }


def _words(field: FieldSchema, value: Any, names: WordSources) -> str:
    if value in (None, "", []):
        return _("Not answered")
    if is_erased(value):
        return erased_words(value)
    return kind_of(field.kind).words(field, value, names)


def _fetched_note(
    field: FieldSchema, value: Any, fetched: Mapping[str, Any] | None, names: WordSources
) -> str:
    if not fetched or is_erased(value):
        return ""
    if value == fetched["value"]:
        return _("Fetched from %(source)s.") % {"source": fetched["label"]}
    return _("Corrected here; fetched from %(source)s was «%(value)s».") % {
        "source": fetched["label"],
        "value": _words(field, fetched["value"], names),
    }


def _names(
    viewer: User | None, fields: Sequence[FieldSchema], *answers: Mapping[str, Any]
) -> WordSources:
    wanted: dict[str, set[str]] = {"person": set(), "organisation": set(), "file": set()}
    for field in fields:
        if field.kind in wanted:
            wanted[field.kind] |= {one[field.key] for one in answers if one.get(field.key)}
    return words_for(viewer, wanted["person"], wanted["organisation"], wanted["file"])
