"""Reads shaped for a page."""

from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from core.conditions import in_words
from forms_app import calculations, prefill
from forms_app.kinds import kind_of
from forms_app.models import FormDefinition, FormVersion, Submission
from forms_app.schema import FieldSchema, FormSchema


@dataclass(frozen=True)
class ReadableField:
    """A question as staff read it in a list."""

    key: str
    label: str
    kind: str
    help: str
    required: bool
    show_if: str
    require_if: str
    choices: list[str]
    calculation: str = ""
    fetched: str = ""
    columns: list["ReadableField"] = field(default_factory=list)


@dataclass(frozen=True)
class ReadableStep:
    """A step with its questions."""

    key: str
    title: str
    description: str
    show_if: str
    fields: list[ReadableField]


def versions_of(definition: FormDefinition) -> QuerySet[FormVersion]:
    """The form's versions, newest first, with the number of answers to each."""
    return definition.versions.annotate(answers=Count("submissions")).defer("schema")


def answers_of(definition: FormDefinition) -> int:
    """How many answers have been given; completions of an earlier one are not counted."""
    return Submission.objects.filter(version__definition=definition, replaces=None).count()


def readable(schema: FormSchema) -> list[ReadableStep]:
    """The form laid out for reading, conditions as sentences."""
    labels, choices = schema.all_labels(), schema.choice_labels()

    def question(one: FieldSchema) -> ReadableField:
        return ReadableField(
            key=one.key,
            label=one.label,
            kind=str(kind_of(one.kind).label),
            help=one.help,
            required=one.required,
            show_if=in_words(one.show_if, labels, choices) if one.show_if else "",
            require_if=in_words(one.require_if, labels, choices) if one.require_if else "",
            choices=list(one.choice_labels.values()),
            calculation=calculations.in_words(one.calculation, labels) if one.calculation else "",
            fetched=prefill.words(one.prefill) if one.prefill else "",
            columns=[question(column) for column in one.fields],
        )

    return [
        ReadableStep(
            key=step.key,
            title=step.title,
            description=step.description,
            show_if=in_words(step.show_if, labels, choices) if step.show_if else "",
            fields=[question(one) for one in step.fields],
        )
        for step in schema.steps
    ]
