"""PDF: what is typed stays text, everything can be printed, and the same gives the same."""

import datetime
import io
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from core import pdf

NOON = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
HOSTILE = (
    '#eval("6*7") $6*7$ #(6*7) \\ @ref *b* _i_ <label> [x] // not a comment /* nor */ '
    '= not a heading `raw` #pagebreak() #read("/etc/passwd") http://example.org "]#'
)


def document(text: str = "Åsa Öberg är här", **more: Any) -> dict[str, Any]:
    """The values of the smallest document, with the text everywhere."""
    row = {"label": text, "value": text, "note": text}
    blocks = [
        {"kind": "facts", "rows": [row]},
        {"kind": "table", "caption": text, "head": [text], "rows": [[text]], "widths": [1]},
        {
            "kind": "entry",
            "title": text,
            "tag": text,
            "colour": "red",
            "quote": text,
            "rows": [row],
        },
        {"kind": "note", "text": text},
    ]
    return {
        "language": "sv",
        "title": text,
        "author": "Portalen",
        "keywords": "",
        "running": text,
        "foot": [text],
        "page-word": "Sida",
        "of-word": "av",
        "emblem-alt": "Medfinansieras av Europeiska unionen",
        "kicker": text,
        "heading": text,
        "lead": text,
        "sections": [
            {"title": text, "level": 2, "tag": "godkänd", "colour": "green", "blocks": blocks},
        ],
        "attachments": [],
    } | more


def text_of(made: bytes) -> str:
    reader = PdfReader(io.BytesIO(made))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_is_tagged_titled_and_says_that_it_is_accessible() -> None:
    reader = PdfReader(io.BytesIO(pdf.render("document", document(), made_at=NOON)))
    root: Any = reader.root_object

    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == "Åsa Öberg är här"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    outline: Any = reader.outline
    top, below = outline
    assert [top["/Title"], below[0]["/Title"]] == ["Åsa Öberg är här", "Åsa Öberg är här godkänd"]
    assert all("/Tabs" in page for page in reader.pages if "/Annots" in page)


def test_the_emblem_is_there_and_says_what_it_is() -> None:
    reader = PdfReader(io.BytesIO(pdf.render("document", document(), made_at=NOON)))

    objects: Any = map(reader.get_object, range(1, len(reader.xref[0]) + 1))
    alternatives = [
        each.get("/Alt")
        for each in objects
        if isinstance(each, dict) and each.get("/S") == "/Figure"
    ]

    assert "Medfinansieras av Europeiska unionen" in alternatives


def test_a_template_that_breaks_the_standard_is_refused() -> None:
    """The control: the compiler's own check is on."""
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        pdf.render("document", document(title=""), made_at=NOON)


def test_text_can_be_taken_out_again() -> None:
    assert "Åsa Öberg är här" in text_of(pdf.render("document", document(), made_at=NOON))


def test_what_people_type_is_never_markup() -> None:
    made = pdf.render("document", document(HOSTILE), made_at=NOON)

    found = text_of(made)
    assert '#eval("6*7") $6*7$ #(6*7) \\ @ref *b* _i_ <label> [x]' in found
    assert "42" not in found
    assert len(PdfReader(io.BytesIO(made)).pages) == 1  # no #pagebreak() either


def test_joined_into_the_markup_it_would_have_been_run() -> None:
    """The control: the same text in the source itself."""
    source = b'#set document(title: "x")\n= x\n#(6*7)'
    made = typst.compile(source, font_paths=pdf._fonts(), ignore_system_fonts=True)
    assert "42" in text_of(made)


def test_the_template_sees_no_file_but_its_own(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    files: Any = {"main.typ": f'#read("{secret}")'.encode()}
    with pytest.raises(typst.TypstError):
        typst.compile(files)


@pytest.mark.parametrize(
    "sign", ["😀", "漢", "\u202e", "\x07", "\ufffe", "\u200b", "e\u0301", "\ue000"]
)
def test_signs_that_cannot_be_printed_are_told_by_number(sign: str) -> None:
    assert pdf.render("document", document(f"före {sign} efter"), made_at=NOON)


@pytest.mark.parametrize("sign", ["😀", "漢", "\x07"])
def test_unprintable_signs_would_stop_the_print(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the numbers."""
    monkeypatch.setattr(pdf, "printable", lambda value: value)
    with pytest.raises(typst.TypstError):
        pdf.render("document", document(f"före {sign} efter"), made_at=NOON)


def test_printable_keeps_what_can_be_read() -> None:
    assert pdf.printable("Åsa – «ja» 5 % ½ Ελλάς Київ\nrad") == "Åsa – «ja» 5 % ½ Ελλάς Київ\nrad"
    assert pdf.printable("a\tb\r\nc") == "a b\nc"
    assert pdf.printable("x\u202ey 😀") == "x[U+202E]y [U+1F600]"
    assert pdf.printable({"a": ["😀", 1, None]}) == {"a": ["[U+1F600]", 1, None]}


def test_the_same_at_the_same_moment_is_the_same_to_the_byte() -> None:
    first = pdf.render("document", document(), made_at=NOON)
    assert pdf.render("document", document(), made_at=NOON) == first
    later = NOON + datetime.timedelta(days=1)
    assert pdf.render("document", document(), made_at=later) != first
    assert pdf.render("document", document("Åsa"), made_at=NOON) != first


def test_what_is_attached_comes_out_byte_for_byte() -> None:
    content = '{"å": "\u202e😀"}'.encode()
    about = [{"name": "a.json", "type": "application/json", "description": "innehåll"}]
    made = pdf.render(
        "document", document(attachments=about), made_at=NOON, attached={"a.json": content}
    )
    assert PdfReader(io.BytesIO(made)).attachments["a.json"] == [content]


def test_long_words_and_many_pages_are_printed() -> None:
    words = document("oändlig" * 60)
    words["sections"] = words["sections"] * 20
    made = pdf.render("document", words, made_at=NOON)
    pages = PdfReader(io.BytesIO(made)).pages
    assert len(pages) > 5
    assert f"Sida 2 av {len(pages)}" in pages[1].extract_text()
    assert "oändligoändlig" in pages[1].extract_text()
