"""Reads shaped for the pages of lectures; the number of queries never follows the number of rows."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Prefetch, QuerySet, Sum
from django.utils import timezone

from core.prepared import Prepared, Slot
from core.words import whole
from people.models import Person, User
from programme.hours.intervals import measure
from programme.lectures import access, rules, watching
from programme.lectures.captions import clock
from programme.models import (
    CountedTime,
    EvaluationGiven,
    Followed,
    Invitation,
    Lecture,
    LectureQuestion,
    LectureTag,
    Material,
    Occasion,
    Principle,
    Recording,
    Reflection,
    SeatPlan,
    Viewing,
)
from programme.queries import settings_on
from programme.registrations.queries import RegistrationPanel, panel_for
from programme.venues.booking import hours_in_words


@dataclass(frozen=True)
class Choice:
    """What a visitor of the catalogue has chosen."""

    theme: str = ""
    tag: str = ""
    form: str = ""


FORMS = ("live", "recorded")


def catalogue(choice: Choice, lectures: QuerySet[Lecture] | None = None) -> QuerySet[Lecture]:
    """Open lectures that fit the choice, those with a coming date first.

    Nonsense in the choice is no choice.
    """
    now = timezone.now()
    live = Occasion.objects.standing().filter(
        unit=OuterRef("unit"), kind=Occasion.Kind.LECTURE, ends_at__gt=now
    )
    recorded = Recording.objects.filter(lecture=OuterRef("pk"), state=Recording.State.IN_USE)
    found = Lecture.objects.open() if lectures is None else lectures
    found = found.annotate(is_live=Exists(live), is_recorded=Exists(recorded))
    if choice.theme in Principle.values:
        found = found.filter(principles__contains=[choice.theme])
    if (tag := whole(choice.tag)) is not None:
        found = found.filter(tags=tag)
    if choice.form == "live":
        found = found.filter(is_live=True)
    elif choice.form == "recorded":
        found = found.filter(is_recorded=True)
    coming = live.order_by("starts_at").values("starts_at")[:1]
    return (
        found.annotate(next_at=coming)
        .select_related("unit")
        .prefetch_related("tags", "unit__modules")
        .order_by("next_at", "unit__number")
    )


def tags_in_use() -> list[LectureTag]:
    """What the catalogue can be filtered by: tags of lectures that are open."""
    return list(
        LectureTag.objects.filter(lectures__state=Lecture.State.OPEN)
        .distinct()
        .order_by("kind", "order", "name")
    )


@dataclass(frozen=True)
class Card:
    """A lecture in the catalogue."""

    lecture: Lecture
    principles: Sequence[str]
    when: str
    recorded: bool


def cards(lectures: Iterable[Any]) -> list[Card]:
    """The lectures of `catalogue` as they are shown."""
    return [
        Card(one, labels(one), when(one.next_at) if one.next_at else "", one.is_recorded)
        for one in lectures
    ]


def labels(lecture: Lecture) -> list[str]:
    """The themes in words."""
    return [
        str(Principle(value).label) for value in Principle.values if value in lecture.principles
    ]


def when(moment: datetime.datetime) -> str:
    """A start as 2026-03-02 kl. 9.00."""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d} kl. {local.hour}.{local:%M}"


def recording_in_use(lecture: Lecture) -> Recording | None:
    """What can be played now."""
    return lecture.recordings.filter(state=Recording.State.IN_USE).first()


@dataclass(frozen=True)
class Live:
    """A live occasion of the lecture, and whether the viewer is expected there."""

    occasion: Occasion
    words: str
    over: bool
    expected: bool
    panel: RegistrationPanel | None = None
    # Seats that nobody has, while one may register; nothing where there are no seats to have.
    seats_left: int | None = None


#: So many coming dates show their registration; it is asked for one at a time.
PANELS = 3


_live = Prepared(
    lambda: (
        Occasion.objects.standing()
        .filter(unit=Slot("unit", BigIntegerField()), kind=Occasion.Kind.LECTURE)
        .select_related("seat_plan")
        .order_by("starts_at")
    )
)


def live_occasions(
    lecture: Lecture, person: Person | None = None, reader: User | None = None
) -> list[Live]:
    """Coming ones first, then those that are over, the latest first.

    :param reader: whose registration the next dates show.
    """
    now = timezone.now()
    rows = _live(unit=lecture.unit_id)
    mine = set(
        Invitation.objects.filter(
            person=person, occasion__unit=lecture.unit, withdrawn_at=None
        ).values_list("occasion_id", flat=True)
        if person
        else ()
    )
    found = [
        Live(
            row,
            hours_in_words(row.starts_at, row.ends_at),
            row.ends_at <= now,
            row.pk in mine,
            seats_left=_seats_left(row, now),
        )
        for row in rows
    ]
    coming = [one for one in found if not one.over]
    if reader is not None:
        coming[:PANELS] = [
            replace(one, panel=panel_for(one.occasion, reader)) for one in coming[:PANELS]
        ]
    return coming + [one for one in found if one.over][::-1]


def _seats_left(occasion: Occasion, now: datetime.datetime) -> int | None:
    plan: SeatPlan | None = getattr(occasion, "seat_plan", None)
    if plan is None or not plan.opens_at <= now < plan.closes_at:
        return None
    return plan.seats - plan.taken


@dataclass(frozen=True)
class Part:
    """A piece of the recording, as the picture of what is watched draws it."""

    begin: float
    width: float


@dataclass(frozen=True)
class Progress:
    """How far a viewer has come: seen, left, needed and counted."""

    seen: int = 0
    length: int = 0
    needed: int = 0
    position: int = 0
    parts: Sequence[Part] = ()
    missing: Sequence[str] = ()
    reached: bool = False
    reached_at: datetime.datetime | None = None

    @property
    def left(self) -> int:
        """Milliseconds left until enough is watched."""
        return max(self.needed - self.seen, 0)

    @property
    def seen_words(self) -> str:
        """Minutes and seconds watched."""
        return clock(self.seen // 1000)

    @property
    def length_words(self) -> str:
        """How long the recording is."""
        return clock(self.length // 1000)

    @property
    def left_words(self) -> str:
        """What is left until enough is watched, rounded up: 0:00 means that it is reached."""
        return clock(-(-self.left // 1000))

    @property
    def percent(self) -> int:
        """Watched share, rounded down."""
        return self.seen * 100 // self.length if self.length else 0


def progress_of(recording: Recording, person: Person, viewing: Viewing | None = None) -> Progress:
    """The viewer's progress."""
    viewing = viewing or Viewing.objects.filter(recording=recording, person=person).first()
    followed = Followed.objects.filter(recording=recording, person=person).first()
    length = recording.milliseconds
    watched = watching.as_watched(viewing) if viewing else rules.Watched()
    percent = watching.threshold(recording.lecture, timezone.localdate())
    return Progress(
        seen=measure(watched.parts),
        length=length,
        needed=rules.share_needed(length, followed.threshold_percent if followed else percent),
        position=viewing.position if viewing else 0,
        parts=[Part(a * 100 / length, (b - a) * 100 / length) for a, b in watched.parts],
        missing=[
            f"{clock(a // 1000)}–{clock(b // 1000)}"
            for a, b in rules.missing_parts(watched, length)
        ],
        reached=followed is not None,
        reached_at=followed.reached_at if followed else None,
    )


