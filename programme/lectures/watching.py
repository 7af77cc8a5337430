"""Writes of the player: what was watched, and when it becomes times present.

A person's beacons wait for each other on the person's row, so two devices share one clock.
The engine of hours takes the same lock, in the same order.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Person
from programme.errors import Stale
from programme.hours import closed
from programme.hours.actions import recount
from programme.hours.intervals import Interval, measure, union
from programme.lectures import late, rules
from programme.models import Followed, Lecture, Month, Occasion, Recording, Segment, Viewing
from programme.queries import settings_on

#: Setting `lecture_hours`: only live lectures count, or recorded ones too (R-097).
RECORDED = "recorded"
#: More times are counted when so much has gathered, or when all is watched: not at every beacon.
GATHERED = 60
#: Pages of one person that are remembered; more than anybody has open.
PAGES = 6


@dataclass(frozen=True)
class Beacon:
    """What the player tells: which page it is, its number, the part played and where it stands."""

    page: str
    number: int
    opened: datetime.datetime
    claim: rules.Claim
    position: int


@dataclass(frozen=True)
class Standing:
    """Where the viewer stands after the beacon."""

    viewing: Viewing
    reached: bool


@transaction.atomic
def watch(*, recording_id: int, person_id: int, beacon: Beacon) -> Standing:
    """Note what was watched; the same beacon again changes nothing.

    :raises Stale: when the recording has been withdrawn meanwhile.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person_id)
    recording = Recording.objects.select_related("lecture__programme", "lecture__unit").get(
        pk=recording_id
    )
    if recording.state != Recording.State.IN_USE or recording.lecture.state != Lecture.State.OPEN:
        raise Stale
    rows = {row.recording_id: row for row in Viewing.objects.filter(person=person_id)}
    viewing = rows.get(recording_id) or Viewing(recording=recording, person_id=person_id)
    rows[recording_id] = viewing
    if beacon.number > int(viewing.pages.get(beacon.page, 0)):
        _note(viewing, list(rows.values()), beacon, recording)
    reached = settle(viewing, recording)
    return Standing(viewing, reached)


def _note(viewing: Viewing, rows: list[Viewing], beacon: Beacon, recording: Recording) -> None:
    now = timezone.now()
    settings = settings_on(recording.lecture.programme, timezone.localdate(now))
    late = datetime.timedelta(minutes=int(settings["viewing_minutes_late"]))
    since = milliseconds(now - late)
    result = rules.accept(
        as_watched(viewing),
        beacon.claim,
        length=recording.milliseconds,
        opened=max(milliseconds(beacon.opened), since),
        now=milliseconds(now),
        taken=[pair for row in rows for pair in as_pairs(row.clock)],
    )
    viewing.watched, viewing.times = result.watched.parts, result.watched.times
    viewing.fastest = result.watched.fastest
    viewing.clock = rules.recent([*as_pairs(viewing.clock), *result.used], since)
    viewing.position = min(max(beacon.position, 0), recording.milliseconds)
    others = [(page, last) for page, last in viewing.pages.items() if page != beacon.page]
    viewing.pages = dict([*others, (beacon.page, beacon.number)][-PAGES:])
    viewing.save()


def milliseconds(moment: datetime.datetime) -> int:
    """The moment as milliseconds of UTC."""
    return int(moment.timestamp() * 1000)


def as_pairs(stored: list[list[int]]) -> list[Interval]:
    """Intervals as they are stored."""
    return [(int(begin), int(end)) for begin, end in stored]


def as_watched(viewing: Viewing) -> rules.Watched:
    """The row as the rules see it."""
    return rules.Watched(
        tuple(as_pairs(viewing.watched)), tuple(as_pairs(viewing.times)), viewing.fastest
    )


def settle(viewing: Viewing, recording: Recording) -> bool:
    """Note that enough is watched, once, and count the times that are not counted yet."""
    watched = as_watched(viewing)
    followed = Followed.objects.filter(recording=recording, person=viewing.person_id).exists()
    if not followed:
        percent = threshold(recording.lecture, timezone.localdate())
        if not rules.is_reached(watched, recording.milliseconds, percent):
            return False
        _follow(viewing, recording, percent)
    waiting = _not_counted(viewing, recording)
    everything = not rules.missing_parts(watched, recording.milliseconds)
    if waiting and (not followed or everything or measure(waiting) >= GATHERED):
        _count(viewing, recording, waiting)
    return True


def threshold(lecture: Lecture, day: datetime.date) -> int:
    """The share of a recording that must be watched, in per cent."""
    return int(settings_on(lecture.programme, day)["viewing_threshold_percent"])


