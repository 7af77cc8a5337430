"""What a saved list changes: pure, on what is marked now and what is wanted."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

#: Marks as `Attendance.Mark` stores them.
UNMARKED, PRESENT, ABSENT, EXCUSED = "", "present", "absent", "excused"
MARKS = (UNMARKED, PRESENT, ABSENT, EXCUSED)


class Problem(StrEnum):
    """Why a row cannot be saved."""

    REASON = "reason"
    ORDER = "order"
    NO_BEGINNING = "no_beginning"
    OUTSIDE = "outside"
    ABSENT_WITH_TIMES = "absent_with_times"
    TWO_OPEN = "two_open"
    NOT_A_TIME = "not_a_time"


@dataclass(frozen=True)
class Span:
    """A time present that counts now.

    :param ended: empty while nobody has checked out.
    """

    id: int
    public_id: str
    began: datetime.datetime
    ended: datetime.datetime | None


@dataclass(frozen=True)
class Standing:
    """What is marked for one person now."""

    mark: str = UNMARKED
    note: str = ""
    spans: tuple[Span, ...] = ()

    def written(self, zone: datetime.tzinfo) -> str:
        """The state as the page remembers it, so that a later save can tell what moved."""
        times = ";".join(
            f"{hour(span.began, zone)}-{hour(span.ended, zone)}" for span in self.spans
        )
        return f"{self.mark}|{self.note}|{times}"


@dataclass(frozen=True)
class WantedTime:
    """An in and an out as filled in; `segment` names the one it stands for, if any.

    :param unread: the in and the out as they were written, where either is no time.
    """

    segment: str
    began: datetime.datetime | None
    ended: datetime.datetime | None
    unread: tuple[str, str] | None = None

    @property
    def readable(self) -> bool:
        """Whether what was written is times, or nothing."""
        return self.unread is None

    def written(self, zone: datetime.tzinfo) -> tuple[str, str]:
        """The in and the out as the fields show them, what could not be read among them."""
        return self.unread or (hour(self.began, zone), hour(self.ended, zone))


@dataclass(frozen=True)
class Wanted:
    """What one row of the page says."""

    mark: str
    note: str = ""
    times: tuple[WantedTime, ...] = ()
    reason: str = ""
    # What the page showed when it was opened, in the words of `Standing.written`.
    was: str = ""

    def untouched(self, zone: datetime.tzinfo) -> bool:
        """Whether the row says just what the page showed, whatever has happened since."""
        times = ";".join(
            f"{hour(each.began, zone)}-{hour(each.ended, zone)}"
            for each in self.times
            if each.segment or each.began or each.ended
        )
        readable = all(each.readable for each in self.times)
        return readable and self.was == f"{self.mark}|{self.note}|{times}"


@dataclass(frozen=True)
class Change:
    """What saving a row does; empty when nothing moves."""

    mark: str | None = None
    note: str | None = None
    void: tuple[int, ...] = ()
    close: tuple[tuple[int, datetime.datetime], ...] = ()
    new: tuple[tuple[datetime.datetime, datetime.datetime | None], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the row stays as it is."""
        return not (self.void or self.close or self.new) and self.mark is self.note is None


def hour(moment: datetime.datetime | None, zone: datetime.tzinfo) -> str:
    """The moment as a time field shows it; empty when there is none."""
    return f"{moment.astimezone(zone):%H:%M}" if moment else ""


def change_of(
    now: Standing,
    wanted: Wanted,
    *,
    starts: datetime.datetime,
    ends: datetime.datetime,
    zone: datetime.tzinfo,
) -> Change:
    """What it takes to go from what is marked to what is wanted.

    A time that stays to the minute is left alone with its seconds and its source.
    One that moves is voided, which takes a reason, and written anew.
    """
    moved = _Moved(zone)
    spans = {span.public_id: span for span in now.spans}
    if wanted.mark in (ABSENT, EXCUSED) or (wanted.mark == UNMARKED and now.mark == PRESENT):
        moved.void = [span.id for span in now.spans]
        if any(not each.segment and any(each.written(zone)) for each in wanted.times):
            moved.problems.append(Problem.ABSENT_WITH_TIMES)
    else:
        for each in wanted.times:
            moved.take(each, spans.get(each.segment), starts, ends)
    mark = PRESENT if wanted.mark == UNMARKED and moved.new else wanted.mark
    still_open = [s for s in now.spans if s.ended is None and s.id not in moved.ended_ids]
    if len(still_open) + sum(1 for _began, ended in moved.new if ended is None) > 1:
        moved.problems.append(Problem.TWO_OPEN)
    if moved.void and not wanted.reason.strip():
        moved.problems.append(Problem.REASON)
    return Change(
        mark=mark if mark != now.mark else None,
        note=wanted.note if wanted.note != now.note else None,
        void=tuple(moved.void),
        close=tuple(moved.close),
        new=tuple(moved.new),
        problems=tuple(dict.fromkeys(moved.problems)),
    )