def counted_of(lecture: Lecture, person: Person) -> list[CountedTime]:
    """Hours of the lecture that stand, whichever way they were reached."""
    return list(
        CountedTime.objects.filter(person=person, current=True, occasion__unit=lecture.unit)
        .select_related("occasion")
        .order_by("day", "pk")
    )


def counts_recorded(lecture: Lecture) -> bool:
    """Whether watching a recording today gives hours."""
    values = settings_on(lecture.programme, timezone.localdate())
    return bool(values["lecture_hours"] == watching.RECORDED)


@dataclass(frozen=True)
class Chapter:
    """A chapter and the second it begins."""

    second: int
    words: str
    title: str


@dataclass(frozen=True)
class LecturePage:
    """Everything that a participant sees of a lecture."""

    lecture: Lecture
    recording: Recording | None
    withdrawn: Recording | None
    progress: Progress
    chapters: Sequence[Chapter]
    live: Sequence[Live]
    counted: Sequence[CountedTime]
    recorded_counts: bool
    materials: Sequence[Material]
    questions: Sequence[LectureQuestion]
    own_questions: Sequence[LectureQuestion]
    reflection: str
    may_evaluate: bool
    has_evaluated: bool
    principles: Sequence[str] = field(default=())

    @property
    def minutes(self) -> int:
        """Minutes counted in all."""
        return sum(row.minutes for row in self.counted)


