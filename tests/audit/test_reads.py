"""Every reading that is noted has words: an auditor reads them and never a code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from audit import registry

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("audit", "people", "forms_app", "workflows", "programme", "cms", "reports", "config")
#: Name of the function, and of the argument that says what was read.
NOTED = {"record_reading": 0}


def noted(text: str) -> Iterator[str]:
    """The names of readings that the source notes."""
    for node in ast.walk(ast.parse(text)):
        called = getattr(getattr(node, "func", None), "id", "")
        if isinstance(node, ast.Call) and called in NOTED:
            name = node.args[NOTED[called]]
            if isinstance(name, ast.Constant):
                yield str(name.value)


def without_words(names: Iterator[str]) -> set[str]:
    return {name for name in names if registry.describe(name) == name}


def all_noted() -> Iterator[str]:
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            yield from noted(file.read_text(encoding="utf-8"))


def test_every_reading_has_words() -> None:
    assert without_words(all_noted()) == set()
    assert len(set(all_noted())) > 15


def test_one_without_words_is_found() -> None:
    """The control."""
    assert without_words(noted('record_reading("nobody.named_this", "x")')) == {"nobody.named_this"}
