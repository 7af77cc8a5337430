"""The kinds of questions: one entry a kind, and an unknown kind fails loudly.

An entry says how the answer is asked and checked (a Django form field), how it
is stored (a JSON value), how it is read (words) and which limits staff can set.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from forms_app.fields import (
    CalculatedField,
    GroupField,
    GroupRows,
    IsoDateField,
    NumberField,
    OrganisationField,
    PersonField,
    StoredFileField,
    YesNoField,
)
from forms_app.schema import FieldSchema

if TYPE_CHECKING:
    from forms_app.sources import Sources, WordSources

RADIO_LIMIT = 8
TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 4000


class UnknownKind(LookupError):
    """A schema names a kind that no entry describes."""


@dataclass(frozen=True)
class Kind:
    """How one kind of question is asked, stored and read."""

    key: str
    label: str | Promise
    icon: str
    make: Callable[[FieldSchema, Sources], forms.Field]
    #: The cleaned value as JSON.
    plain: Callable[[Any], Any] = lambda value: value
    #: The stored value as someone reads it.
    words: Callable[[FieldSchema, Any, WordSources], str] = lambda schema, value, sources: str(
        value
    )
    #: The stored value as it would have been typed, to go on from.
    typed: Callable[[Any], Any] = lambda value: value
    limits: tuple[str, ...] = field(default=())
    empty: Any = ""


def _text(schema: FieldSchema, sources: Sources) -> forms.Field:
    return forms.CharField(max_length=schema.max_length or TEXT_LENGTH)


def _long_text(schema: FieldSchema, sources: Sources) -> forms.Field:
    limit = schema.max_length or LONG_TEXT_LENGTH
    made = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}))
    # A validator only: as an attribute the browser would cut a pasted text in silence.
    made.validators.append(MaxLengthValidator(limit))
    return made


def _email(schema: FieldSchema, sources: Sources) -> forms.Field:
    return forms.EmailField(max_length=254)


def _number(schema: FieldSchema, sources: Sources) -> forms.Field:
    return NumberField(
        min_value=Decimal(schema.minimum) if schema.minimum else None,
        max_value=Decimal(schema.maximum) if schema.maximum else None,
        decimal_places=schema.decimals,
    )


def _number_plain(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else str(value)


def _number_words(schema: FieldSchema, value: Any, sources: WordSources) -> str:
    return str(number_format(Decimal(str(value)), use_l10n=True, force_grouping=True))


def _date(schema: FieldSchema, sources: Sources) -> forms.Field:
    return IsoDateField(earliest=schema.minimum, latest=schema.maximum)


def _date_words(schema: FieldSchema, value: Any, sources: WordSources) -> str:
    return str(date_format(datetime.date.fromisoformat(value), "Y-m-d"))


def _choice(schema: FieldSchema, sources: Sources) -> forms.Field:
    choices = list(schema.choice_labels.items())
    if len(choices) <= RADIO_LIMIT:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
    return forms.ChoiceField(choices=[("", _("Choose")), *choices])


def _choices(schema: FieldSchema, sources: Sources) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=list(schema.choice_labels.items()), widget=forms.CheckboxSelectMultiple
    )


def _choice_words(schema: FieldSchema, value: Any, sources: WordSources) -> str:
    return schema.choice_labels.get(value, str(value))


def _choices_words(schema: FieldSchema, value: Any, sources: WordSources) -> str:
    return ", ".join(schema.choice_labels.get(one, str(one)) for one in value)


def _yes_no(schema: FieldSchema, sources: Sources) -> forms.Field:
    return YesNoField()


def _yes_no_words(schema: FieldSchema, value: Any, sources: WordSources) -> str:
    return _("Yes") if value else _("No")


def _person(schema: FieldSchema, sources: Sources) -> forms.Field:
    return PersonField(queryset=sources.persons, viewer=sources.viewer, hindered=sources.hindered)


def _organisation(schema: FieldSchema, sources: Sources) -> forms.Field:
    return OrganisationField(queryset=sources.organisations)


def _file(schema: FieldSchema, sources: Sources) -> forms.Field:
    return StoredFileField(queryset=sources.files, schema=schema)


def _public_id(value: Any) -> str:
    return str(value.public_id)


def _calculated(schema: FieldSchema, sources: Sources) -> forms.Field:
    return CalculatedField()


def _group(schema: FieldSchema, sources: Sources) -> forms.Field:
    made = GroupField()
    if isinstance(made.widget, GroupRows):
        made.widget.schema, made.widget.rows = schema, []
    return made


def _group_words(schema: FieldSchema, value: Any, sources: WordSources) -> str:
    """One line a row: «1. Cost: Train · Amount: 450»."""
    return "\n".join(
        f"{number}. "
        + " · ".join(
            f"{one.label}: {kind_of(one.kind).words(one, row[one.key], sources)}"
            for one in schema.fields
            if row.get(one.key) not in (None, "", [])
        )
        for number, row in enumerate(value, start=1)
    )


def _group_typed(schema: FieldSchema, value: Any) -> Any:
    return [typed_of(schema.fields, row) for row in value]


_ENTRIES = (
    Kind("text", gettext_lazy("text"), "pilcrow", _text, limits=("max_length", "prefill")),
    Kind(
        "long_text",
        gettext_lazy("long text"),
        "doc-full",
        _long_text,
        limits=("max_length", "prefill"),
    ),
    Kind("email", gettext_lazy("e-mail address"), "mail", _email, limits=("prefill",)),
    Kind(
        "number",
        pgettext_lazy("question", "number"),
        "order",
        _number,
        plain=_number_plain,
        words=_number_words,
        typed=str,
        limits=("minimum", "maximum", "decimals", "prefill"),
        empty=None,
    ),
    Kind(
        "date",
        gettext_lazy("date"),
        "date",
        _date,
        plain=datetime.date.isoformat,
        words=_date_words,
        limits=("minimum", "maximum", "prefill"),
        empty=None,
    ),
    Kind(
        "choice",
        gettext_lazy("one choice"),
        "radio-empty",
        _choice,
        words=_choice_words,
        limits=("choices",),
    ),
    Kind(
        "choices",
        gettext_lazy("several choices"),
        "list-ul",
        _choices,
        plain=list,
        words=_choices_words,
        limits=("choices",),
        empty=[],
    ),
    Kind(
        "yes_no",
        gettext_lazy("yes or no"),
        "check",
        _yes_no,
        words=_yes_no_words,
        typed=lambda value: "yes" if value else "no",
        empty=None,
    ),
    Kind(
        "person",
        gettext_lazy("person"),
        "user",
        _person,
        plain=_public_id,
        words=lambda schema, value, sources: sources.person(value),
    ),
    Kind(
        "organisation",
        gettext_lazy("organisation"),
        "group",
        _organisation,
        plain=_public_id,
        words=lambda schema, value, sources: sources.organisation(value),
    ),
    Kind(
        "file",
        gettext_lazy("file"),
        "doc-empty",
        _file,
        plain=_public_id,
        words=lambda schema, value, sources: sources.file(value),
        limits=("max_megabytes", "extensions"),
    ),
    Kind(
        "calculated",
        gettext_lazy("calculated value"),
        "table",
        _calculated,
        words=_number_words,
        typed=str,
        limits=("calculation", "decimals"),
        empty=None,
    ),
    Kind(
        "group",
        gettext_lazy("rows of questions"),
        "list-ol",
        _group,
        words=_group_words,
        limits=("fields", "min_rows", "max_rows"),
        empty=[],
    ),
)
#: What a group's rows may hold: not files, and no lists of people in every row.
ROW_KINDS = (
    "text",
    "long_text",
    "email",
    "number",
    "date",
    "choice",
    "choices",
    "yes_no",
    "calculated",
)
KINDS: Mapping[str, Kind] = {entry.key: entry for entry in _ENTRIES}


def kind_of(key: str) -> Kind:
    """The entry of a kind.

    :raises UnknownKind: when there is none.
    """
    try:
        return KINDS[key]
    except KeyError:
        raise UnknownKind(key) from None


def typed_of(fields: Iterable[FieldSchema], values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as they would have been typed; what is empty or worked out is left out."""
    found: dict[str, Any] = {}
    for one in fields:
        value = values.get(one.key)
        if value in (None, "", []) or one.kind == "calculated":
            continue
        found[one.key] = (
            _group_typed(one, value) if one.kind == "group" else kind_of(one.kind).typed(value)
        )
    return found


def form_field(schema: FieldSchema, sources: Sources) -> forms.Field:
    """The Django form field that asks the question."""
    made = kind_of(schema.kind).make(schema, sources)
    made.label = schema.label
    # Escaped here: Django's templates take a help text for safe markup.
    said = [schema.help, str(made.help_text), schema.privacy.words()]
    made.help_text = escape(" ".join(filter(None, said)))
    if schema.autocomplete:
        made.widget.attrs["autocomplete"] = schema.autocomplete
    # Whether an answer is required can depend on other answers: StepForm decides.
    made.required = False
    return made