def page_of(lecture: Lecture, person: Person | None, reader: User | None = None) -> LecturePage:
    """The lecture as the person sees it; staff without a person see it as a beginner would."""
    recording = recording_in_use(lecture)
    live = live_occasions(lecture, person, reader)
    asked = list(LectureQuestion.objects.filter(lecture=lecture))
    counted = counted_of(lecture, person) if person else []
    progress = Progress()
    if recording is not None:
        recording.lecture = lecture
        progress = (
            progress_of(recording, person) if person else Progress(length=recording.milliseconds)
        )
    given = (
        person is not None
        and EvaluationGiven.objects.filter(lecture=lecture, person=person).exists()
    )
    took_part = person is not None and access.took_part(lecture, person)
    return LecturePage(
        lecture=lecture,
        recording=recording,
        withdrawn=None if recording else _withdrawn(lecture),
        progress=progress,
        chapters=_chapters(recording),
        live=live,
        counted=counted,
        recorded_counts=counts_recorded(lecture),
        materials=list(Material.objects.shown().filter(unit=lecture.unit)),
        questions=[one for one in asked if one.answered_at],
        own_questions=[
            one for one in asked if person and one.person_id == person.pk and not one.answered_at
        ],
        reflection=_reflection(lecture, person),
        may_evaluate=took_part and not given,
        has_evaluated=given,
        principles=labels(lecture),
    )


def _withdrawn(lecture: Lecture) -> Recording | None:
    return lecture.recordings.filter(state=Recording.State.WITHDRAWN).first()


def _chapters(recording: Recording | None) -> list[Chapter]:
    rows = recording.chapters if recording else []
    return [Chapter(int(second), clock(int(second)), title) for second, title in rows]


def _reflection(lecture: Lecture, person: Person | None) -> str:
    row = Reflection.objects.filter(lecture=lecture, person=person).first() if person else None
    return row.text if row else ""


@dataclass(frozen=True)
class Mine:
    """A lecture on the participant's own list."""

    lecture: Lecture
    percent: int
    followed: bool
    minutes: int


def mine(person: Person) -> list[Mine]:
    """Lectures that the person has begun, followed or has hours of; five queries."""
    length_of = Recording.objects.only("lecture_id", "milliseconds")
    viewings = Viewing.objects.filter(person=person).prefetch_related(
        Prefetch("recording", queryset=length_of)
    )
    percents: dict[int, int] = {}
    for row in viewings:
        seen = measure(watching.as_pairs(row.watched)) * 100 // row.recording.milliseconds
        percents[row.recording.lecture_id] = max(percents.get(row.recording.lecture_id, 0), seen)
    followed = set(
        Followed.objects.filter(person=person).values_list("recording__lecture_id", flat=True)
    )
    minutes: dict[int, int] = dict(
        CountedTime.objects.filter(
            person=person, current=True, occasion__unit__lecture__isnull=False
        )
        .values_list("occasion__unit__lecture")
        .annotate(n=Sum("minutes"))
        .order_by()
    )
    wanted = Lecture.objects.filter(pk__in={*percents, *followed, *minutes})
    return [
        Mine(one, percents.get(one.pk, 0), one.pk in followed, minutes.get(one.pk, 0))
        for one in wanted.select_related("unit").order_by("unit__number")
    ]
