"""A register as a workbook or a text file: every question, every link, what is withdrawn."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from programme import sheets
from programme.models import Entry, Register
from programme.registers import words
from programme.sheets import Cells

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write(register: Register, found: Iterable[Entry], viewer: User, extension: str) -> bytes:
    """The file; four queries, however many entries it holds."""
    heading, lines = table(register, list(found))
    facts = _facts(register, viewer)
    if extension == "csv":
        return sheets.as_csv((heading, *lines, [], *facts))
    return sheets.as_workbook(
        ((_("Entries"), heading, lines), (_("What it is"), [], facts)),
    )


def table(register: Register, entries: list[Entry]) -> tuple[Cells, list[Cells]]:
    """The headings and a line for each entry; three queries, however many there are."""
    schemas = words.Schemas(words.newest_version(register), {one.version_id for one in entries})
    names = words.names_for(schemas, [(one.version_id, one.values) for one in entries])
    columns = schemas.columns(register)
    heading: Cells = [_("No."), *columns.values(), _("Withdrawn on"), _("Reason")]
    return heading, [
        [
            one.number,
            *_answers(
                one,
                schemas,
                columns,
                words.cells(schemas.of(one.version_id), one.values, one.links, names),
            ),
            one.withdrawn_on.isoformat() if one.withdrawn_on else "",
            one.withdrawn_reason,
        ]
        for one in entries
    ]


def _answers(
    entry: Entry, schemas: words.Schemas, columns: dict[str, str], cells: dict[str, str]
) -> Iterable[str | int | float]:
    """Whole numbers as numbers, so that a spreadsheet can add them up; the rest in words."""
    asked = schemas.of(entry.version_id)
    for key in columns:
        value = entry.values.get(key)
        is_number = key in asked and asked[key].kind in ("number", "calculated")
        if is_number and isinstance(value, int) and not isinstance(value, bool):
            yield value
        elif is_number and isinstance(value, str) and value:
            yield float(value)
        else:
            yield cells.get(key, "")


def _facts(register: Register, viewer: User) -> list[Cells]:
    return [
        [_("Register"), register.name],
        [_("What it is for"), register.purpose],
        [_("As of"), f"{timezone.localtime():%Y-%m-%d %H:%M}"],
        [_("Taken out by"), viewer.get_full_name()],
    ]
