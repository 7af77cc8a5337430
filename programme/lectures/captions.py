"""Captions and chapters as text: read strictly, because a broken file shows nothing to anyone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programme.errors import Refused

_TIME = re.compile(r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})")
_CUE = re.compile(rf"^({_TIME.pattern})\s+-->\s+({_TIME.pattern})(?:\s.*)?$")
_TAG = re.compile(r"<[^>]*>")
_CHAPTER = re.compile(r"^\s*(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)\s+(\S.*?)\s*$")
MOST_BYTES = 1024 * 1024
# A new paragraph of the transcript begins after a silence this long.
PAUSE = 2_500


class CaptionsRefused(Refused):
    """Captions that would not be shown, or not at the right time."""


@dataclass(frozen=True)
class Cue:
    """Words between two moments, in milliseconds."""

    begin: int
    end: int
    text: str


def read(content: bytes, *, length: int) -> tuple[str, list[Cue]]:
    """The file as text, and its cues.

    :raises CaptionsRefused: when it is no WebVTT, has no cues, or cues that are out of
        order or after the end of the recording.
    """
    if len(content) > MOST_BYTES:
        raise CaptionsRefused(_("The captions are too large. Choose the file with the captions."))
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise CaptionsRefused(
            _("The captions are not in UTF-8. Save them as WebVTT in UTF-8.")
        ) from None
    if not re.match(r"WEBVTT(?:[ \t][^\n]*)?(?:\n|$)", text):
        raise CaptionsRefused(
            _("The captions are not WebVTT: the first line must be WEBVTT. Save them as .vtt.")
        )
    if "\x00" in text:
        raise CaptionsRefused(_("The captions hold characters that are no text."))
    cues = [cue for block in re.split(r"\n{2,}", text) if (cue := _cue(block)) is not None]
    _ensure_sound(cues, length)
    return text, cues


def _cue(block: str) -> Cue | None:
    lines = block.strip("\n").split("\n")
    if lines[0].startswith(("WEBVTT", "NOTE", "STYLE", "REGION")):
        return None
    for at, line in enumerate(lines[:2]):
        if "-->" in line:
            found = _CUE.match(line)
            if found is None:
                raise CaptionsRefused(_("This line has no proper time: %(line)s") % {"line": line})
            words = " ".join(_TAG.sub("", one).strip() for one in lines[at + 1 :]).strip()
            return Cue(_milliseconds(found[1]), _milliseconds(found[6]), words)
    return None


def _milliseconds(text: str) -> int:
    found = _TIME.fullmatch(text)
    assert found is not None
    hours, minutes, seconds, rest = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _ensure_sound(cues: Sequence[Cue], length: int) -> None:
    if not any(cue.text for cue in cues):
        raise CaptionsRefused(_("There are no words in the captions."))
    before = 0
    for cue in cues:
        if cue.end <= cue.begin or cue.begin < before:
            raise CaptionsRefused(
                _("The captions are out of order at “%(text)s”.") % {"text": cue.text[:60]}
            )
        before = cue.begin
    # A last cue may stand a moment longer than the picture.
    if cues[-1].begin >= length:
        raise CaptionsRefused(
            _("The captions go on after the end of the recording. Are they another one's?")
        )


def transcript_of(cues: Sequence[Cue]) -> str:
    """The words in order, a new paragraph after each silence."""
    paragraphs: list[list[str]] = []
    end: int | None = None
    for cue in cues:
        if end is None or cue.begin - end >= PAUSE:
            paragraphs.append([])
        if cue.text:
            paragraphs[-1].append(cue.text)
        end = cue.end
    return "\n\n".join(" ".join(lines) for lines in paragraphs if lines)


def read_chapters(text: str, *, length: int) -> list[list[object]]:
    """Chapters as staff write them, one a line: «1:30 Vad lagen säger».

    :raises Refused: when a line cannot be read, or the chapters are out of order.
    """
    found: list[list[object]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _CHAPTER.match(line)
        if match is None:
            raise Refused(_("Write each chapter as 1:30 Title. This cannot be read: %s") % line)
        hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
        second = (hours * 60 + minutes) * 60 + seconds
        if second * 1000 >= length or (found and second <= int(str(found[-1][0]))):
            raise Refused(_("Chapters come in order and within the recording: %s") % line)
        found.append([second, match[4][:120]])
    return found


def clock(second: int) -> str:
    """Seconds as 1:30 or 1:02:03."""
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
