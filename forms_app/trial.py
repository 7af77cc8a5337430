"""Tries a form with sample answers: what is shown, what must be answered, and why; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, cast

from django.utils.translation import gettext as _

from core.conditions import AllOf, Rule, evaluate, in_words
from core.explaining import Explained, explain
from forms_app.forms import StepForm
from forms_app.kinds import kind_of
from forms_app.raw import from_anything
from forms_app.schema import FieldSchema, FormSchema, StepSchema
from forms_app.sources import Sources, WordSources

#: Kinds whose alternatives are real people, places and files: a sample has a made-up text instead.
STAND_IN = ("person", "organisation", "file")
NOTHING = cast(Sources, None)


@dataclass(frozen=True)
class Outcome:
    """What answers lead to, as it can be kept and compared."""

    shown: frozenset[str]
    demanded: frozenset[str]
    valid: bool

    def to_plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "shown": sorted(self.shown),
            "demanded": sorted(self.demanded),
            "valid": self.valid,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what :meth:`to_plain` wrote."""
        return cls(
            frozenset(plain.get("shown", ())),
            frozenset(plain.get("demanded", ())),
            bool(plain.get("valid")),
        )


@dataclass(frozen=True)
class Told:
    """One line of a trace in words, with the lines below it."""

    words: str
    met: bool
    parts: tuple["Told", ...] = ()


@dataclass(frozen=True)
class TriedField:
    """How one question came out."""

    schema: FieldSchema
    shown: bool
    demanded: bool
    answer: str
    errors: tuple[str, ...]
    why_shown: Told | None
    why_demanded: Told | None


@dataclass(frozen=True)
class TriedStep:
    """How one step came out."""

    schema: StepSchema
    shown: bool
    why_shown: Told | None
    fields: tuple[TriedField, ...]


@dataclass(frozen=True)
class Trial:
    """A whole form tried with one set of answers."""

    steps: tuple[TriedStep, ...]

    @property
    def outcome(self) -> Outcome:
        """What can be kept and compared."""
        fields = [field for step in self.steps for field in step.fields]
        return Outcome(
            frozenset(one.schema.key for one in fields if one.shown),
            frozenset(one.schema.key for one in fields if one.demanded),
            not any(one.errors for one in fields),
        )


def for_samples(schema: FormSchema) -> FormSchema:
    """The form with texts in the place of questions that only real people and files answer."""

    def stand_in(field: FieldSchema) -> FieldSchema:
        return replace(field, kind="text") if field.kind in STAND_IN else field

    return replace(
        schema,
        steps=tuple(
            replace(step, fields=tuple(map(stand_in, step.fields))) for step in schema.steps
        ),
    )


def try_form(schema: FormSchema, raw: Mapping[str, Any]) -> Trial:
    """Evaluate the form as the wizard would, and remember why."""
    told = _Words(schema)
    values: dict[str, Any] = {}
    steps = []
    for step in for_samples(schema).steps:
        shown = evaluate(step.show_if, values)
        why = told.trace(explain(step.show_if, values))
        form = StepForm(
            data=from_anything(raw, step.fields), step=step, sources=NOTHING, known=dict(values)
        )
        if shown:
            form.full_clean()
        fields = tuple(_tried(step, form, values, told, shown=shown))
        steps.append(TriedStep(step, shown, why, fields))
        values |= form.answers
    return Trial(tuple(steps))


def _tried(
    step: StepSchema, form: StepForm, known: Mapping[str, Any], told: "_Words", *, shown: bool
) -> Iterator[TriedField]:
    seen = dict(known)
    for field in step.fields:
        is_shown = shown and field.key in form.fields and field.key not in form.hidden
        yield TriedField(
            schema=field,
            shown=is_shown,
            demanded=field.key in form.demanded,
            answer=told.answer(field.key, form.answers.get(field.key)),
            errors=tuple(map(str, form.errors.get(field.key, ()))) if is_shown else (),
            why_shown=told.trace(explain(field.show_if, seen)),
            why_demanded=None if field.required else told.trace(explain(field.require_if, seen)),
        )
        if field.key in form.answers:
            seen[field.key] = form.answers[field.key]


class _Words:
    """Says conditions and answers with the form's own words."""

    def __init__(self, schema: FormSchema) -> None:
        self.labels = schema.all_labels()
        self.choices = schema.choice_labels()
        self.fields = {one.key: one for one in for_samples(schema).fields()}

    def answer(self, key: str, value: Any) -> str:
        """An answer as it is read."""
        if value in (None, "", []) or key not in self.fields:
            return ""
        field = self.fields[key]
        return kind_of(field.kind).words(field, value, WordSources())

    def trace(self, explained: Explained | None) -> Told | None:
        """The trace in words; nothing where there is no condition."""
        if explained is None:
            return None
        if isinstance(explained.condition, Rule):
            return Told(self._rule(explained), explained.met)
        words = (
            _("All of these must be true")
            if isinstance(explained.condition, AllOf)
            else _("One of these must be true")
        )
        parts = tuple(one for part in explained.parts if (one := self.trace(part)) is not None)
        return Told(words, explained.met, parts)

    def _rule(self, explained: Explained) -> str:
        rule = explained.condition
        assert isinstance(rule, Rule)
        said = self.answer(rule.field, explained.answer)
        words = in_words(rule, self.labels, self.choices)
        if not said:
            return _("%(rule)s – there is no answer") % {"rule": words}
        return _("%(rule)s – the answer is «%(answer)s»") % {"rule": words, "answer": said}


def differences(schema: FormSchema, expected: Outcome, found: Outcome) -> Sequence[str]:
    """What came out otherwise than expected, one sentence each."""
    labels = {one.key: one.label for one in schema.fields()}
    said = []
    for keys, words in (
        (expected.shown - found.shown, _("«%(label)s» should be shown but is hidden.")),
        (found.shown - expected.shown, _("«%(label)s» should be hidden but is shown.")),
        (expected.demanded - found.demanded, _("«%(label)s» should have to be answered.")),
        (found.demanded - expected.demanded, _("«%(label)s» should not have to be answered.")),
    ):
        said += [words % {"label": labels.get(key, key)} for key in sorted(keys)]
    if expected.valid != found.valid:
        said.append(
            _("The answers should pass the checks but do not.")
            if expected.valid
            else _("The answers should not pass the checks but do.")
        )
    return said
