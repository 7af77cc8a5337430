"""What is found in Word, Excel and PowerPoint files: archives of XML, read with bounds."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from cms.documents.gate.pdf import TooMuch
from cms.documents.gate.personal import in_text
from core.words import whole

MOST_BYTES = 20 * 1024 * 1024
MOST_ALTOGETHER = 60 * 1024 * 1024
COMMENTS = re.compile(
    r"^(word/comments\w*|xl/(comments/?\w*|threadedComments/\w+)|ppt/comments/\w+)\.xml$"
)
TEXTS = re.compile(r"^word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml$")
SLIDES = re.compile(r"^ppt/(slides/slide|notesSlides/notesSlide)(\d+)\.xml$")
SHEETS = re.compile(r"^xl/worksheets/sheet(\d+)\.xml$")
CHANGED = {"ins", "del", "moveFrom", "moveTo"}


def look(content: bytes, known_authors: Collection[str]) -> Iterator[tuple[str, str]]:
    """Kinds and places.

    :raises TooMuch: when the parts are larger than what is looked through.
    :raises Exception: when the file is broken; the gate tells it as unreadable.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _Parts(archive)
        yield from _properties(parts, known_authors)
        for name in parts.names:
            if COMMENTS.match(name):
                root = parts.read(name)
                if len(root):
                    yield "comments", _("%(count)s comments") % {"count": len(root)}
                    yield from in_text(" ".join(root.itertext()), _("in a comment"))
            elif TEXTS.match(name):
                yield from _words(parts.read(name))
            elif found := SLIDES.match(name):
                yield from _slide(parts.read(name), found[2], is_note="notes" in found[1])
        yield from _workbook(parts)


def words(content: bytes) -> str:
    """What the file shows, for search: no comment, note, deleted word or hidden sheet or slide."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _Parts(archive)
        for name in parts.names:
            slide = SLIDES.match(name)
            if TEXTS.match(name) or (slide and "notes" not in slide[1]):
                root = parts.read(name)
                if root.get("show") != "0":
                    found += _shown(root)
        # A workbook keeps the words of all its sheets in one place.
        if "xl/sharedStrings.xml" in parts.names and not any(_workbook_hides(parts)):
            found += ["".join(one.itertext()) for one in parts.read("xl/sharedStrings.xml")]
    return "\n".join(found)


def _shown(root: Element) -> Iterator[str]:
    for paragraph in root.iter():
        if _local(paragraph) == "p":
            yield "".join(one.text or "" for one in paragraph.iter() if _local(one) == "t")


class _Parts:
    """The archive's parts, each and together no larger than the bounds; nothing is believed."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = [info.filename for info in archive.infolist()]
        self.spent = 0

    def read(self, name: str) -> Element:
        with self.archive.open(name) as stream:
            data = stream.read(MOST_BYTES + 1)
        self.spent += len(data)
        if len(data) > MOST_BYTES or self.spent > MOST_ALTOGETHER:
            raise TooMuch
        # No document types, so no entities that grow and none that fetch.
        root: Element = fromstring(data, forbid_dtd=True)
        return root


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _properties(parts: _Parts, known_authors: Collection[str]) -> Iterator[tuple[str, str]]:
    values: dict[str, str] = {}
    if "docProps/core.xml" in parts.names:
        values = {_local(one): (one.text or "").strip() for one in parts.read("docProps/core.xml")}
    if not values.get("title"):
        yield "office_title", _("the file's properties")
    for key, place in (
        ("creator", _("author in the file's properties")),
        ("lastModifiedBy", _("last saved by, in the file's properties")),
    ):
        if values.get(key) and values[key] not in known_authors:
            yield "author", place


def _words(root: Element) -> Iterator[tuple[str, str]]:
    number = 0
    for element in root.iter():
        name = _local(element)
        if name in CHANGED:
            yield "changes", _("paragraph %(number)s") % {"number": max(number, 1)}
        elif name == "p":
            number += 1
            text = "".join(
                one.text or "" for one in element.iter() if _local(one) in ("t", "delText")
            )
            yield from in_text(text, _("paragraph %(number)s") % {"number": number})


def _slide(root: Element, number: str, *, is_note: bool) -> Iterator[tuple[str, str]]:
    place = (_("notes of slide %(number)s") if is_note else _("slide %(number)s")) % {
        "number": number
    }
    if root.get("show") == "0":
        yield "hidden", place
    for paragraph in root.iter():
        if _local(paragraph) == "p":
            text = "".join(one.text or "" for one in paragraph.iter() if _local(one) == "t")
            yield from in_text(text, place)


def _workbook_hides(parts: _Parts) -> Iterator[tuple[str, str]]:
    for sheet in parts.read("xl/workbook.xml").iter():
        if _local(sheet) == "sheet" and sheet.get("state", "visible") != "visible":
            yield "hidden", _("sheet %(name)s") % {"name": sheet.get("name", "")}


def _workbook(parts: _Parts) -> Iterator[tuple[str, str]]:
    if "xl/workbook.xml" not in parts.names:
        return
    yield from _workbook_hides(parts)
    shared: list[str] = []
    if "xl/sharedStrings.xml" in parts.names:
        shared = ["".join(each.itertext()) for each in parts.read("xl/sharedStrings.xml")]
    for name in parts.names:
        if found := SHEETS.match(name):
            yield from _cells(parts.read(name), found[1], shared)


def _cells(root: Element, sheet: str, shared: list[str]) -> Iterator[tuple[str, str]]:
    for cell in root.iter():
        if _local(cell) != "c":
            continue
        kind = cell.get("t", "n")
        text = " ".join(one.text or "" for one in cell.iter() if _local(one) in ("v", "t"))
        place = whole(text) if kind == "s" else None
        if place is not None and place < len(shared):
            text = shared[place]
        yield from in_text(
            text, _("sheet %(sheet)s, cell %(cell)s") % {"sheet": sheet, "cell": cell.get("r", "")}
        )
