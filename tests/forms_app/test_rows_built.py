"""What a builder may not do with rows, calculated values and fetched answers, and what changed."""

from typing import Any

import pytest
from django.utils import translation

from core.conditions import Rule
from forms_app import rules
from forms_app.calculations import Calculation
from forms_app.changes import changes
from forms_app.schema import Choice, FieldSchema, FormSchema, StepSchema

from .test_rows import FORM, LINES, TOTAL


def column(**more: Any) -> FieldSchema:
    return FieldSchema(**{"key": "c", "label": "Kolumn", "kind": "text", **more})


def group(*columns: FieldSchema, **more: Any) -> FieldSchema:
    return FieldSchema(key="g", label="Grupp", kind="group", fields=columns, **more)


def worked(*calculation: str) -> FieldSchema:
    return FieldSchema(
        key="w", label="Uträknat", kind="calculated", calculation=Calculation(*calculation)
    )


NUMBER = FieldSchema(key="n", label="Antal", kind="number")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((group(),), "have no questions"),
        ((group(column(kind="file")),), "cannot have"),
        ((group(column(), column()),), "key of its own"),
        ((NUMBER, group(column(key="n"))), "key of its own"),
        ((group(column(), min_rows=3, max_rows=2),), "at least as many"),
        ((group(column(kind="choice", choices=(Choice("a", "A"),))),), "two choices"),
        ((group(column(show_if=Rule("d", "is_filled")), column(key="d")),), "comes later"),
        ((group(column()), column(key="t", show_if=Rule("g", "equals", "x"))), "filled in"),
        ((worked("sum_rows", "g", "c"), group(column(kind="number"))), "no group before"),
        ((group(column()), worked("sum_rows", "g", "c")), "not a number before"),
        ((NUMBER, worked("sum", "n", "m")), "not a number before"),
        ((NUMBER, worked("days_between", "n", "n")), "not a date before"),
        ((NUMBER, worked("eval", "n", "n")), "does not say"),
        ((FieldSchema(key="w", label="W", kind="calculated"),), "does not say"),
        ((column(prefill="nowhere"),), "does not exist"),
        ((column(kind="number", prefill="own_name"),), "another kind"),
        ((NUMBER, column(show_if=Rule("n", "at_least", "många"))), "cannot be read"),
    ],
)
def test_what_is_wrong_stops_publishing(fields: tuple[FieldSchema, ...], words: str) -> None:
    with translation.override("en"):
        found = rules.problems(FormSchema(steps=(StepSchema("s", "S", fields=fields),)))
    assert any(words in problem.message for problem in found), found


def test_a_sound_form_has_no_problems() -> None:
    assert rules.problems(FORM) == []


def test_what_changed_in_the_rows_is_said_in_words() -> None:
    def with_fields(*fields: FieldSchema) -> FormSchema:
        return FormSchema(steps=(StepSchema("s", "S", fields=fields),))

    old = with_fields(LINES, TOTAL)
    less = FieldSchema(
        **{
            **vars(LINES),
            "max_rows": 9,
            "fields": (
                column(key="amount", label="Kronor", kind="number"),
                column(key="new", label="Nytt"),
            ),
        }
    )
    other = worked("count_rows", "lines")
    new = with_fields(less, FieldSchema(**{**vars(other), "key": "total", "label": "Summa"}))
    with translation.override("en"):
        said = " ".join(changes(old, new))
    for part in ("also ask «Nytt»", "no longer ask «Vad»", "reads «Kronor»", "How many rows"):
        assert part in said
    assert "worked out in another way" in said
    assert changes(old, old) == []
