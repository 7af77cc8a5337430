"""Some sixty files made to do harm, put up through the editor's form: none is stored."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms.documents.serving import disposition
from cms.models import DocumentVersion
from forms_app.files import EICAR, clean_name
from tests.cms.documents import builders as make
from tests.cms.documents.conftest import Desk
from tests.cms.documents.test_versions import form

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
JAVASCRIPT = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"
LAUNCH = b"%PDF-1.7\n1 0 obj<</S/Launch/F(cmd.exe)>>endobj\n%%EOF"
ATTACHED = b"%PDF-1.7\n1 0 obj<</Type/EmbeddedFile>>endobj\n%%EOF"


def hostile() -> Iterator[tuple[str, bytes]]:
    """Name and bytes; the same every time."""
    drawn = random.Random("hostile documents")
    good = make.tagged()
    for extension in (
        "html",
        "svg",
        "js",
        "exe",
        "php",
        "xml",
        "hta",
        "docm",
        "xlsm",
        "zip",
        "png",
    ):
        yield f"fil.{extension}", HTML
    for extension in ("pdf", "docx", "xlsx", "pptx", "txt", "csv"):
        yield f"html.{extension}", HTML
        yield f"svg.{extension}", SVG
        yield f"noise.{extension}", drawn.randbytes(500)
        yield f"empty.{extension}", b""
        yield f"dos.{extension}", b"MZ" + drawn.randbytes(300)
    yield "script.pdf", JAVASCRIPT
    yield "start.pdf", LAUNCH
    yield "bilaga.pdf", ATTACHED
    yield "virus.txt", EICAR
    yield "virus.pdf", good + EICAR
    yield "dubbel.pdf", good + make.word("inuti")
    yield "avklippt.pdf", good[:200]
    yield "makro.docx", make.office({"word/document.xml": "<w/>", "word/vbaProject.bin": "x"})
    yield "ut.docx", make.office({"word/document.xml": "<w/>", "../../etc/passwd": "x"})
    yield "rot.docx", make.office({"word/document.xml": "<w/>", "/etc/passwd": "x"})
    yield "bomb.docx", make.office({"word/document.xml": "0" * 30_000_000})
    yield "fel.xlsx", make.word("ett dokument")
    yield "fel.pptx", make.word("ett dokument")
    yield "tom.docx", make.office({})


def test_none_of_them_is_stored(desk: Desk) -> None:
    client, address = desk.as_user(desk.writer), reverse("wagtaildocs:add")
    before = stored()
    cases = list(hostile())
    assert len(cases) >= 50
    for name, content in cases:
        answer = client.post(address, form(file=SimpleUploadedFile(name, content)))
        assert answer.status_code == 200, name
    assert not DocumentVersion.objects.exists()
    assert stored() == before


def test_the_same_form_takes_a_good_file(desk: Desk) -> None:
    """The control."""
    client = desk.as_user(desk.writer)
    good = SimpleUploadedFile("bra.pdf", make.tagged())
    assert client.post(reverse("wagtaildocs:add"), form(file=good)).status_code == 302
    assert DocumentVersion.objects.count() == 1


def test_what_is_larger_than_decided_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.documents.forms.MEGABYTES", 0)
    client = desk.as_user(desk.writer)
    large = SimpleUploadedFile("stor.pdf", make.tagged())
    assert client.post(reverse("wagtaildocs:add"), form(file=large)).status_code == 200
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "..\\..\\boot.pdf",
        "\u202efdp.exe.pdf",
        "ny\nrad.pdf",
        'cita"t.pdf',
        "<script>.pdf",
        "å" * 300 + ".pdf",
        "a;b=c.pdf",
    ],
)
def test_a_hostile_name_becomes_a_plain_one(desk: Desk, name: str) -> None:
    client = desk.as_user(desk.writer)
    file = SimpleUploadedFile("x.pdf", make.tagged())
    vars(file)["_name"] = name
    client.post(reverse("wagtaildocs:add"), form(file=file))
    for kept in (clean_name(name), *DocumentVersion.objects.values_list("name", flat=True)):
        assert not set(kept) & set('/\\"<>;\n\r\u202e')
        assert len(kept) <= 140
        assert kept.endswith(".pdf")
        assert "\n" not in disposition(kept)


def stored() -> set[Path]:
    """Everything that lies in any store."""
    return {
        path
        for root in (settings.PRIVATE_ROOT, settings.MEDIA_ROOT)
        for path in Path(root).rglob("*")
        if path.is_file()
    }
