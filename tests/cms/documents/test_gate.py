"""What the gate finds in files, and what it leaves alone."""

import io
import zipfile

import pytest
from pypdf import PdfReader, PdfWriter

from cms.documents.gate import office, pdf
from cms.documents.gate.findings import KINDS, Finding, Passing, gathered
from cms.documents.gate.look import in_file
from cms.documents.gate.personal import is_number
from cms.documents.gate.rules import left_by_asker, left_by_second, newly_found
from forms_app.files import TYPES
from tests.cms.documents import builders as make

DOCX, XLSX, PPTX = (TYPES[one].content_type for one in ("docx", "xlsx", "pptx"))
# The tax agency's published examples; nobody has them.
PERSON, COORDINATION = "870412-9801", "197010632391"


def codes(content: bytes, mime: str = make.PDF, known: set[str] | None = None) -> set[str]:
    return {code for code, _place in in_file(content, mime, known or {"Kompetensportalen"})}


def test_a_pdf_of_our_own_passes_untouched() -> None:
    assert codes(make.tagged()) == set()


def test_a_pdf_of_a_careless_program_lacks_what_readers_need() -> None:
    assert codes(make.untagged()) == {"pdf_tags", "pdf_title", "pdf_language"}


def test_a_scanned_page_is_a_picture() -> None:
    found = in_file(make.scanned(), make.PDF)
    assert ("pdf_text", "sida 1") in found


def test_tags_taken_out_of_a_good_file_are_missed() -> None:
    """The control: the same file, less one thing at a time."""
    for key, code in (
        ("/StructTreeRoot", "pdf_tags"),
        ("/Lang", "pdf_language"),
        ("/ViewerPreferences", "pdf_title"),
    ):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make.tagged())))
        del writer.root_object[key]
        target = io.BytesIO()
        writer.write(target)
        assert codes(target.getvalue()) == {code}


def test_a_password_is_told_as_unreadable() -> None:
    assert codes(make.locked()) == {"unreadable"}


def test_a_comment_in_a_pdf_is_found_and_read() -> None:
    found = codes(make.with_note("Ring kim@example.org"))
    assert {"comments", "email"} <= found


def test_an_author_who_is_a_person_is_found_and_an_organisation_is_not() -> None:
    assert "author" in codes(make.untagged(Author="Kim Exempel"))
    assert "author" not in codes(make.untagged(Author="Kompetensportalen"))


@pytest.mark.parametrize(
    "written", [PERSON, PERSON.replace("-", ""), f"19{PERSON}", "870412 - 9801", COORDINATION]
)
def test_numbers_are_found_however_they_are_written(written: str) -> None:
    found = in_file(f"rad ett\nHen har {written} som nummer".encode(), "text/plain")
    assert found == [("personal_number", "rad 2")]
    assert ("personal_number", "sida 1, rad 1") in in_file(make.untagged(written), make.PDF)


@pytest.mark.parametrize(
    "written",
    [
        "870412-9802",  # the check digit
        "871340-9801",  # no such day
        "SOF 2026/114",
        "25-021-S02",
        "556000-0000",  # an organisation
        "08-508 25 000",
        "14 238 996 kr",
        "2026-03-02 kl. 9.00",
    ],
)
def test_other_figures_are_left_alone(written: str) -> None:
    assert codes(f"Se {written}.".encode(), "text/plain") == set()


def test_the_check_digit_decides() -> None:
    assert is_number(PERSON)
    assert not is_number(PERSON[:-1] + "2")


def test_the_finding_never_repeats_what_was_found() -> None:
    found = in_file(f"{PERSON} kim@example.org".encode(), "text/plain")
    assert {code for code, _place in found} == {"personal_number", "email"}
    assert not any(PERSON in place or "kim" in place for _code, place in found)


def test_word_leftovers_are_found_with_their_places() -> None:
    content = make.word(
        "Första stycket",
        f"Om {PERSON}",
        "<w:ins><w:r><w:t>nytt</w:t></w:r></w:ins>",
        extra={
            "word/comments.xml": f"<w:comments {make.W}><w:comment>Nej</w:comment></w:comments>"
        },
        author="Kim Exempel",
        saver="Kim Exempel",
    )
    found = in_file(content, DOCX)
    assert ("personal_number", "stycke 2") in found
    assert ("changes", "stycke 3") in found
    assert {"comments", "author"} <= {code for code, _place in found}
    assert codes(make.word("Bara text"), DOCX) == set()
    assert codes(make.word("Bara text", title=""), DOCX) == {"office_title"}


