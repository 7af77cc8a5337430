"""Breaks as people write them, and as minutes after the start."""

import datetime
import re
from collections.abc import Sequence

_SPAN = re.compile(r"(\d{1,2})[.:](\d{2})\s*[–-]\s*(\d{1,2})[.:](\d{2})")


def breaks_from(text: str, starts: datetime.time) -> list[list[int]]:
    """Minutes after the start of each break.

    :param text: as 10.15–10.30, 12.00–13.00.
    :raises ValueError: when something else stands there, or a break is before the start.
    """
    rest = _SPAN.sub("", text)
    if rest.strip(" ,;\n\r"):
        raise ValueError(rest.strip())
    begin = starts.hour * 60 + starts.minute
    found = []
    for match in _SPAN.finditer(text):
        hour, minute, to_hour, to_minute = (int(part) for part in match.groups())
        start, end = hour * 60 + minute - begin, to_hour * 60 + to_minute - begin
        if not 0 <= start < end or minute > 59 or to_minute > 59:
            raise ValueError(match[0])
        found.append([start, end])
    return sorted(found)


def breaks_in_words(breaks: Sequence[Sequence[int]], starts_at: datetime.datetime) -> str:
    """The breaks as clock times of the occasion's own day.

    :param starts_at: in local time.
    """
    words = []
    for start, end in breaks:
        first = starts_at + datetime.timedelta(minutes=start)
        last = starts_at + datetime.timedelta(minutes=end)
        words.append(f"{first.hour}.{first:%M}–{last.hour}.{last:%M}")
    return ", ".join(words)
