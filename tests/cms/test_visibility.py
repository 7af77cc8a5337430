"""The support of the Union is seen on everything that leaves the house (2021/1060 article 50)."""

import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from cms.poster import poster
from programme.models import Programme
from workflows import delivery
from workflows.models import Message

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATEMENT = {
    "sv": "Medfinansieras av Europeiska unionen",
    "en": "Co-funded by the European Union",
}
# Frames that are nobody's but the staff's own: Wagtail's editor.
INWARD = ("wagtailadmin/", "wagtailsnippets/", "wagtaildocs/")
EXTENDS = re.compile(r"""{%\s*extends\s+["']([^"']+)["']""")
IMAGE = re.compile(r"<img\b[^>]*>")


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _whole_pages() -> list[str]:
    """Every template that is a page or a letter of its own, not a part of one."""
    names = [str(path.relative_to(TEMPLATES)) for path in sorted(TEMPLATES.rglob("*.html"))]
    return [name for name in names if EXTENDS.search(_source(name)) or "<html" in _source(name)]


def _frame(name: str) -> str:
    """The outermost template that this one fills."""
    found = EXTENDS.search(_source(name)) if (TEMPLATES / name).exists() else None
    # A template that fills the package's own of the same name hangs in the package's frame.
    return _frame(found[1]) if found and found[1] != name else name


def _included(name: str, seen: frozenset[str] = frozenset()) -> str:
    """The template with everything that it includes."""
    text = _source(name)
    for part in re.findall(r"""{%\s*include\s+["']([^"']+)["']""", text):
        if part not in seen and (TEMPLATES / part).exists():
            text += _included(part, seen | {name})
    return text


def test_every_page_hangs_in_a_frame_with_the_emblem() -> None:
    frames = {name: _frame(name) for name in _whole_pages()}
    assert len(frames) > 100
    outward = {frame for frame in frames.values() if not frame.startswith(INWARD)}
    for frame in outward:
        text = _included(frame)
        assert "emblem/eu-" in text or "{{ emblem }}" in text, frame
        # Nothing that a page fills in can take the emblem away: it stands in no block.
        masthead = re.search(r"{%\s*block\s+header", text)
        assert masthead is None, frame


def test_the_walk_would_see_a_bare_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    (tmp_path / "bare.html").write_text("<!doctype html><html><body>Bara text</body></html>")
    monkeypatch.setattr("tests.cms.test_visibility.TEMPLATES", tmp_path)
    assert _whole_pages() == ["bare.html"]
    assert "emblem/eu-" not in _included(_frame("bare.html"))


@pytest.mark.parametrize("language", STATEMENT)
def test_the_frame_shows_the_emblem_as_the_largest_mark(site: None, language: str) -> None:
    html = Client().get("/en/" if language == "en" else "/").content.decode()
    header = html[html.index("<header") : html.index("</header>")]
    pictures = IMAGE.findall(header)
    heights = {_attribute(one, "alt"): int(_attribute(one, "height")) for one in pictures}
    assert heights[STATEMENT[language]] == max(heights.values())
    # And no other mark of anybody further down.
    rest = html[html.index("</header>") :]
    assert not [one for one in IMAGE.findall(rest) if "logo" in one or "brand/" in one]


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def test_every_mail_carries_the_emblem_and_the_statement() -> None:
    message = Message(subject="Ett ärende", body="Det väntar.", link="/arbete/")
    rendered = delivery.render(message)
    assert STATEMENT["sv"] in rendered.text
    assert STATEMENT["sv"] in rendered.html
    assert "emblem/eu-sv.svg" in rendered.html
    # Every other template of a mail has the same.
    mails = [path.read_text() for path in TEMPLATES.rglob("mail*.html") if _is_mail(path)]
    assert len(mails) >= 3
    for text in mails:
        assert "{{ emblem }}" in text
        assert '{% translate "Co-funded by the European Union" %}' in text


def _is_mail(path: Path) -> bool:
    """A letter of its own, not a page about letters."""
    text = path.read_text()
    return "<html" in text and not EXTENDS.search(text)


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (TEMPLATES / "pdf").glob("*.typ") if path.stem != "base")
)
def test_every_pdf_draws_the_emblem_with_its_statement(name: str) -> None:
    source = (TEMPLATES / "pdf" / f"{name}.typ").read_text()
    base = (TEMPLATES / "pdf" / "base.typ").read_text()
    drawn = re.search(r"^\s*(?:emblem\b|#emblem\b|#image\(\"emblem\.svg\")", source, re.M)
    assert drawn or re.search(r"\bemblem\b", source), name
    assert 'image("emblem.svg", height:' in base
    assert "emblem-alt" in source + base


@pytest.mark.parametrize("language", STATEMENT)
def test_the_poster_is_an_a3_that_everyone_can_read(site: None, language: str) -> None:
    programme = Programme.objects.get()
    made = poster(programme, language=language, made_at=timezone.now())
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 1
    sides = sorted(float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:])
    assert [round(side) for side in sides] == [297, 420]
    assert programme.name in " ".join(reader.pages[0].extract_text().split())
    assert reader.metadata is not None
    assert reader.metadata.title == programme.name
    root = cast(Any, reader.trailer["/Root"])
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(language)
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert STATEMENT[language] in _alternatives(reader)


def _alternatives(reader: PdfReader) -> set[str]:
    """What is read aloud in place of pictures."""
    found: set[str] = set()
    for number in range(1, len(reader.xref_objStm) + max(reader.xref.get(0, {0: 0})) + 1):
        try:
            entry = reader.get_object(number)
        except Exception:
            continue
        if isinstance(entry, dict) and "/Alt" in entry:
            found.add(str(entry["/Alt"]))
    return found


@pytest.mark.parametrize("path", ["/affisch.pdf", "/affisch.pdf?sprak=en", "/affisch/"])
def test_the_poster_has_an_address(site: None, path: str) -> None:
    assert Client().get(path).status_code == 200


def test_pages_of_errors_show_it_too() -> None:
    for name in ("404.html", "500.html"):
        assert STATEMENT["sv"] in render_to_string(name, {"request": SimpleNamespace(path="/")})