def test_a_number_in_a_cell_and_a_hidden_sheet_are_found() -> None:
    sheet = (
        '<worksheet><sheetData><row><c r="B7" t="s"><v>0</v></c>'
        f'<c r="C7"><v>{COORDINATION}</v></c></row></sheetData></worksheet>'
    )
    content = make.office(
        {
            "xl/workbook.xml": '<workbook><sheets><sheet name="Lön" state="hidden"/></sheets></workbook>',
            "xl/sharedStrings.xml": f"<sst><si><t>{PERSON}</t></si></sst>",
            "xl/worksheets/sheet1.xml": sheet,
        }
    )
    found = in_file(content, XLSX)
    assert ("personal_number", "blad 1, cell B7") in found
    assert ("personal_number", "blad 1, cell C7") in found
    assert ("hidden", "bladet Lön") in found


def test_notes_under_a_slide_are_read() -> None:
    slide = '<p:sld xmlns:p="p" xmlns:a="a" show="0"><a:p><a:r><a:t>Hej</a:t></a:r></a:p></p:sld>'
    note = f'<p:notes xmlns:p="p" xmlns:a="a"><a:p><a:t>{PERSON}</a:t></a:p></p:notes>'
    content = make.office(
        {
            "ppt/presentation.xml": "<p/>",
            "ppt/slides/slide3.xml": slide,
            "ppt/notesSlides/notesSlide3.xml": note,
        }
    )
    found = in_file(content, PPTX)
    assert ("hidden", "bild 3") in found
    assert ("personal_number", "anteckningar till bild 3") in found


def test_a_bomb_is_not_unpacked_further_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_BYTES", 10_000)
    content = make.word("x" * 20_000)
    assert codes(content, DOCX) == {"too_large"}
    monkeypatch.setattr(office, "MOST_BYTES", 10_000_000)
    assert codes(content, DOCX) == set()


def test_entities_that_grow_are_refused() -> None:
    laughs = (
        '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        f"<w:document {make.W}><w:body><w:p><w:t>&b;</w:t></w:p></w:body></w:document>"
    )
    assert codes(make.office({"word/document.xml": laughs}), DOCX) == {"unreadable"}


def test_too_many_pages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 0)
    assert codes(make.tagged()) == {"too_large"}


def test_a_zip_that_lies_about_its_size_breaks_nothing() -> None:
    content = bytearray(make.word("hej"))
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = b"\xff\xff\xff\x7f"
    assert codes(bytes(content), DOCX) <= {"unreadable", "too_large"}


def test_a_broken_file_is_told_as_unreadable() -> None:
    assert codes(b"%PDF-1.7\n%%EOF") == {"unreadable"}
    assert codes(zip_of({"x": "y"}), DOCX) == {"office_title"}
    assert codes(b"PK nonsense", DOCX) == {"unreadable"}


def zip_of(parts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def test_every_kind_has_words_and_a_weight() -> None:
    for code, kind in KINDS.items():
        assert str(kind.title), code
        assert str(kind.advice), code
    assert {KINDS[code].passing for code in ("secret", "unreadable", "too_large")} == {
        Passing.NEVER
    }


def test_one_finding_a_kind_with_its_first_places() -> None:
    found = gathered([("email", f"rad {n}") for n in range(40)])
    assert len(found) == 1
    assert found[0].places[-1] == "…"
    assert len(found[0].places) == 13


REASON = "Funktionsadress som alla får använda"


@pytest.mark.parametrize(
    ("code", "reasons", "alternative", "stops"),
    [
        ("embargo", {}, False, False),
        ("email", {}, False, True),
        ("email", {"email": "ok"}, False, True),
        ("email", {"email": REASON}, False, False),
        ("pdf_tags", {}, False, True),
        ("pdf_tags", {}, True, False),
        ("pdf_tags", {"pdf_tags": REASON}, False, False),
        ("email", {}, True, True),
        ("personal_number", {"personal_number": REASON}, False, False),
        ("secret", {"secret": REASON}, True, True),
        ("unreadable", {"unreadable": REASON}, True, True),
    ],
)
def test_what_stops_whoever_asks(
    code: str, reasons: dict[str, str], alternative: bool, stops: bool
) -> None:
    left = left_by_asker([Finding(code)], reasons, has_alternative=alternative)
    assert bool(left) is stops


def test_the_second_person_answers_for_personal_numbers_alone() -> None:
    findings = [Finding("personal_number"), Finding("email")]
    assert [one.code for one in left_by_second(findings, {})] == ["personal_number"]
    assert left_by_second(findings, {"personal_number": REASON}) == []


def test_what_has_come_since_is_weighed_anew() -> None:
    before = [Finding("email")]
    now = [Finding("email"), Finding("comments"), Finding("embargo")]
    assert [one.code for one in newly_found(before, now)] == ["comments"]
