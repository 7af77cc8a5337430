"""Every template compiles, also those no test happens to show."""

from pathlib import Path

import pytest
from django.template import TemplateSyntaxError
from django.template.engine import Engine
from django.template.loader import get_template

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))


@pytest.mark.parametrize("name", NAMES)
def test_the_template_compiles(name: str) -> None:
    get_template(name)


def test_a_broken_template_does_not_compile() -> None:
    with pytest.raises(TemplateSyntaxError):
        Engine.get_default().from_string("{% if %}")
