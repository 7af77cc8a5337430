"""Who is on an occasion's list, with marks and times, in the same few queries for all."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import Person, User
from people.ordering import by_name
from programme.attendance import rules
from programme.hours.errors import NoRules
from programme.hours.reading import RuleBook, rule_book
from programme.models import Attendance, Invitation, Occasion, Segment
from programme.queries import settings_on

AWAY = (rules.ABSENT, rules.EXCUSED)
ZONE = timezone.get_default_timezone


@dataclass
class Seat:
    """One person of an occasion's list."""

    person: Person
    invitation: Invitation
    attendance: Attendance | None = None
    segments: list[Segment] = field(default_factory=list)
    standing: rules.Standing = field(default_factory=rules.Standing)
    # Others who checked in with the same device at this occasion.
    shares_device: bool = False

    @property
    def key(self) -> str:
        """The person's public id."""
        return self.person.public_id

    @property
    def said_no(self) -> bool:
        """Whether the person has said that they cannot come, and nothing tells otherwise."""
        no = self.invitation.answer == Invitation.Answer.NOT_COMING
        return no and self.standing.mark == rules.UNMARKED and not self.standing.spans


def roster(occasion: Occasion) -> list[Seat]:
    """Everyone who is expected, in order of names; four queries however many they are.

    A merged person's marks and times stand with the one it was merged into.
    """
    invitations = list(
        Invitation.objects.filter(occasion=occasion, withdrawn_at__isnull=True)
        .select_related("person__unit")
        .order_by(*by_name("person__"), "person_id")
    )
    seats = {row.person_id: Seat(row.person, row) for row in invitations}
    owners = dict.fromkeys(seats)
    same = {pk: pk for pk in owners} | dict(
        Person.objects.filter(merged_into__in=list(seats)).values_list("pk", "merged_into_id")
    )
    for attendance in Attendance.objects.filter(
        occasion=occasion, person__in=list(same)
    ).select_related("marked_by"):
        _take_mark(seats[same[attendance.person_id]], attendance)
    devices: dict[str, set[int]] = defaultdict(set)
    for segment in Segment.objects.filter(
        occasion=occasion, person__in=list(same), voided_at__isnull=True
    ):
        owner = same[segment.person_id]
        seats[owner].segments.append(segment)
        if segment.device:
            devices[segment.device].add(owner)
    shared = {owner for owners_ in devices.values() if len(owners_) > 1 for owner in owners_}
    for pk, seat in seats.items():
        seat.shares_device = pk in shared
        seat.standing = standing_of(seat.attendance, seat.segments)
    return list(seats.values())


def _take_mark(seat: Seat, attendance: Attendance) -> None:
    """The person's own mark, or the one of someone merged into it when that says more."""
    own = attendance.person_id == seat.person.pk
    if seat.attendance is None or not seat.attendance.mark or (own and attendance.mark):
        seat.attendance = attendance


def standing_of(attendance: Attendance | None, segments: Iterable[Segment]) -> rules.Standing:
    """The row and its times as the rules know them."""
    return rules.Standing(
        mark=attendance.mark if attendance else rules.UNMARKED,
        note=attendance.note if attendance else "",
        spans=tuple(
            rules.Span(each.pk, each.public_id, each.began_at, each.ended_at) for each in segments
        ),
    )


def number_setting(occasion: Occasion, key: str) -> int:
    """A setting that is a number, as decided for the occasion's day."""
    return int(settings_of(occasion)[key])


def settings_of(occasion: Occasion) -> dict[str, Any]:
    """Every setting as decided for the occasion's day; one query."""
    return settings_on(occasion.programme, timezone.localdate(occasion.starts_at))


@dataclass(frozen=True)
class PersonsClash:
    """An overlap and whose it is."""

    person_id: int
    clash: rules.Clash


def clashes_at(
    occasion: Occasion,
    person_ids: Sequence[int],
    *,
    tolerated: int,
    as_marked: dict[int, rules.Presence] | None = None,
) -> list[PersonsClash]:
    """Overlaps between this occasion and others for the persons; three queries.

    :param as_marked: how the persons are about to stand here; as they stand now when left out.
    """
    others = list(
        Occasion.objects.standing()
        .filter(starts_at__lt=occasion.ends_at, ends_at__gt=occasion.starts_at)
        .exclude(pk=occasion.pk)
    )
    if not others:
        return []
    near = [occasion, *others]
    by_person = presences(near, person_ids)
    found = []
    for person_id in person_ids:
        mine = by_person.get(person_id, {})
        here = (as_marked or {}).get(person_id) or mine.get(occasion.pk)
        if here is None:
            continue
        elsewhere = [there for pk, there in mine.items() if pk != occasion.pk]
        for each in elsewhere:
            found += [
                PersonsClash(person_id, clash)
                for clash in rules.clashes([here, each], tolerated=tolerated)
            ]
    return found


