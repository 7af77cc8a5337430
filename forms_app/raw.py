"""Raw values, wherever they come from, in the one shape that the form fields read."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.datastructures import MultiValueDict

from forms_app.schema import FieldSchema

#: What a spreadsheet's cell may separate several choices with.
SEPARATORS = ",;\n"


#: Rows of a group that one page may send, whatever it says.
MOST_ROWS = 100
#: What the page calls the number of a group's rows, a cell of it, and its two buttons.
ROWS = "{group}.rows"
CELL = "{group}.{row}"
ADD_ROW = "add-row"
REMOVE_ROW = "remove-row"


def from_post(
    data: MultiValueDict[str, Any], fields: Iterable[FieldSchema], prefix: str = ""
) -> dict[str, Any]:
    """A page's posted values, ready to be kept as JSON."""
    return {
        field.key: _posted(data, field, f"{prefix}.{field.key}" if prefix else field.key)
        for field in fields
        if field.kind != "calculated"
    }


def _posted(data: MultiValueDict[str, Any], field: FieldSchema, name: str) -> Any:
    if field.kind == "choices":
        return [_text(one) for one in data.getlist(name)]
    if field.kind != "group":
        return _text(data.get(name, ""))
    rows = min(_number(data.get(ROWS.format(group=name), "")) or 0, MOST_ROWS)
    return [
        from_post(data, field.fields, CELL.format(group=name, row=number)) for number in range(rows)
    ]


def _number(text: Any) -> int | None:
    """A number of rows; Python reads no number of thousands of digits, and no page has it."""
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def is_blank(row: Mapping[str, Any]) -> bool:
    """Whether nothing is typed in a group's row."""
    return all(
        not one if isinstance(one, list) else not str("" if one is None else one).strip()
        for one in row.values()
    )


def change_rows(typed: dict[str, Any], add: str, remove: str) -> str:
    """Add or take away a row as a button said; gives back the group, to go to.

    :param add: the group's key.
    :param remove: the group's key and the row's number, such as ``costs.2``.
    """
    if isinstance(typed.get(add), list):
        typed[add] = [*typed[add], {}][:MOST_ROWS]
        return add
    group, _dot, text = remove.rpartition(".")
    rows, number = typed.get(group), _number(text)
    if isinstance(rows, list) and number is not None:
        typed[group] = [row for at, row in enumerate(rows) if at != number]
        return group
    return ""


def from_anything(raw: Mapping[str, Any], fields: Iterable[FieldSchema]) -> dict[str, Any]:
    """Values that were posted, stored, read from a cell or written in code."""
    return {
        field.key: _one(field, raw.get(field.key)) for field in fields if field.kind != "calculated"
    }


def _one(field: FieldSchema, value: Any) -> Any:
    if field.kind == "group":
        rows = value if isinstance(value, list | tuple) else ()
        return [from_anything(row, field.fields) for row in rows if isinstance(row, Mapping)]
    if isinstance(value, bool):
        return value
    if field.kind == "choices":
        several = _split(value) if isinstance(value, str) else value
        if not isinstance(several, list | tuple | set):
            several = [several] if several is not None else []
        return [_choice(field, _text(one)) for one in several]
    text = _text(value)
    return _choice(field, text) if field.kind == "choice" else text


def _split(text: str) -> list[str]:
    for separator in SEPARATORS:
        text = text.replace(separator, "\n")
    return [one.strip() for one in text.split("\n") if one.strip()]


def _choice(field: FieldSchema, text: str) -> str:
    """A choice may be written as people read it."""
    if text in field.choice_labels:
        return text
    by_label = {label.strip().casefold(): value for value, label in field.choice_labels.items()}
    return by_label.get(text.strip().casefold(), text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet's 12 is 12.0
    # PostgreSQL stores no NUL characters; a reader sees that something was there.
    return str(value).replace("\x00", "\ufffd")
