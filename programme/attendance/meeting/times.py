"""Moments and durations as meeting services write them: pure.

A report says 5/3/2026 without telling which is the month. The occasion's own day
decides; where it does not, nothing is guessed.
"""

import datetime
import re

_DAY = re.compile(r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\.?$")
_CLOCK = re.compile(
    r"^(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*(am|pm|a\.m\.|p\.m\.|fm|em|f\.m\.|e\.m\.)?$",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(\d+)\s*(timmar|timme|tim|hours|hour|hrs|hr|h|minuter|minut|minutes|minute|mins|min|m"
    r"|sekunder|sekund|sek|seconds|second|secs|sec|s)\.?(?![a-zåäö])",
    re.IGNORECASE,
)
_SECONDS = {"t": 3600, "h": 3600, "m": 60, "s": 1}
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\t"), " ") | dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202c\ufeff")
)
# Years that a calendar and the database can count in, whatever the report says.
YEARS = range(1900, 2200)
# Longer than this nobody is in a meeting.
MOST_SECONDS = 31 * 24 * 3600


class Ambiguous(ValueError):
    """Day and month cannot be told apart, and the occasion's day does not help."""


def moment(text: str, *, day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime | None:
    """The moment the text says; nothing when it is not one.

    :param day: the occasion's day in the zone, which decides between day and month.
    :raises Ambiguous: when two readings are possible and neither is the occasion's day.
    """
    plain = " ".join(text.translate(_SPACES).replace(",", " ").replace("T", " ").split())
    first, _space, rest = plain.partition(" ")
    clock = _clock(rest)
    days = _days(first)
    if clock is None or not days:
        return None
    near = [each for each in days if abs((each - day).days) <= 1]
    chosen = [each for each in days if each == day] or near or days
    if len(chosen) > 1:
        raise Ambiguous(text)
    return datetime.datetime.combine(chosen[0], clock, zone)


def _clock(text: str) -> datetime.time | None:
    match = _CLOCK.match(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower().replace(".", "")
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in ("pm", "em") else 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return datetime.time(hours, minutes, seconds)


def _days(text: str) -> list[datetime.date]:
    """Every day the text can mean."""
    match = _DAY.match(text)
    if match is None:
        return []
    one, two, three = (int(part) for part in match.groups())
    if len(match[1]) == 4:
        orders = [(one, two, three)]
    else:
        year = three + 2000 if len(match[3]) <= 2 else three
        # With full stops the day always comes first.
        orders = [(year, two, one)] if "." in text else [(year, two, one), (year, one, two)]
    found = []
    for order in orders:
        if order[0] not in YEARS:
            continue
        try:
            found.append(datetime.date(*order))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def duration(text: str) -> int | None:
    """Seconds of «1 tim 2 min 3 s», «1h 2m 3s», «1:02:03» or whole minutes; nothing otherwise."""
    seconds = _seconds(" ".join(text.translate(_SPACES).split()))
    return seconds if seconds is not None and seconds <= MOST_SECONDS else None


def _seconds(plain: str) -> int | None:
    # Not «isdigit», for which a raised ² is a digit too.
    if plain.isdecimal():
        return int(plain) * 60
    parts = _PART.findall(plain)
    if parts and not _PART.sub("", plain).strip(" ,"):
        return sum(int(number) * _SECONDS[unit[0].lower()] for number, unit in parts)
    match = re.fullmatch(r"(?:(\d+):)?(\d{1,2}):(\d{2})", plain)
    if match:
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    return None
