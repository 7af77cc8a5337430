"""Pure decisions about messages: when one is held, how words are filled in, what may not stand."""

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto

DAY = datetime.timedelta(days=1)


class Importance(Enum):
    """How a kind of message is sent."""

    # Not even in the night is it held: a code to sign in, today's occasion is cancelled.
    URGENT = auto()
    # As soon as the hours are not quiet.
    MUST_KNOW = auto()
    # In the day's summary, unless the reader wants it as it comes.
    NICE_TO_KNOW = auto()


@dataclass(frozen=True)
class Plan:
    """The plan of a day, in the city's own time."""

    quiet_from: datetime.time
    quiet_to: datetime.time
    quiet_days_off: bool
    digest_at: datetime.time


IsWorkingDay = Callable[[datetime.date], bool]


def is_quiet(plan: Plan, at: datetime.datetime, is_working_day: IsWorkingDay) -> bool:
    """Whether nothing that can wait is sent at the moment (a local time).

    A night that begins in the evening ends in the morning: from 18 to 7 is one night.
    """
    if plan.quiet_days_off and not is_working_day(at.date()):
        return True
    start, end, now = plan.quiet_from, plan.quiet_to, at.time()
    if start == end:
        return False
    if start < end:
        return start <= now < end
    return now >= start or now < end


def quiet_until(
    plan: Plan, at: datetime.datetime, is_working_day: IsWorkingDay
) -> datetime.datetime | None:
    """When the quiet that holds at the moment ends; nothing when it is not quiet.

    Times are local and naive, so that a night when the clock is changed is still a night.
    """
    if not is_quiet(plan, at, is_working_day):
        return None
    for days in range(32):
        day = at.date() + days * DAY
        for time in sorted({datetime.time.min, plan.quiet_to}):
            moment = datetime.datetime.combine(day, time)
            if moment > at and not is_quiet(plan, moment, is_working_day):
                return moment
    return None


def next_digest(
    plan: Plan, at: datetime.datetime, is_working_day: IsWorkingDay
) -> datetime.datetime:
    """The next summary after the moment; never on a day off when those are quiet."""
    for days in range(32):
        day = at.date() + days * DAY
        moment = datetime.datetime.combine(day, plan.digest_at)
        if moment > at and (is_working_day(day) or not plan.quiet_days_off):
            return moment
    return at + DAY


_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,40})\}")


def placeholders_in(text: str) -> list[str]:
    """What stands in braces, in order, each once."""
    return list(dict.fromkeys(match.strip() for match in _PLACEHOLDER.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each known placeholder replaced, once: a value is never read for more.

    A placeholder without a value leaves nothing behind, so that no reader sees braces.
    """
    return _PLACEHOLDER.sub(lambda match: values.get(match[1].strip(), ""), text)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with placeholders under other names; unknown ones stay as they are."""
    return _PLACEHOLDER.sub(
        lambda match: "{" + names.get(match[1].strip(), match[1].strip()) + "}", text
    )


_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data):|\bwww\.")
MOST_OF_A_VALUE = 200


def inert(value: object) -> str:
    """A value as it may stand in a mail: one line, of bounded length, never a link.

    Mail programs make links of addresses in plain text, and whoever names an occasion
    or a person is not whoever words the message.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return _ADDRESS.sub(lambda match: match[0][:-1] + " " + match[0][-1], line)[:MOST_OF_A_VALUE]


_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{2}[01]\d[0-9]\d[-+ ]?\d{4}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d-])(?:\+46|0)[ -]?\d{1,3}[ -]?\d{2,3}(?:[ -]?\d{2,3}){1,2}(?!\d)")


class Finding(Enum):
    """Personal data that a message must not carry (it is read in open offices and forwarded)."""

    PERSONAL_NUMBER = auto()
    EMAIL = auto()
    PHONE = auto()


def personal_data_in(text: str) -> list[tuple[Finding, str]]:
    """What looks like somebody's number or address, with what stands there.

    Mail goes unencrypted through others' servers (IMY), and its text is kept.
    """
    found: list[tuple[Finding, str]] = []
    for kind, pattern in (
        (Finding.PERSONAL_NUMBER, _PERSONAL_NUMBER),
        (Finding.EMAIL, _EMAIL),
        (Finding.PHONE, _PHONE),
    ):
        for match in pattern.finditer(text):
            found.append((kind, match[0]))
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return found


def is_due(
    *,
    begins: datetime.datetime,
    ends: datetime.datetime,
    hours: int,
    before: bool,
    now: datetime.datetime,
    since: datetime.datetime,
    window: datetime.timedelta,
) -> bool:
    """Whether a rule's message about a dated thing is to go out now.

    :param since: when the rule was taken into use; what was due before it is not sent.
    :param window: how late it may go out; a worker that stood still too long sends nothing stale.
    """
    moment = (
        begins - datetime.timedelta(hours=hours)
        if before
        else ends + datetime.timedelta(hours=hours)
    )
    return max(since, now - window) < moment <= now


def unknown_placeholders(text: str, known: Collection[str]) -> list[str]:
    """What stands in braces and means nothing."""
    return [name for name in placeholders_in(text) if name not in known]
