"""What a published form is: steps, fields and conditions as frozen values.

The plain form (:meth:`FormSchema.to_plain`) is what a version stores and its
digest is computed from, so the order and the names of the keys are a promise.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.text import slugify

from core.conditions import Condition, from_plain, to_plain
from forms_app.calculations import Calculation
from forms_app.care import NO_PRIVACY, NO_RETENTION, Privacy, Retention

KEY_LENGTH = 60


@dataclass(frozen=True)
class Choice:
    """One alternative: the value that is stored, the label that is read."""

    value: str
    label: str


@dataclass(frozen=True)
class FieldSchema:
    """One question. Its key stays the same when the label changes."""

    key: str
    label: str
    kind: str
    help: str = ""
    required: bool = False
    show_if: Condition | None = None
    require_if: Condition | None = None
    choices: tuple[Choice, ...] = ()
    #: Characters of a text.
    max_length: int | None = None
    #: Smallest and largest number, or earliest and latest day (ISO).
    minimum: str | None = None
    maximum: str | None = None
    #: Decimals of a number.
    decimals: int = 0
    #: Size of a file, and its extensions without point; none means the default ones.
    max_megabytes: int | None = None
    extensions: tuple[str, ...] = ()
    #: The columns of a group, and how many rows it may have.
    fields: tuple["FieldSchema", ...] = ()
    min_rows: int | None = None
    max_rows: int | None = None
    #: What a calculated value is worked out from.
    calculation: Calculation | None = None
    #: Where the answer is fetched from (see forms_app.prefill), and whether it may be corrected.
    prefill: str = ""
    prefill_locked: bool = False
    #: What the browser may fill in by itself (WCAG 1.3.5), such as «email».
    autocomplete: str = ""
    #: Why it is asked for, and how long the answer is kept.
    privacy: Privacy = NO_PRIVACY
    retention: Retention = NO_RETENTION

    @property
    def choice_labels(self) -> dict[str, str]:
        """The alternatives' labels by value."""
        return {choice.value: choice.label for choice in self.choices}

    def to_plain(self) -> dict[str, Any]:
        """As JSON values; what is not used is left out."""
        plain: dict[str, Any] = {"key": self.key, "label": self.label, "kind": self.kind}
        extra: dict[str, Any] = {
            "help": self.help,
            "required": self.required,
            "show_if": to_plain(self.show_if),
            "require_if": to_plain(self.require_if),
            "choices": [{"value": one.value, "label": one.label} for one in self.choices],
            "max_length": self.max_length,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "decimals": self.decimals,
            "max_megabytes": self.max_megabytes,
            "extensions": list(self.extensions),
            "fields": [one.to_plain() for one in self.fields],
            "min_rows": self.min_rows,
            "max_rows": self.max_rows,
            "calculation": self.calculation.to_plain() if self.calculation else None,
            "prefill": self.prefill,
            "prefill_locked": self.prefill_locked,
            "autocomplete": self.autocomplete,
            "privacy": self.privacy.to_plain(),
            "retention": self.retention.to_plain(),
        }
        return plain | {name: value for name, value in extra.items() if value}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what :meth:`to_plain` wrote."""
        return cls(
            key=plain["key"],
            label=plain["label"],
            kind=plain["kind"],
            help=plain.get("help", ""),
            required=bool(plain.get("required", False)),
            show_if=from_plain(plain.get("show_if")),
            require_if=from_plain(plain.get("require_if")),
            choices=tuple(_choice(one) for one in plain.get("choices", ())),
            max_length=plain.get("max_length"),
            minimum=_text_or_none(plain.get("minimum")),
            maximum=_text_or_none(plain.get("maximum")),
            decimals=plain.get("decimals", 0),
            max_megabytes=plain.get("max_megabytes"),
            extensions=tuple(plain.get("extensions", ())),
            fields=tuple(cls.from_plain(one) for one in plain.get("fields", ())),
            min_rows=plain.get("min_rows"),
            max_rows=plain.get("max_rows"),
            calculation=Calculation.from_plain(plain.get("calculation")),
            prefill=plain.get("prefill", ""),
            prefill_locked=bool(plain.get("prefill_locked", False)),
            autocomplete=plain.get("autocomplete", ""),
            privacy=Privacy.from_plain(plain.get("privacy")),
            retention=Retention.from_plain(plain.get("retention")),
        )


@dataclass(frozen=True)
class StepSchema:
    """One page of the wizard."""

    key: str
    title: str
    description: str = ""
    show_if: Condition | None = None
    fields: tuple[FieldSchema, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON values; what is not used is left out."""
        plain: dict[str, Any] = {"key": self.key, "title": self.title}
        extra = {"description": self.description, "show_if": to_plain(self.show_if)}
        return (
            plain
            | {name: value for name, value in extra.items() if value}
            | {"fields": [one.to_plain() for one in self.fields]}
        )

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what :meth:`to_plain` wrote."""
        return cls(
            key=plain["key"],
            title=plain["title"],
            description=plain.get("description", ""),
            show_if=from_plain(plain.get("show_if")),
            fields=tuple(FieldSchema.from_plain(one) for one in plain.get("fields", ())),
        )


@dataclass(frozen=True)
class FormSchema:
    """A whole form, with the name and the introduction it was published under."""

    steps: tuple[StepSchema, ...] = field(default=())
    name: str = ""
    introduction: str = ""
    retention: Retention = NO_RETENTION

    def to_plain(self) -> dict[str, Any]:
        """As JSON values, the shape that ``FormVersion.schema`` holds."""
        kept = self.retention.to_plain()
        return {
            "name": self.name,
            "introduction": self.introduction,
            **({"retention": kept} if kept else {}),
            "steps": [step.to_plain() for step in self.steps],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what :meth:`to_plain` wrote."""
        return cls(
            steps=tuple(StepSchema.from_plain(one) for one in plain["steps"]),
            name=plain.get("name", ""),
            introduction=plain.get("introduction", ""),
            retention=Retention.from_plain(plain.get("retention")),
        )

    def fields(self) -> Iterator[FieldSchema]:
        """Every field in the order it is asked."""
        for step in self.steps:
            yield from step.fields

    def field(self, key: str) -> FieldSchema:
        """The field with the key.

        :raises KeyError: when the form has no such field.
        """
        for one in self.fields():
            if one.key == key:
                return one
        raise KeyError(key)

    def step(self, key: str) -> StepSchema:
        """The step with the key.

        :raises KeyError: when the form has no such step.
        """
        for one in self.steps:
            if one.key == key:
                return one
        raise KeyError(key)

    def labels(self) -> dict[str, str]:
        """The fields' labels by key, for conditions in words and for «ask about»."""
        return {one.key: one.label for one in self.fields()}

    def all_labels(self) -> dict[str, str]:
        """Also those of the questions in groups' rows."""
        columns = {column.key: column.label for one in self.fields() for column in one.fields}
        return columns | self.labels()

    def choice_labels(self) -> dict[str, dict[str, str]]:
        """The alternatives' labels by field key and value."""
        every = [column for one in self.fields() for column in (*one.fields, one)]
        return {one.key: one.choice_labels for one in every if one.choices}


def digest_of(plain: Any) -> str:
    """SHA-256 over the one way to write the JSON value."""
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def key_from(label: str) -> str:
    """A key made of a label, for staff who do not want to think one up."""
    return slugify(label).replace("-", "_")[:KEY_LENGTH].strip("_") or "field"


def _choice(plain: Mapping[str, str] | Sequence[str]) -> Choice:
    """A choice written as an object, or in code as a pair."""
    if isinstance(plain, Mapping):
        return Choice(value=plain["value"], label=plain["label"])
    value, label = plain
    return Choice(value=value, label=label)


def _text_or_none(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
