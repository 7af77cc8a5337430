"""Moments and durations as meeting services write them: pure.

A report says 5/3/2026 without telling which is the month. The other moments of the report
and the occasion's own day decide; where they do not, nothing is guessed.
"""

import datetime
import re
from collections.abc import Iterable, Sequence

_DAY = re.compile(r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\.?$")
_CLOCK = re.compile(
    r"^(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*(am|pm|a\.m\.|p\.m\.|fm|em|f\.m\.|e\.m\.)?$",
    re.IGNORECASE,
)
_EXACT = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$")
_PART = re.compile(
    r"(\d+)\s*(timmar|timme|tim|hours|hour|hrs|hr|h|minuter|minut|minutes|minute|mins|min|m"
    r"|sekunder|sekund|sek|seconds|second|secs|sec|s)\.?(?![a-zåäö])",
    re.IGNORECASE,
)
_SECONDS = {"t": 3600, "h": 3600, "m": 60, "s": 1}
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\t"), " ") | dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202c\ufeff")
)
DAY_FIRST, MONTH_FIRST, EITHER = "day", "month", "either"
# Years that a calendar and the database can count in, whatever the report says.
YEARS = range(1900, 2200)
# Longer than this nobody is in a meeting.
MOST_SECONDS = 31 * 24 * 3600


class Ambiguous(ValueError):
    """Day and month cannot be told apart, and the occasion's day does not help."""


Days = dict[str, datetime.date]


def moment(text: str, *, day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime | None:
    """The moment the text says by itself; nothing when it is not one.

    :param day: the occasion's day in the zone, which decides between day and month.
    :raises Ambiguous: when two readings are possible and neither is the occasion's day.
    """
    return next(iter(moments(text, order=order_of([text], day=day), zone=zone)), None)


def order_of(texts: Iterable[str], *, day: datetime.date) -> str:
    """Whether day or month comes first in a report: one answer for all of its moments.

    A day above twelve tells it; otherwise the occasion's own day does. Each moment by
    itself would not do: of a meeting on 9 October and 10 September both would be
    taken for the same day.

    :raises Ambiguous: when both orders are possible and neither, or each, is near the day.
    """
    possible = {DAY_FIRST, MONTH_FIRST}
    near: set[str] = set()
    unsure = ""
    for text in texts:
        days, clock = _read(text)
        if clock is None or not days:
            continue
        possible &= days.keys()
        if len(set(days.values())) > 1:
            unsure = unsure or text
            near |= {order for order, each in days.items() if abs((each - day).days) <= 1}
    if len(possible) == 1:
        return possible.pop()
    if not unsure:
        return EITHER
    if possible and len(near) == 1:
        return near.pop()
    raise Ambiguous(unsure)


def either_way(texts: Iterable[str]) -> bool:
    """Whether nothing in the texts themselves tells day from month, so that something else must."""
    possible, differs = {DAY_FIRST, MONTH_FIRST}, False
    for text in texts:
        days, clock = _read(text)
        if clock is None or not days:
            continue
        possible &= days.keys()
        differs = differs or len(set(days.values())) > 1
    return differs and len(possible) == 2


def moments(text: str, *, order: str, zone: datetime.tzinfo) -> list[datetime.datetime]:
    """What the text can mean: nothing, one moment, or two where an hour is counted twice.

    A time that the clocks jump over never was. One that says its distance from UTC means one
    moment, whatever the zone.
    """
    if _EXACT.match(text.strip()):
        return _exact(text.strip(), zone)
    days, clock = _read(text)
    if clock is None or not days:
        return []
    chosen = days.get(order) or next(iter(days.values()))
    found = []
    for fold in (0, 1):
        local = datetime.datetime.combine(chosen, clock, zone).replace(fold=fold)
        back = local.astimezone(datetime.UTC).astimezone(zone)
        if back.replace(tzinfo=None) == local.replace(tzinfo=None) and back.fold == fold:
            found.append(local)
    return found


def _exact(text: str, zone: datetime.tzinfo) -> list[datetime.datetime]:
    try:
        found = datetime.datetime.fromisoformat(text)
        return [found.astimezone(zone)] if found.year in YEARS else []
    except (ValueError, OverflowError):
        return []


def span(
    joined: Sequence[datetime.datetime], left: Sequence[datetime.datetime], seconds: int | None
) -> tuple[datetime.datetime, datetime.datetime] | None:
    """From when to when; from the duration where the report does not say when it ended.

    Of an hour that is counted twice the duration tells which one is meant.
    """
    if joined and not left and seconds is not None:
        end = joined[0].astimezone(datetime.UTC) + datetime.timedelta(seconds=seconds)
        return joined[0], end.astimezone(joined[0].tzinfo)
    pairs = [(one, other) for one in joined for other in left if _length(one, other) >= 0]
    if seconds is None:
        return next(iter(pairs), None)
    return min(pairs, key=lambda pair: abs(_length(*pair) - seconds), default=None)


def _length(begin: datetime.datetime, end: datetime.datetime) -> float:
    """Seconds that really passed: between two times of one zone Python counts by the clock."""
    return end.timestamp() - begin.timestamp()


def _read(text: str) -> tuple[Days, datetime.time | None]:
    plain = " ".join(text.translate(_SPACES).replace(",", " ").replace("T", " ").split())
    first, _space, rest = plain.partition(" ")
    return _days(first), _clock(rest)


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


def _days(text: str) -> Days:
    """Every day the text can mean, by the order in which it is read."""
    match = _DAY.match(text)
    if match is None:
        return {}
    one, two, three = (int(part) for part in match.groups())
    year = three + 2000 if len(match[3]) <= 2 else three
    if len(match[1]) == 4:
        orders = dict.fromkeys((DAY_FIRST, MONTH_FIRST), (one, two, three))
    elif "." in text:
        # With full stops the day always comes first.
        orders = dict.fromkeys((DAY_FIRST, MONTH_FIRST), (year, two, one))
    else:
        orders = {DAY_FIRST: (year, two, one), MONTH_FIRST: (year, one, two)}
    found: Days = {}
    for order, parts in orders.items():
        if parts[0] not in YEARS:
            continue
        try:
            found[order] = datetime.date(*parts)
        except ValueError:
            continue
    return found


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
