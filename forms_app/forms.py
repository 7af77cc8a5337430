"""The form of one step, or of one row of a group, made from its frozen schema."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.html import escape
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.conditions import Condition, evaluate, fields_of
from core.erasure import is_erased
from forms_app.calculations import compute
from forms_app.fields import CalculatedField, GroupRows, StoredFileField
from forms_app.kinds import form_field, kind_of
from forms_app.prefill import SOURCES
from forms_app.raw import CELL, MOST_ROWS, is_blank
from forms_app.schema import FieldSchema, StepSchema
from forms_app.sources import Sources, WordSources

REQUIRED = _("Answer the question «%(label)s».")


class StepForm(forms.Form):
    """Asks and checks one step.

    Conditions see the answers of earlier steps and, within the step, the
    answers above; in a row of a group also the row's own. A question that they
    hide is neither checked nor kept. After checking, ``answers`` holds the
    values to store by field key, ``hidden`` and ``demanded`` the names of the
    questions that were not asked and that had to be answered.
    """

    # The server's messages say what to do; the browser's do not.
    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        step: StepSchema,
        sources: Sources,
        known: Mapping[str, Any],
        refused: Mapping[str, list[str]] | None = None,
        locked: Collection[str] = (),
        fetched: Mapping[str, Mapping[str, Any]] | None = None,
        live: Collection[str] = (),
        erased: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make the form.

        :param known: answers of the steps before this one.
        :param locked: keys of questions that are shown but cannot be changed.
        :param refused: messages about uploads that were not taken in, by field key.
        :param fetched: what was fetched from elsewhere, by field key.
        :param live: keys of questions beside this row, whose answers may change on the page.
        :param erased: the marks of answers that were given before and have been erased since, by
            field key: nobody must answer them again.
        """
        super().__init__(*args, **kwargs)
        self.step = step
        self.sources = sources
        self.known = known
        self.refused = refused or {}
        self.locked = locked
        self.erased = erased or {}
        self._forget()
        self.rows: dict[str, list[StepForm]] = {}
        own = {one.key for one in step.fields}.union(live)
        for field in step.fields:
            asks_this_page = not fields_of(field.show_if).isdisjoint(own)
            if not asks_this_page and not self._asked(field, known):
                continue  # an earlier step has decided: never sent to the browser
            made = form_field(field, sources)
            if field.key in locked:
                made.widget.attrs["disabled"] = True
            # What a condition may require is not called optional on the page.
            made.hide_optional = (  # type: ignore[attr-defined]
                field.require_if is not None
                or field.key in locked
                or field.kind == "calculated"
                or bool(field.min_rows)
            )
            made.required = field.required
            if isinstance(made, StoredFileField):
                made.show(self._value_now(field))
            if isinstance(made.widget, GroupRows):
                made.widget.rows = self.rows[field.key] = self._rows_of(field, own)
            if field.key in (fetched or {}):
                made.help_text = _fetched_help(made.help_text, (fetched or {})[field.key], field)
            self.fields[field.key] = made

    def add_prefix(self, field_name: str) -> str:
        """The name of a row's question on the page: ``costs.0.amount``."""
        return f"{self.prefix}.{field_name}" if self.prefix else field_name

    @property
    def shown(self) -> list[FieldSchema]:
        """The questions on the page."""
        return [field for field in self.step.fields if field.key in self.fields]

    def show_computed(self, checked: "StepForm") -> None:
        """Show what was worked out when the same answers were checked in another form."""
        for key, made in self.fields.items():
            other = checked.fields.get(key)
            if isinstance(made, CalculatedField) and isinstance(other, CalculatedField):
                made.words = other.words
        for key, rows in self.rows.items():
            for row, same in zip(rows, checked.rows.get(key, ()), strict=False):
                row.show_computed(same)

    def full_clean(self) -> None:
        """Check everything anew, and forget what an earlier check kept."""
        self._forget()
        super().full_clean()

    def _forget(self) -> None:
        self.answers: dict[str, Any] = {}
        self.hidden: set[str] = set()
        self.demanded: set[str] = set()

    def _rows_of(self, field: FieldSchema, own: Collection[str]) -> "list[StepForm]":
        raw = self._value_now(field)
        rows: Sequence[Any] = raw if isinstance(raw, list) else ()
        least = max(field.min_rows or 0, 1)
        rows = [*rows, *({} for _missing in range(least - len(rows)))][:MOST_ROWS]
        return [self._row(field, number, row, own) for number, row in enumerate(rows)]

    def _row(
        self, field: FieldSchema, number: int, row: Mapping[str, Any], own: Collection[str]
    ) -> "StepForm":
        prefix = CELL.format(group=self.add_prefix(field.key), row=number)
        given = {f"{prefix}.{key}": value for key, value in row.items()}
        return StepForm(
            step=StepSchema(key=field.key, title=field.label, fields=field.fields),
            sources=self.sources,
            known=self.known,
            prefix=prefix,
            live=own,
            locked=[one.key for one in field.fields] if field.key in self.locked else (),
            **({"data": given} if self.is_bound else {"initial": row}),
        )

    def _clean_fields(self) -> None:
        for field in self.shown:
            seen = {**self.known, **self.answers}
            name = self.add_prefix(field.key)
            if not self._asked(field, seen):
                self.hidden.add(name)
                continue
            if field.key in self.erased and self._value_now(field) in (None, "", []):
                self.answers[field.key] = self.erased[field.key]
                continue
            if field.kind == "calculated":
                assert field.calculation is not None
                self.answers[field.key] = compute(field.calculation, seen, field.decimals)
                self._compute(field, self.answers[field.key])
                continue
            bound = self[field.key]
            bound.field.required = field.required or (
                field.require_if is not None and evaluate(field.require_if, seen)
            )
            if bound.field.required:
                self.demanded.add(name)
            if field.key in self.refused:
                for message in self.refused[field.key]:
                    self.add_error(field.key, message)
            elif field.kind == "group":
                self._clean_rows(field, seen)
            else:
                self._clean_one(field)

    def _asked(self, field: FieldSchema, seen: Mapping[str, Any]) -> bool:
        was = field.key in self.erased or self._value_now(field) not in (None, "", [])
        return holds(field.show_if, seen, was=was)

    def _clean_one(self, field: FieldSchema) -> None:
        bound = self[field.key]
        try:
            self._keep(field, bound.field.clean(bound.data))
        except ValidationError as error:
            self.add_error(field.key, _with_label(error, field))

    def _clean_rows(self, field: FieldSchema, seen: Mapping[str, Any]) -> None:
        """Keep the rows in which something is typed, as far as they can be read."""
        kept: list[dict[str, Any]] = []
        for number, row in enumerate(self.rows[field.key], start=1):
            row.known = seen
            # Blank rows are looked at too: their questions may be hidden on the page.
            if is_blank(row.data):
                row.look_only()
                continue
            row.full_clean()
            for said in (error for errors in row.errors.values() for error in errors):
                self.add_error(
                    field.key, _("Row %(row)s: %(error)s") % {"row": number, "error": said}
                )
            kept.append(dict(row.answers))
            self.demanded |= row.demanded
        for row in self.rows[field.key]:
            self.hidden |= row.hidden
        self.answers[field.key] = kept
        least = max(field.min_rows or 0, 1 if self[field.key].field.required else 0)
        if len(kept) < least:
            self.add_error(
                field.key,
                ngettext("Fill in at least %(rows)d row.", "Fill in at least %(rows)d rows.", least)
                % {"rows": least},
            )
        if field.max_rows and len(kept) > field.max_rows:
            self.add_error(
                field.key, _("Fill in at most %(rows)s rows.") % {"rows": field.max_rows}
            )

    def look_only(self) -> None:
        """See what is hidden, without finding anything wrong."""
        self.full_clean()
        self._errors = ErrorDict()

    def _keep(self, field: FieldSchema, value: Any) -> None:
        kind = kind_of(field.kind)
        empty = value is None or value == "" or value == []
        self.answers[field.key] = kind.empty if empty else kind.plain(value)
        self.cleaned_data[field.key] = value

    def _compute(self, field: FieldSchema, value: Any) -> None:
        made = self.fields[field.key]
        if isinstance(made, CalculatedField):
            empty = value is None
            made.words = "" if empty else kind_of(field.kind).words(field, value, WordSources())

    def _value_now(self, field: FieldSchema) -> Any:
        name = self.add_prefix(field.key)
        return self.data.get(name) if self.is_bound else self.initial.get(field.key)