def _follow(viewing: Viewing, recording: Recording, percent: int) -> None:
    with operation("viewing.follow", subject=recording.lecture.public_id):
        Followed.objects.create(
            recording=recording,
            person_id=viewing.person_id,
            reached_at=timezone.now(),
            watched_seconds=measure(as_pairs(viewing.watched)) // 1000,
            length_seconds=recording.milliseconds // 1000,
            threshold_percent=percent,
            fastest=viewing.fastest,
            watched=viewing.watched,
        )


def _not_counted(viewing: Viewing, recording: Recording) -> list[Interval]:
    """Seconds watched that no time present holds; those judged once already stay away."""
    held = Segment.objects.filter(
        person=viewing.person_id,
        occasion__unit=recording.lecture.unit,
        source=Segment.Source.VIEWING,
    ).values_list("began_at", "ended_at")
    pairs = [(int(a.timestamp()), int(b.timestamp())) for a, b in held if b is not None]
    iso = datetime.datetime.fromisoformat
    for begin, end in late.judged(viewing.person_id, recording.lecture.unit_id):
        pairs.append((int(iso(begin).timestamp()), int(iso(end).timestamp())))
    return rules.uncounted(as_pairs(viewing.times), pairs)


def _count(viewing: Viewing, recording: Recording, waiting: list[Interval]) -> None:
    """Make times present of it, on the days when it was watched, and count those days.

    A day whose month is locked has its hours reported: there the times become a correction
    that somebody decides about.
    """
    programme = recording.lecture.programme
    days = {
        day: spans
        for day, spans in by_day(waiting).items()
        if settings_on(programme, day)["lecture_hours"] == RECORDED
    }
    if not days:
        return
    months = closed.shared(programme.pk, sorted({closed.first_of(day) for day in days}))
    locked = {month.first_day for month in months if month.state == Month.State.LOCKED}
    open_days = {d: s for d, s in days.items() if closed.first_of(d) not in locked}
    with operation("viewing.watch", subject=recording.lecture.public_id):
        for day in sorted(days.keys() - open_days.keys()):
            late.tell(_occasion(recording, day), viewing.person_id, days[day])
    if not open_days:
        return
    with operation("viewing.watch", subject=recording.lecture.public_id):
        occasions = [_occasion(recording, day) for day in sorted(open_days)]
        Segment.objects.bulk_create(
            Segment(
                occasion=occasion,
                person_id=viewing.person_id,
                began_at=moment(begin),
                ended_at=moment(end),
                source=Segment.Source.VIEWING,
            )
            for occasion in occasions
            for begin, end in open_days[timezone.localdate(occasion.starts_at)]
        )
        recount(occasion_ids=[one.pk for one in occasions], person_ids=[viewing.person_id])


def moment(second: int) -> datetime.datetime:
    """The second of UTC as a moment."""
    return datetime.datetime.fromtimestamp(second, datetime.UTC)


def by_day(spans: list[Interval]) -> dict[datetime.date, list[Interval]]:
    """The spans on their days in Stockholm, cut at midnight."""
    found: dict[datetime.date, list[Interval]] = defaultdict(list)
    for begin, end in union(spans):
        while begin < end:
            day = timezone.localdate(moment(begin))
            midnight = int(start_of(day + datetime.timedelta(days=1)).timestamp())
            found[day].append((begin, min(end, midnight)))
            begin = min(end, midnight)
    return dict(found)


def start_of(day: datetime.date) -> datetime.datetime:
    """The day's first moment in Stockholm."""
    zone = timezone.get_default_timezone()
    return datetime.datetime.combine(day, datetime.time.min, zone)


def _occasion(recording: Recording, day: datetime.date) -> Occasion:
    """The occasion of everyone who watches the lecture's recording that day.

    Two viewers who are the first of the day make one: the database says who was it.
    """
    lecture = recording.lecture
    Occasion.objects.bulk_create(
        [
            Occasion(
                programme=lecture.programme,
                kind=Occasion.Kind.RECORDING,
                unit=lecture.unit,
                title=lecture.unit.title,
                starts_at=start_of(day),
                ends_at=start_of(day + datetime.timedelta(days=1)),
                most_minutes=-(-recording.milliseconds // 60_000),
                district=lecture.programme.owner,
                online=True,
                deviation_reason="",
            )
        ],
        ignore_conflicts=True,
    )
    return Occasion.objects.get(
        unit=lecture.unit, kind=Occasion.Kind.RECORDING, starts_at=start_of(day)
    )
