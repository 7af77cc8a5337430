"""The order of the rooms is a test, and the test is tested with a planted import."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Lowest first; rooms on one line are neighbours and may not import each other.
LAYERS: list[set[str]] = [
    {"core"},
    {"audit"},
    {"people"},
    {"forms_app", "workflows"},
    {"programme"},
    {"cms"},
    {"reports"},
    {"config"},
]
ROOMS = [room for layer in LAYERS for room in sorted(layer)]


def forbidden_for(room: str) -> set[str]:
    """Every room beside or above the given one, and the tests."""
    level = next(i for i, layer in enumerate(LAYERS) if room in layer)
    above = set().union(*LAYERS[level:])
    return (above | {"tests"}) - {room}


def imports_of(source: str) -> Iterator[tuple[int, str]]:
    """Line and top-level name of each import, those inside functions included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def broken_imports(room: str, source: str) -> list[str]:
    """The imports in the source that the room may not make."""
    forbidden = forbidden_for(room)
    return [f"line {line}: {name}" for line, name in imports_of(source) if name in forbidden]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    broken = [
        f"{path.relative_to(ROOT)} {found}"
        for path in (ROOT / room).rglob("*.py")
        for found in broken_imports(room, path.read_text())
    ]
    assert broken == []


def test_an_import_hidden_in_a_function_is_found() -> None:
    planted = "def late() -> None:\n    from programme import models\n"
    assert broken_imports("workflows", planted) == ["line 2: programme"]
    assert broken_imports("reports", planted) == []
    assert broken_imports("forms_app", "import workflows.rules") == ["line 1: workflows"]
