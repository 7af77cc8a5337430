"""A time reads 18.08 on every page; only fields and files that programs read write 18:08."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COLON = re.compile(r"\|(?:date|time):\"[^\"]*[HG]:i")


def colons(text: str) -> list[str]:
    """The times that a template writes with a colon."""
    return COLON.findall(text)


def test_no_template_writes_a_time_with_a_colon() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if colons(path.read_text())
    ]
    assert found == []


def test_the_control_finds_one() -> None:
    assert colons('{{ row.joined_at|date:"H:i:s" }}')
    assert colons('{{ at|date:"Y-m-d H:i" }}')
    assert not colons('{{ at|date:"Y-m-d H.i" }}')
