"""A field's help text is text; only what the form itself has made as markup is markup."""

from pathlib import Path

from django import forms
from django.conf import settings
from django.template import Context, Engine, Template
from django.utils.html import format_html

HOSTILE = "<img src=x onerror=alert(1)>"


class _Form(forms.Form):
    plain = forms.CharField(help_text=HOSTILE)
    made = forms.CharField(help_text=format_html("<strong>{}</strong>", HOSTILE))


def test_help_text_is_escaped_unless_the_form_made_it_safe() -> None:
    html = str(_Form())
    assert HOSTILE not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") == 2
    assert "<strong>&lt;img" in html


def test_marked_as_safe_the_help_text_would_be_markup() -> None:
    """The control: what the template said before."""
    text = Path(settings.BASE_DIR / "templates/components/field.html").read_text(encoding="utf-8")
    before = text.replace("{{ field.help_text }}", "{{ field.help_text|safe }}")
    assert before != text
    template = Template(before, engine=Engine.get_default())
    assert HOSTILE in template.render(Context({"field": _Form()["plain"]}))


def test_no_template_marks_anything_as_safe() -> None:
    marked = [
        str(path.relative_to(settings.BASE_DIR))
        for path in sorted((settings.BASE_DIR / "templates").rglob("*"))
        if path.is_file() and "|safe" in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert marked == []