@dataclass
class _Moved:
    zone: datetime.tzinfo
    void: list[int] = field(default_factory=list)
    close: list[tuple[int, datetime.datetime]] = field(default_factory=list)
    new: list[tuple[datetime.datetime, datetime.datetime | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ended_ids(self) -> set[int]:
        return {*self.void, *(pk for pk, _ended in self.close)}

    def take(
        self,
        each: WantedTime,
        span: Span | None,
        starts: datetime.datetime,
        ends: datetime.datetime,
    ) -> None:
        if not each.readable:
            self.problems.append(Problem.NOT_A_TIME)
            return
        if span and self._same(span.began, each.began) and self._same(span.ended, each.ended):
            return
        if span and span.ended is None and each.ended and self._same(span.began, each.began):
            if each.ended < span.began.replace(second=0, microsecond=0):
                self.problems.append(Problem.ORDER)
            else:
                # Out in the same minute as in: never before it.
                self.close.append((span.id, max(each.ended, span.began)))
            return
        if span:
            self.void.append(span.id)
        if each.began is None:
            if each.ended is not None:
                self.problems.append(Problem.NO_BEGINNING)
            return
        if each.ended is not None and each.ended <= each.began:
            self.problems.append(Problem.ORDER)
        elif each.began >= ends or (each.ended is not None and each.ended <= starts):
            self.problems.append(Problem.OUTSIDE)
        else:
            self.new.append((each.began, each.ended))

    def _same(self, one: datetime.datetime | None, other: datetime.datetime | None) -> bool:
        return hour(one, self.zone) == hour(other, self.zone)


def stale(
    now: Mapping[str, str], wanted: Mapping[str, Wanted], changed: Iterable[str]
) -> list[str]:
    """Persons whose row is about to change although it moved after the page was opened."""
    return [person for person in changed if now[person] != wanted[person].was]


@dataclass(frozen=True)
class Presence:
    """One person at one occasion, as a check of overlaps sees it."""

    occasion: str
    title: str
    starts: datetime.datetime
    ends: datetime.datetime
    mark: str = UNMARKED
    spans: tuple[tuple[datetime.datetime, datetime.datetime | None], ...] = ()

    def there(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        """When the person is said to have been there: the times, or the whole occasion."""
        if self.spans:
            return [(began, ended or self.ends) for began, ended in self.spans]
        return [(self.starts, self.ends)] if self.mark == PRESENT else []


@dataclass(frozen=True)
class Clash:
    """Two occasions at once; blocking when the person is said to have been at both."""

    one: Presence
    other: Presence
    minutes: int
    blocking: bool


def clashes(presences: Sequence[Presence], *, tolerated: int) -> list[Clash]:
    """Every pair of occasions that overlap for one person.

    :param tolerated: minutes of being in two places that only warn, for walking between rooms.
    """
    found = []
    ordered = sorted(presences, key=lambda p: (p.starts, p.occasion))
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            minutes = _common(one.there(), other.there())
            planned = _common([(one.starts, one.ends)], [(other.starts, other.ends)])
            if minutes or planned:
                found.append(Clash(one, other, minutes, minutes > tolerated))
    return found


Times = Sequence[tuple[datetime.datetime, datetime.datetime]]


def _common(one: Times, other: Times) -> int:
    seconds = 0.0
    for began, ended in one:
        for start, end in other:
            seconds += max(0.0, (min(ended, end) - max(began, start)).total_seconds())
    return int(seconds // 60)
