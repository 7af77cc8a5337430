"""Which files are taken in, decided by name, size and content; nothing here is stored.

An uploaded file is hostile until its bytes have said what it is. Archives are
looked into, never unpacked; pictures are measured from their headers. What a
file claims (its content type, its declared sizes) is never believed.
"""

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import puremagic
from django.utils.functional import Promise
from django.utils.translation import gettext as _

DEFAULT_MEGABYTES = 10
MAX_MEGABYTES = 50
MAX_PIXELS = 60_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_RATIO = 200
NAME_LENGTH = 120
HEAD = 4096

# The industry's test file: every scanner must refuse it, so we do before one is connected.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
ACTIVE_TEXT = re.compile(rb"^\s*(<|#!|\{\\rtf|MZ|%!PS)", re.IGNORECASE)


class FileRefused(Exception):
    """The file is not taken in; ``message`` tells the person why and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class FileType:
    """An accepted type: the content type it is served with, and its own proof."""

    content_type: str
    # What puremagic may call it from its first bytes; empty for plain text.
    magic: frozenset[str]
    prove: Callable[[bytes], bool]


@dataclass(frozen=True)
class Accepted:
    """A checked file: its cleaned name, its true type and its bytes."""

    name: str
    content_type: str
    content: bytes


Scanner = Callable[[bytes], bool]
_SCANNERS: list[Scanner] = []


def register_scanner(scanner: Scanner) -> None:
    """Add a virus scanner: true means infected. Called from an application's start."""
    _SCANNERS.append(scanner)


def clean_name(name: str) -> str:
    """The file's own name: no folders, no control or direction characters, not too long."""
    text = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(one for one in text if unicodedata.category(one)[0] != "C")
    text = re.sub(r'[<>:"|?*;%\s]+', " ", text).strip(" .")
    path = PurePosixPath(text or "file")
    suffix = path.suffix[:12]
    return path.name[: NAME_LENGTH - len(suffix)].removesuffix(suffix) + suffix


def check_file(
    name: str, stream: BinaryIO, *, extensions: tuple[str, ...], megabytes: int
) -> Accepted:
    """Read and check one upload.

    :raises FileRefused: when it is too large, not of an accepted type, or not what it says.
    """
    cleaned = clean_name(name)
    extension = PurePosixPath(cleaned).suffix.lower().lstrip(".")
    extension = {"jpeg": "jpg"}.get(extension, extension)
    allowed = extensions or DEFAULT_EXTENSIONS
    if extension not in allowed or extension not in TYPES:
        raise FileRefused(
            _("%(name)s is not a type we can take. Choose a file of type %(extensions)s.")
            % {"name": cleaned, "extensions": ", ".join(allowed)}
        )
    limit = min(megabytes, MAX_MEGABYTES) * 1024 * 1024
    # One byte more than allowed: the declared length is the sender's word, not a fact.
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise FileRefused(
            _("%(name)s is larger than %(megabytes)s MB. Choose a smaller file.")
            % {"name": cleaned, "megabytes": megabytes}
        )
    if not content:
        raise FileRefused(
            _("%(name)s is empty. Check the file and choose it again.") % {"name": cleaned}
        )
    if not _is(extension, content):
        raise FileRefused(
            _(
                "%(name)s does not contain what its name says. Save it again and choose the new file."
            )
            % {"name": cleaned}
        )
    if EICAR in content or any(scan(content) for scan in _SCANNERS):
        raise FileRefused(
            _("%(name)s was stopped by the virus check. It has not been saved.") % {"name": cleaned}
        )
    return Accepted(cleaned, TYPES[extension].content_type, content)


def _is(extension: str, content: bytes) -> bool:
    wanted = TYPES[extension]
    if wanted.magic:
        try:
            found = {one.extension.lstrip(".") for one in puremagic.magic_string(content[:HEAD])}
        except (puremagic.PureError, ValueError):
            return False
        if found.isdisjoint(wanted.magic):
            return False
    try:
        return wanted.prove(content)
    except (ValueError, IndexError, struct.error, zipfile.BadZipFile, NotImplementedError, OSError):
        return False


def _no_archive_inside(content: bytes) -> bool:
    """A picture or document that is also an archive is made to deceive somebody."""
    return not zipfile.is_zipfile(io.BytesIO(content))


def _pdf(content: bytes) -> bool:
    return (
        content.startswith(b"%PDF-")
        and b"%%EOF" in content[-2048:]
        and not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b", content)
        and _no_archive_inside(content)
    )


def _png(content: bytes) -> bool:
    """Walk the chunks: a sane size, a whole file, and nothing after its end."""
    at, pixels = 8, 0
    while at + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        if kind == b"IHDR":
            width, height = struct.unpack(">II", content[at + 8 : at + 16])
            pixels = width * height
        at += 12 + length
        if kind == b"IEND":
            return 0 < pixels <= MAX_PIXELS and at == len(content)
    return False


def _jpg(content: bytes) -> bool:
    """Walk the markers to the frame's size."""
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return False
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return 0 < width * height <= MAX_PIXELS and _no_archive_inside(content)
        if length < 2:
            return False
        at += 2 + length
    return False


def _office(main_part: str) -> Callable[[bytes], bool]:
    """An Office file: a bounded archive with the right main part and no macros."""

    def prove(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
        names = [one.filename for one in members]
        return (
            len(members) <= MAX_MEMBERS
            and len(set(names)) == len(names)
            and main_part in names
            and "[Content_Types].xml" in names
            and not any(
                name.startswith("/") or ".." in name.split("/") or name.endswith("vbaProject.bin")
                for name in names
            )
            and not any(one.flag_bits & 0x1 for one in members)
            and sum(one.file_size for one in members) <= MAX_UNPACKED
            and all(one.file_size <= MAX_RATIO * max(one.compress_size, 512) for one in members)
        )

    return prove


def _text(content: bytes) -> bool:
    """Readable text that no program would run or show as a page."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            return False
    control = any(unicodedata.category(one) == "Cc" and one not in "\t\r\n\f" for one in text)
    return not control and not ACTIVE_TEXT.match(content.removeprefix(b"\xef\xbb\xbf"))


_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", frozenset({"pdf"}), _pdf),
    "docx": FileType(
        f"{_OFFICE}.wordprocessingml.document",
        frozenset({"docx", "zip"}),
        _office("word/document.xml"),
    ),
    "xlsx": FileType(
        f"{_OFFICE}.spreadsheetml.sheet", frozenset({"xlsx", "zip"}), _office("xl/workbook.xml")
    ),
    "pptx": FileType(
        f"{_OFFICE}.presentationml.presentation",
        frozenset({"pptx", "zip"}),
        _office("ppt/presentation.xml"),
    ),
    "png": FileType("image/png", frozenset({"png"}), _png),
    "jpg": FileType("image/jpeg", frozenset({"jpg", "jpeg", "jfif", "jpe"}), _jpg),
    "txt": FileType("text/plain", frozenset(), _text),
    "csv": FileType("text/csv", frozenset(), _text),
}
# What a question for a file takes unless it says something else.
DEFAULT_EXTENSIONS = ("pdf", "docx", "xlsx", "png", "jpg", "txt")
