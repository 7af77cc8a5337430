"""Persons are ordered by name in one place, which leaves the protected out of the alphabet."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.test_import_layers import ROOMS, ROOT

NAMES = {"last_name", "first_name"}
# Accounts have no hidden names: who holds a role is known to everyone who may see the list.
ACCOUNTS = {
    "people/views.py",
    "programme/occasions/forms.py",
    "programme/occasions/views/staff.py",
    "programme/procurement/queries.py",
    "workflows/deputies.py",
    "workflows/handing_page.py",
}
SQL = re.compile(r"ORDER BY[^;)]*\b(?:p|person|people_person)\.(?:last|first)_name", re.IGNORECASE)


def by_hand(source: str) -> Iterator[int]:
    """The lines that order persons by a name that may be hidden."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and SQL.search(str(node.value)):
            yield node.lineno
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by":
            for given in node.args:
                if isinstance(given, ast.Constant) and _is_persons(str(given.value)):
                    yield node.lineno


def _is_persons(field: str) -> bool:
    *path, name = field.lstrip("-").split("__")
    return name in NAMES and path[-1:] != ["user"]


def test_no_list_of_persons_is_ordered_by_a_name_that_may_be_hidden() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in ACCOUNTS
        for line in by_hand(path.read_text())
    ]
    assert found == []


def test_the_control_finds_one() -> None:
    assert list(by_hand('rows.order_by("person__last_name", "pk")'))
    assert list(by_hand('rows.order_by("-last_name")'))
    assert list(by_hand('sql = "SELECT 1 FROM people_person p ORDER BY month, p.last_name"'))
    assert not list(by_hand('rows.order_by("user__last_name")'))
    assert not list(by_hand('rows.order_by(*by_name("person__"), "pk")'))