def presences(
    occasions: Sequence[Occasion], person_ids: Sequence[int]
) -> dict[int, dict[int, rules.Presence]]:
    """How the persons stand at the occasions, by person and occasion; two queries."""
    known = {occasion.pk: occasion for occasion in occasions}
    spans: dict[tuple[int, int], list[tuple[datetime.datetime, datetime.datetime | None]]]
    spans = defaultdict(list)
    where = {"occasion__in": list(known), "person__in": list(person_ids)}
    for segment in Segment.objects.filter(**where, voided_at__isnull=True):
        spans[segment.person_id, segment.occasion_id].append((segment.began_at, segment.ended_at))
    marks = {
        (person, at): mark
        for person, at, mark in Attendance.objects.filter(**where).values_list(
            "person_id", "occasion_id", "mark"
        )
    }
    found: dict[int, dict[int, rules.Presence]] = defaultdict(dict)
    for person, at in {*marks, *spans}:
        occasion = known[at]
        found[person][at] = presence_at(
            occasion, marks.get((person, at), ""), tuple(spans[person, at])
        )
    return found


def present_twice(occasion_ids: Sequence[int]) -> set[int]:
    """Who is marked present at one of the occasions and was at another at the same time.

    One query: of everybody at every occasion that meets another only these few are read.
    """
    at_once = {
        "person": OuterRef("person"),
        "occasion__in": occasion_ids,
        "occasion__starts_at__lt": OuterRef("occasion__ends_at"),
        "occasion__ends_at__gt": OuterRef("occasion__starts_at"),
    }
    elsewhere = [
        Exists(rows.exclude(occasion=OuterRef("occasion")))
        for rows in (
            Attendance.objects.filter(**at_once, mark="present"),
            Segment.objects.filter(**at_once, voided_at__isnull=True),
        )
    ]
    here = Attendance.objects.filter(occasion__in=occasion_ids, mark="present")
    found = here.filter(elsewhere[0] | elsewhere[1]).order_by()
    return set(found.values_list("person_id", flat=True))


def presence_at(
    occasion: Occasion,
    mark: str,
    spans: tuple[tuple[datetime.datetime, datetime.datetime | None], ...],
) -> rules.Presence:
    """One person at the occasion, as overlaps see it."""
    return rules.Presence(
        occasion.public_id, occasion.title, occasion.starts_at, occasion.ends_at, mark, spans
    )


def overdue(occasions: QuerySet[Occasion], now: datetime.datetime) -> dict[int, int]:
    """How many of each ended occasion's list nobody has marked; one query (R-074)."""
    ended = occasions.filter(ends_at__lt=now).exclude(state=Occasion.State.CANCELLED)
    marked = Attendance.objects.filter(
        occasion=OuterRef("occasion"), person=OuterRef("person")
    ).exclude(mark="")
    rows = (
        Invitation.objects.filter(
            ~Exists(marked), occasion__in=ended.values("pk"), withdrawn_at__isnull=True
        )
        .order_by()
        .values_list("occasion")
        .annotate(unmarked=Count("person", distinct=True))
    )
    return dict(rows)


def never_out(occasion: Occasion, seats: Iterable[Seat], now: datetime.datetime) -> list[int]:
    """Persons there whose last time has no end and so does not count, once it is over.

    At most one query, for the rules of the day.
    """
    if occasion.ends_at >= now or occasion.state == Occasion.State.CANCELLED:
        return []
    found = [
        seat.person.pk
        for seat in seats
        if seat.standing.mark not in AWAY and any(s.ended_at is None for s in seat.segments)
    ]
    return [] if found and _open_end_counts(rule_book(), occasion) else found


def never_out_at(
    occasions: QuerySet[Occasion], now: datetime.datetime
) -> list[tuple[Occasion, int]]:
    """Ended occasions with how many on their list never checked out; three queries, or one.

    Left out where the rules of the day let an open end count.
    """
    ended = occasions.filter(ends_at__lt=now).exclude(state=Occasion.State.CANCELLED)
    at = {"occasion": OuterRef("occasion")}
    # Times of somebody merged stand on the list of the one they were merged into.
    whose = Q(person=OuterRef("person")) | Q(person=OuterRef("person__merged_into"))
    seated = Invitation.objects.filter(whose, **at, withdrawn_at__isnull=True)
    away = Attendance.objects.filter(whose, **at, mark__in=AWAY)
    rows = (
        Segment.objects.filter(
            Exists(seated),
            ~Exists(away),
            occasion__in=ended.values("pk"),
            ended_at__isnull=True,
            voided_at__isnull=True,
        )
        .order_by()
        .values_list("occasion")
        .annotate(open=Count(Coalesce("person__merged_into", "person"), distinct=True))
    )
    missing = dict(rows)
    if not missing:
        return []
    book = rule_book()
    found = Occasion.objects.filter(pk__in=list(missing)).select_related("group", "district")
    return [(each, missing[each.pk]) for each in found if not _open_end_counts(book, each)]


def _open_end_counts(book: RuleBook, occasion: Occasion) -> bool:
    """Whether the day's rules count until the end; without rules nothing counts."""
    try:
        return book.on(
            occasion.programme_id, timezone.localdate(occasion.starts_at)
        ).open_end_counts
    except NoRules:
        return False


def person_of(user: User) -> Person | None:
    """The person behind the account."""
    return Person.objects.select_related("unit").filter(user=user).first()
