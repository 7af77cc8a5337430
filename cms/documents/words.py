"""The words of a document that search finds it by: those of what has been let out, and no other."""

import logging
from functools import lru_cache
from typing import Any

from wagtail.documents.models import AbstractDocument
from wagtail.search import index

from cms.documents.gate import office, pdf

# PostgreSQL refuses to index more than a megabyte of one thing.
MOST = 200_000
PDF = "application/pdf"
TEXT = ("text/plain", "text/csv")
log = logging.getLogger(__name__)


class FoundByWords:
    """A document whose words are searched; who may find it is asked of it elsewhere."""

    versions: Any

    search_fields = [
        *AbstractDocument.search_fields,
        index.SearchField("description", boost=2),
        index.SearchField("record_number", boost=2),
        index.SearchField("words_let_out"),
        index.FilterField("language"),
    ]

    def words_let_out(self) -> str:
        """Line of change and text of the newest version that is let out; nothing when none is."""
        version = (
            self.versions.filter(publications__state="published").order_by("-number").first()
            if getattr(self, "pk", None)
            else None
        )
        if version is None:
            return ""
        return f"{version.change}\n{words_in(version)}"[:MOST]


def words_in(version: Any) -> str:
    """The text of the file; a file that breaks its reader is found by its title alone."""
    try:
        return _text_of(version.file, version.mime, version.sha256)
    except Exception:  # as at the gate: whatever a broken file does to its reader
        log.warning("no words were found in version %s of a document", version.public_id)
        return ""


@lru_cache(maxsize=8)
def _text_of(file: Any, mime: str, _sha256: str) -> str:
    """Read once and kept a while: a document is indexed several times when it is let out."""
    with file.storage.open(str(file.name), "rb") as stream:
        content = stream.read()
    if mime == PDF:
        found = pdf.words(content, MOST)
    elif mime in TEXT:
        found = decoded(content)
    else:
        found = office.words(content)
    # PostgreSQL keeps no NUL.
    return found.replace("\x00", " ")


def decoded(content: bytes) -> str:
    """Plain text, however it was saved."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")
