"""Every address and every PDF, made for real where there is one thing of each kind."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from core import pdf
from tests.cms.visibility import faults_in_page, faults_in_pdf
from tests.permissions import expectations as expected
from tests.permissions.patterns import Pattern, walk
from tests.permissions.scene import Scene, built

Made = list[tuple[str, str, bytes]]
# Whoever can open most comes first, so that few doors have to be tried.
ORDER = ("administrator", "project leader", "own manager", "own participant", "economist")
# Frames without a masthead of their own: Wagtail's password pages of pages that we do not lock.
NOT_OURS = ("_util/",)


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    """Every PDF that is made while the tests of this module run: who asked, language, bytes."""
    seen: Made = []
    plain = pdf.render

    def render(template: str, data: Any, **how: Any) -> bytes:
        result = plain(template, data, **how)
        who = str(sys._getframe(1).f_globals["__name__"])
        seen.append((who, str(data["language"]), result))
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render", render)
        yield seen


@pytest.fixture(scope="module")
def scene(made: Made, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The demo with one thing of each kind; its own PDFs are made on the way."""
    with django_db_blocker.unblock(), built() as scene:
        yield scene


def _opened(scene: Scene, pattern: Pattern, language: str) -> tuple[str, bytes]:
    """The page as the first one who may open it sees it: what kind it is, and its bytes."""
    row = expected.TABLE[pattern.route]
    path = pattern.filled(scene.values_for(pattern.name))
    allowed = sorted(row.get or (), key=lambda who: ORDER.index(who) if who in ORDER else 99)
    for identity in allowed[:4]:
        with transaction.atomic():
            client = Client(raise_request_exception=False)
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            user = scene.users[identity]
            if user is not None:
                client.force_login(user)
            answer: Any = client.get(path)
            content = b"".join(answer)
            transaction.set_rollback(True)
        if answer.status_code == 200:
            return answer.headers.get("Content-Type", ""), content
    return "", b""


def _patterns() -> list[Pattern]:
    return [one for one in walk() if not one.route.startswith((expected.EDITOR, *NOT_OURS))]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_of_the_portal_shows_it_as_the_largest_mark(scene: Scene, language: str) -> None:
    found, seen = [], 0
    for pattern in _patterns():
        kind, content = _opened(scene, pattern, language)
        if not kind.startswith("text/html"):
            continue
        html = content.decode()
        if "<html" not in html:  # a part of a page, put into one that has it
            continue
        seen += 1
        shown = "en" if '<html lang="en"' in html else "sv"
        found += [f"{pattern.route} ({shown}): {one}" for one in faults_in_page(html, shown)]
    assert found == []
    assert seen > 100


def _producers() -> set[str]:
    """Every module that makes a PDF, read from the code."""
    found = set()
    root = Path(settings.BASE_DIR)
    for room in ("config", "reports", "cms", "programme", "workflows", "forms_app", "people"):
        for path in (root / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node) == "pdf.render":
                    name = path.relative_to(root).with_suffix("")
                    found.add(".".join(name.parts))
    return found


@pytest.mark.django_db
def test_every_pdf_has_it_as_its_largest_mark(scene: Scene, made: Made) -> None:
    for language in ("sv", "en"):
        for pattern in _patterns():
            if pattern.route.endswith("pdf") or "utskrift" in pattern.route:
                _opened(scene, pattern, language)
    found = {
        f"{who}: {one}" for who, language, each in made for one in faults_in_pdf(each, language)
    }
    assert found == set()
    # Nothing makes a PDF that was not looked at.
    assert _producers() - {who for who, _language, _made in made} == set()
    assert len(_producers()) >= 6


@pytest.mark.django_db
def test_a_pdf_without_it_is_seen(scene: Scene, made: Made) -> None:
    """The control."""
    _who, language, each = made[0]
    assert faults_in_pdf(each, language) == []
    assert faults_in_pdf(each, "en" if language == "sv" else "sv") == ["no emblem"]
