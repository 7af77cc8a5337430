"""The support of the Union is seen on everything that leaves the house (2021/1060 article 50).

Pages of the tree and mail are made for real here; every other address, and every PDF, in
``tests/permissions/test_emblem_everywhere.py``, where there is one thing of each kind.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader
from wagtail.models import Page

from cms.poster import poster
from core import emblem
from people.models import User
from programme.guests import mailing as guest_mailing
from programme.models import Guest, GuestList, Occasion, Programme
from tests.cms.visibility import (
    STATEMENT,
    faults_in_mail,
    faults_in_page,
    faults_in_pdf,
)
from workflows import delivery
from workflows.mailing import kinds, words
from workflows.models import Message

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def _public_pages() -> Iterator[tuple[str, str]]:
    """Address and language of every page that is live, and of every type of page."""
    for page in Page.objects.live().filter(depth__gt=1).select_related("locale"):
        address = page.get_url()
        if address:
            yield address, page.locale.language_code


def test_every_public_page_shows_the_emblem_as_its_largest_mark(site: None) -> None:
    found, languages = [], set()
    for address, language in _public_pages():
        answer = Client().get(address)
        assert answer.status_code == 200, address
        faults = faults_in_page(answer.content.decode(), language)
        found += [f"{address}: {fault}" for fault in faults]
        languages.add(language)
    assert found == []
    assert languages == {"sv", "en"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda html: re.sub(r"<img[^>]*emblem/eu-[^>]*>", "", html), "no emblem"),
        (lambda html: html.replace(STATEMENT["sv"], "EU"), "the emblem says 'EU'"),
        (
            lambda html: html.replace('width="36" height="36"', 'width="36" height="47"'),
            "/static/brand/mark.svg is larger",
        ),
    ],
)
def test_a_page_at_fault_is_seen(site: None, change: Any, fault: str) -> None:
    """The control."""
    assert fault in faults_in_page(change(Client().get("/").content.decode()), "sv")


def _kinds() -> list[kinds.MessageKind]:
    return sorted(kinds._kinds.values(), key=lambda kind: kind.key)


def _mail_of(kind: kinds.MessageKind) -> EmailMultiAlternatives:
    said = words.first_words(kind.key, words.samples(kind)) if kind.may_be_worded else None
    reader = User(first_name="Åsa", email="asa@example.org")
    message = Message(
        kind=kind.key,
        recipient=reader,
        address=reader.email,
        subject=said.subject if said else "Rubrik",
        body=said.body if said else "Text.",
        link="/arbete/",
    )
    return delivery._mail(message)


def test_every_kind_of_mail_carries_the_emblem_and_says_so_once() -> None:
    assert len(_kinds()) > 20
    found = [
        f"{kind.key}: {fault}"
        for kind in _kinds()
        for fault in faults_in_mail(_mail_of(kind).message().as_bytes())
    ]
    assert found == []


def test_the_summary_of_a_day_carries_it_too() -> None:
    reader = User(first_name="Åsa", email="asa@example.org")
    rows = [
        Message(subject=f"Rubrik {n}", body="Text.", recipient=reader, address=reader.email)
        for n in range(2)
    ]
    assert faults_in_mail(delivery._digest_mail(rows).message().as_bytes()) == []


@pytest.mark.parametrize("mail", [kind for kind in Guest.Mail.values if kind])
def test_every_mail_to_a_guest_carries_it(mail: str) -> None:
    now = timezone.now()
    occasion = Occasion(title="Ett tillfälle", starts_at=now, ends_at=now, online=True)
    guest = Guest(
        mail=mail, email="gast@example.org", asked_at=now, guest_list=GuestList(occasion=occasion)
    )
    assert faults_in_mail(guest_mailing.message(guest).message().as_bytes()) == []


ACCOUNT_MAILS = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_message.txt")
    for room in ("account", "mfa")
    for path in (TEMPLATES / room / "email").glob("*_message.txt")
)


@pytest.mark.parametrize("language", STATEMENT)
@pytest.mark.parametrize("prefix", [*ACCOUNT_MAILS, "account/email/unknown_account"])
def test_every_mail_about_an_account_carries_it(prefix: str, language: str) -> None:
    link = "https://portal.example.org/glomt-losenord/nytt/a-b/"
    values = {"password_reset_url": link, "email": "a@example.org", "signup_url": link}
    with translation.override(language):
        mail = get_adapter().render_mail(prefix, "a@example.org", values)
        assert faults_in_mail(mail.message().as_bytes(), language) == []
    if prefix.endswith("reset_key"):
        assert f'href="{link}"' in str(mail.alternatives[0][0])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"<img src=3D", b"<i src=3D", "no emblem"),
        (b"<img src=", b"<i src=", "no emblem"),
        (b"multipart/related", b"multipart/mixed", "the picture is a file beside the text"),
        (b"Content-ID: <emblem>", b"Content-ID: <x>", "the picture is not in the mail"),
    ],
)
def test_a_mail_at_fault_is_seen(old: bytes, new: bytes, fault: str) -> None:
    """The control."""
    sent = _mail_of(_kinds()[0]).message().as_bytes()
    assert faults_in_mail(sent) == []
    assert old not in sent or fault in faults_in_mail(sent.replace(old, new))


def test_the_control_of_the_picture_bites() -> None:
    sent = _mail_of(_kinds()[0]).message().as_bytes()
    assert b"<img src=" in sent
    assert b"Content-ID: <emblem>" in sent


@pytest.mark.parametrize("name", ["eu-sv", "eu-en"])
def test_the_picture_in_mail_is_the_drawing(name: str) -> None:
    kept = (emblem.FOLDER / f"{name}.png").read_bytes()
    assert kept == emblem.drawn(name), "run: python -m core.emblem"
    # Shown at a third of its dots, and small enough to go with every mail.
    assert int.from_bytes(kept[20:24], "big") == emblem.HEIGHT_SHOWN * emblem.DOTS_FOR_EACH
    assert len(kept) < 20_000


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
    assert faults_in_pdf(made, language) == []


@pytest.mark.parametrize("path", ["/affisch.pdf", "/affisch.pdf?sprak=en", "/affisch/"])
def test_the_poster_has_an_address(site: None, path: str) -> None:
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("name", ["400.html", "404.html", "500.html", "403.html", "403_csrf.html"])
def test_pages_of_errors_show_it_too(name: str) -> None:
    html = render_to_string(name, {"request": SimpleNamespace(path="/")})
    assert faults_in_page(html, "sv") == []
