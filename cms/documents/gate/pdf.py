"""What is found in a PDF: can everybody read it, and does it name anybody?"""

import io
import time
from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from cms.documents.gate.personal import in_text
from core.words import says

MOST_PAGES = 1_500
MOST_NODES = 50_000
MOST_TEXT = 5_000_000
SECONDS = 20.0
NOTES = {
    "/Text",
    "/FreeText",
    "/Popup",
    "/Highlight",
    "/StrikeOut",
    "/Caret",
    "/Ink",
    "/FileAttachment",
}


class TooMuch(Exception):
    """The file is more than can be looked through in a page's time."""


def look(content: bytes, known_authors: Collection[str]) -> Iterator[tuple[str, str]]:
    """Kinds and places.

    :raises TooMuch: when the file is too large to look through.
    :raises Exception: when the file is broken; the gate tells it as unreadable.
    """
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        yield "unreadable", _("the file has a password")
        return
    root = reader.root_object
    yield from _structure(reader, root)
    yield from _properties(reader, known_authors)
    yield from _pages(reader)


def words(content: bytes, at_most: int) -> str:
    """The text of the pages, for search: as much of it as there is room and time for."""
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        return ""
    ends, found, length = time.monotonic() + SECONDS, list[str](), 0
    for page in reader.pages:
        if length > at_most or time.monotonic() > ends:
            break
        found.append(page.extract_text())
        length += len(found[-1])
    return "\n".join(found)


def _structure(reader: PdfReader, root: DictionaryObject) -> Iterator[tuple[str, str]]:
    marks = _dictionary(root.get("/MarkInfo"))
    tree = _dictionary(root.get("/StructTreeRoot"))
    if not bool(marks.get("/Marked")) or not tree.get("/K"):
        yield "pdf_tags", _("the whole file")
    elif count := _pictures_without_text(tree):
        yield "pdf_pictures", _("%(count)s pictures") % {"count": count}
    if not str(root.get("/Lang") or "").strip():
        yield "pdf_language", _("the whole file")
    shown = _dictionary(root.get("/ViewerPreferences")).get("/DisplayDocTitle")
    if not _title(reader) or not bool(shown):
        yield "pdf_title", _("the file's properties")


def _title(reader: PdfReader) -> str:
    if reader.metadata is not None and reader.metadata.title:
        return str(reader.metadata.title).strip()
    titles = reader.xmp_metadata.dc_title if reader.xmp_metadata else None
    return next((str(text).strip() for text in (titles or {}).values()), "")


def _pictures_without_text(tree: DictionaryObject) -> int:
    """How many figures of the structure have neither a text instead nor an actual text."""
    waiting: list[Any] = [tree.get("/K")]
    seen, lacking = 0, 0
    while waiting:
        node = _resolved(waiting.pop())
        seen += 1
        if seen > MOST_NODES:
            raise TooMuch
        if isinstance(node, ArrayObject):
            waiting.extend(node)
        elif isinstance(node, DictionaryObject):
            if node.get("/S") == "/Figure" and not (node.get("/Alt") or node.get("/ActualText")):
                lacking += 1
            if "/K" in node:
                waiting.append(node.raw_get("/K"))
    return lacking


def _properties(reader: PdfReader, known_authors: Collection[str]) -> Iterator[tuple[str, str]]:
    author = str((reader.metadata.author if reader.metadata else "") or "").strip()
    if author and author not in known_authors:
        yield "author", _("author in the file's properties")


def _pages(reader: PdfReader) -> Iterator[tuple[str, str]]:
    ends, length = time.monotonic() + SECONDS, 0
    if len(reader.pages) > MOST_PAGES:
        raise TooMuch
    for number, page in enumerate(reader.pages, start=1):
        if time.monotonic() > ends:
            raise TooMuch
        place = _("page %(number)s") % {"number": number}
        text = page.extract_text()
        length += len(text)
        if length > MOST_TEXT:
            raise TooMuch
        if not says(text) and _has_picture(page):
            yield "pdf_text", place
        for line, words in enumerate(text.splitlines(), start=1):
            yield from in_text(
                words, _("page %(number)s, line %(line)s") % {"number": number, "line": line}
            )
        for note in _array(page.get("/Annots")):
            found = _dictionary(note)
            if found.get("/Subtype") in NOTES:
                yield "comments", place
                yield from in_text(str(found.get("/Contents") or ""), place)


def _has_picture(page: Any) -> bool:
    pictures = _dictionary(_dictionary(page.get("/Resources")).get("/XObject"))
    return bool(pictures)


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _dictionary(value: Any) -> Any:
    found = _resolved(value)
    return found if isinstance(found, DictionaryObject) else {}


def _array(value: Any) -> Any:
    found = _resolved(value)
    return found if isinstance(found, ArrayObject) else []
