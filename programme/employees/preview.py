"""What a list would do: new, moved, changed and unchanged persons, and who is not in it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.results import RowResult
from tablib import Dataset

from people.models import Person, User
from people.ordering import by_name
from programme.employees.columns import HEADINGS, column_of
from programme.employees.resource import EmployeeResource
from programme.employees.units import Tree, tree_for
from programme.imports.reader import BadFile, Table

NEW, MOVED, CHANGED, SAME, WRONG = "new", "moved", "changed", "same", "wrong"


@dataclass(frozen=True)
class Change:
    """One thing about a person before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """A row of the list and what it would do."""

    number: int
    kind: str
    name: str
    unit: str
    person: str = ""
    changes: tuple[Change, ...] = ()
    errors: tuple[str, ...] = ()
    #: The role that will be granted, in words; empty when none is.
    grants: str = ""


@dataclass
class Preview:
    """The whole list held against the register."""

    lines: list[Line]
    new_units: list[str]
    only_here: list[Person]
    tree: Tree = field(repr=False)

    def number_of(self, kind: str) -> int:
        """How many rows are of a kind."""
        return sum(1 for line in self.lines if line.kind == kind)

    @property
    def granted(self) -> int:
        """How many are given a role."""
        return sum(1 for line in self.lines if line.grants)

    @property
    def bad(self) -> int:
        """How many rows must be corrected."""
        return self.number_of(WRONG)

    @property
    def digest(self) -> str:
        """What the reader says yes to: another digest is another outcome."""
        plain = [
            (
                one.number,
                one.kind,
                one.person,
                [(c.what, c.before, c.after) for c in one.changes],
                one.grants,
            )
            for one in self.lines
        ]
        told = json.dumps([plain, self.new_units], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def dataset_of(table: Table) -> tuple[Dataset, list[int], list[str]]:
    """The table under our own headings, its row numbers, and the headings that are not read.

    :raises BadFile: when a heading stands twice or one that is needed is missing.
    """
    keys = [column_of(heading) for heading in table.headers]
    named = [key for key in keys if key]
    if len(set(named)) < len(named):
        raise BadFile(_("Two columns say the same thing. Keep one of them."))
    if not {"identity", "email"} & set(named):
        raise BadFile(
            _("A column with personal identity numbers or work e-mail addresses is missing.")
        )
    data = Dataset(headers=list(HEADINGS))
    for _number, cells in table.rows:
        read = {key: cell for key, cell in zip(keys, cells, strict=True) if key}
        data.append([read.get(key, "") for key in HEADINGS])
    ignored = [
        heading[:60]
        for heading, key in zip(table.headers, keys, strict=True)
        if heading and not key
    ]
    return data, [number for number, _cells in table.rows], ignored


def preview(data: Dataset, numbers: list[int], actor: User) -> Preview:
    """What would happen if the list were taken in now; writes nothing.

    The number of queries does not grow with the rows.
    """
    tree = tree_for(actor, timezone.localdate())
    resource = EmployeeResource(actor=actor, tree=tree)
    result = resource.import_data(data, dry_run=True)
    names = zip(data["first_name"], data["last_name"], strict=True)
    lines = [
        _line(number, place, row, name, resource)
        for place, (number, row, name) in enumerate(
            zip(numbers, result.rows, names, strict=True), start=1
        )
    ]
    return Preview(
        lines,
        [tree.words_of(node) for node in tree.planned.values()],
        _only_here(tree, resource.matched),
        tree,
    )


def _line(
    number: int, place: int, row: RowResult, name: tuple[str, str], resource: EmployeeResource
) -> Line:
    if row.errors:
        # No rule of ours: a fault in the program, not in the list.
        raise row.errors[0].error
    if row.validation_error is not None:
        said = tuple(_said(row.validation_error))
        return Line(number, WRONG, " ".join(name).strip(), "", errors=said)
    person: Person = row.instance
    changes = tuple(_changes(row, place, resource))
    unit = resource.tree.words_of(person.unit)
    grant = resource.granting.grants.get(place)
    if row.import_type == RowResult.IMPORT_TYPE_NEW:
        kind, changes = NEW, ()
    elif row.original is not None and row.original.unit != person.unit:
        kind = MOVED
    else:
        kind = CHANGED if changes or grant else SAME
    return Line(
        number,
        kind,
        f"{person.first_name} {person.last_name}",
        unit,
        person.public_id if person.pk else "",
        changes,
        grants=grant.words(unit) if grant else "",
    )


def _changes(row: RowResult, place: int, resource: EmployeeResource) -> Iterator[Change]:
    before, after = row.original, row.instance
    if before is None:
        return
    if before.unit != after.unit:
        yield Change(str(HEADINGS["unit"]), str(before.unit), resource.tree.words_of(after.unit))
    for one in resource.get_import_fields():
        if one.column_name == "works_at" or one.get_value(before) == one.get_value(after):
            continue
        yield Change(str(HEADINGS[one.column_name]), one.export(before), one.export(after))
    if place in resource.numbers:
        # Never the number itself.
        yield Change(str(HEADINGS["identity"]), _("none"), _("in the list"))


def _said(error: ValidationError) -> Iterator[str]:
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    for key, texts in error.message_dict.items():
        heading = HEADINGS.get(key)
        for text in texts:
            yield f"{heading}: {text}" if heading else text


def _only_here(tree: Tree, matched: Iterable[int]) -> list[Person]:
    """Those of the administrations in the list whom no row is about: they may have left.

    Whoever has a last day written down already is no news.
    """
    return list(
        Person.objects.filter(
            unit__lineage__overlap=sorted(tree.named),
            merged_into=None,
            temporary=False,
            last_day=None,
        )
        .exclude(pk__in=list(matched))
        .select_related("unit")
        .order_by(*by_name(), "pk")
    )