def holds(condition: Condition | None, values: Mapping[str, Any], *, was: bool) -> bool:
    """Whether a question is asked; where what decided it has been erased, as it was before."""
    if any(is_erased(values.get(key)) for key in fields_of(condition)):
        return was
    return evaluate(condition, values)


@dataclass(frozen=True)
class StepState:
    """A step that the answers so far lead to, and how it stands."""

    schema: StepSchema
    form: StepForm
    visited: bool
    complete: bool

    @property
    def key(self) -> str:
        """The step's key."""
        return self.schema.key


def _fetched_help(help_text: Any, fetched: Mapping[str, Any], field: FieldSchema) -> Any:
    source = SOURCES.get(fetched.get("source", ""))
    if field.prefill_locked:
        words = _("Fetched from %(source)s.")
    elif source is not None and source.register:
        words = _(
            "Fetched from %(source)s. Correct it if it is wrong: whoever keeps it is asked to look."
        )
    else:
        words = _("Fetched from %(source)s. Correct it if it is wrong.")
    # A help text is shown as HTML, and the source may be named by staff.
    said = escape(words % {"source": fetched["label"]})
    return format_lazy("{} {}", help_text, said) if help_text else said


def _with_label(error: ValidationError, field: FieldSchema) -> ValidationError:
    """Name the question in the plain «required» message, since a summary stands alone."""
    if getattr(error, "code", None) == "required" and kind_of(field.kind).key in (
        "text",
        "long_text",
        "email",
        "number",
        "date",
        "choice",
        "choices",
    ):
        return ValidationError(REQUIRED, code="required", params={"label": field.label})
    return error
