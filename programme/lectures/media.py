"""The recording's file: what it is, and how long, read from its own bytes.

A file's name and what a browser says of it are never believed. MP4 and WebM tell their
length in their headers; a file that does not is refused, because a share of an unknown
length cannot be measured.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _

from programme.errors import Refused

HEAD = 4096
LONGEST = 6 * 3600 * 1000
TYPES = {"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm"}


class MediaRefused(Refused):
    """A file that is no video the player can show."""


@dataclass(frozen=True)
class Media:
    """What the bytes say."""

    content_type: str
    milliseconds: int
    size: int
    sha256: str


def examine(stream: BinaryIO, *, name: str, megabytes: int) -> Media:
    """Look at the file, wherever it lies, without reading all of it into memory.

    :raises MediaRefused: with words, when it is too large, not a video of a kind that
        every browser shows, or does not tell how long it is.
    """
    size = stream.seek(0, 2)
    if size > megabytes * 1024 * 1024:
        raise MediaRefused(
            _("%(name)s is larger than %(most)s MB. Make it smaller and try again.")
            % {"name": name, "most": megabytes}
        )
    stream.seek(0)
    content_type = _type_of(stream.read(HEAD))
    if content_type is None:
        raise MediaRefused(
            _("%(name)s is not a video in MP4 or WebM. Save it as one of them.") % {"name": name}
        )
    try:
        length = _mp4(stream, size) if content_type == "video/mp4" else _webm(stream)
    except (struct.error, IndexError, ValueError, OverflowError):
        length = 0
    if not 0 < length <= LONGEST:
        raise MediaRefused(
            _("%(name)s does not tell how long it is. Save it again from the video editor.")
            % {"name": name}
        )
    return Media(content_type, length, size, _digest(stream))


def _type_of(head: bytes) -> str | None:
    """By content and nothing else."""
    try:
        names = {one.extension.lstrip(".") for one in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return None
    if head[:4] == b"\x1aE\xdf\xa3":
        # Matroska and WebM begin alike; the document says which it is.
        return "video/webm" if b"webm" in head[:64] else None
    if head[4:8] == b"ftyp" and names & set(TYPES):
        return "video/mp4"
    return None


def _digest(stream: BinaryIO) -> str:
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(1024 * 1024):
        digest.update(block)
    return digest.hexdigest()


def _mp4(stream: BinaryIO, size: int) -> int:
    """The movie header's length, wherever the header lies in the file."""
    at = 0
    while at + 8 <= size:
        stream.seek(at)
        length, kind = struct.unpack(">I4s", stream.read(8))
        header = 8
        if length == 1:
            length, header = struct.unpack(">Q", stream.read(8))[0], 16
        elif length == 0:
            length = size - at
        if length < header:
            return 0
        if kind == b"moov":
            return _movie_header(stream.read(min(length - header, 1024 * 1024)))
        at += length
    return 0


def _movie_header(content: bytes) -> int:
    at = content.find(b"mvhd")
    if at < 0:
        return 0
    if content[at + 4] == 1:
        scale, length = struct.unpack(">IQ", content[at + 24 : at + 36])
    else:
        scale, length = struct.unpack(">II", content[at + 16 : at + 24])
    return int(length * 1000 // scale) if scale else 0


_SEGMENT, _INFO, _SCALE, _DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489


def _webm(stream: BinaryIO) -> int:
    """The length in the segment's information, which stands near the beginning."""
    stream.seek(0)
    content = stream.read(256 * 1024)
    at = _end_of_first(content)
    segment, _length, at = _element(content, at)
    if segment != _SEGMENT:
        return 0
    while at < len(content):
        element, length, at = _element(content, at)
        if element == _INFO:
            return _information(content[at : at + length])
        at += length
    return 0


def _end_of_first(content: bytes) -> int:
    _id, length, at = _element(content, 0)
    return at + length


def _information(content: bytes) -> int:
    scale, length, at = 1_000_000, 0.0, 0
    while at < len(content):
        element, size, at = _element(content, at)
        value = content[at : at + size]
        if element == _SCALE:
            scale = int.from_bytes(value, "big")
        elif element == _DURATION:
            length = struct.unpack(">f" if size == 4 else ">d", value)[0]
        at += size
    return int(length * scale / 1_000_000)


def _element(content: bytes, at: int) -> tuple[int, int, int]:
    """An element's id and size, and where its content begins."""
    width = 9 - content[at].bit_length()
    id = int.from_bytes(content[at : at + width], "big")
    at += width
    width = 9 - content[at].bit_length()
    if width > 8:
        raise ValueError("no size")
    size = int.from_bytes(content[at : at + width], "big") & ((1 << 7 * width) - 1)
    return id, size, at + width
