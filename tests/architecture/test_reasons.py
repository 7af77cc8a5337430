"""A reason has to be readable: what no one can see is refused like an empty one."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = ("audit", "people", "forms_app", "workflows", "programme", "cms", "reports", "config")
BY_SPACE = re.compile(r"\bnot (reason|text|words|why)\.strip\(\)")


def lines_by_space(root: Path) -> list[str]:
    """Where a text is taken for empty by its spaces alone."""
    return [
        f"{path.relative_to(root)}: {line.strip()}"
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if BY_SPACE.search(line)
    ]


def test_every_guard_of_a_reason_asks_whether_it_says_anything() -> None:
    assert lines_by_space(Path(settings.BASE_DIR)) == []


@pytest.mark.parametrize("line", ["if not reason.strip():", "if x and not text.strip():"])
def test_one_that_looks_for_spaces_would_be_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "actions.py").write_text(line)
    assert lines_by_space(tmp_path) == [f"people/actions.py: {line}"]
