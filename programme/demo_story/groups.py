"""Participations, groups and who is in which group when."""

import datetime
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from people.models import Organisation
from programme.demo_story.cast import Cast, Member
from programme.demo_story.ids import Ids
from programme.demo_story.place import Diary, Slot
from programme.demo_story.plan import (
    ADMITTED_DAYS_BEFORE,
    GROUP_SIZE,
    GROUP_WORDS,
    LEFT_AS,
    MANAGERS,
    Draw,
    GroupPlan,
    MemberPlan,
    OccasionPlan,
)
from programme.models import (
    Category,
    Course,
    Group,
    LearningUnit,
    LeavingReason,
    Membership,
    Participation,
    Programme,
    Wave,
)

DAY = datetime.timedelta(days=1)


@dataclass
class Stay:
    """Someone's time in one group: the units they are expected at there."""

    member: Member
    plan: MemberPlan
    participation: Participation
    units: range
    # Why it ended, and the last day; empty while it lasts or is still to come.
    reason: str = ""
    until: datetime.date | None = None


@dataclass
class Told:
    """One group of the story with everything later steps need of it."""

    plan: GroupPlan
    group: Group
    slots: list[Slot]
    stays: list[Stay] = field(default_factory=list)

    @property
    def occasions(self) -> list[OccasionPlan]:
        """Its occasions, without rooms and trainers."""
        return [slot.plan for slot in self.slots]

    @property
    def first_day(self) -> datetime.date:
        """The day of its first occasion."""
        return min(one.day for one in self.occasions)

    @property
    def last_day(self) -> datetime.date:
        """The day of its last occasion."""
        return max(one.day for one in self.occasions)

    def held_on(self, unit: int) -> datetime.date:
        """The day the unit is taught."""
        return next(one.day for one in self.occasions if one.unit == unit and not one.cancelled)


@dataclass(frozen=True)
class Ground:
    """The programme's rows that the story stands on."""

    programme: Programme
    courses: dict[str, Course]
    units: dict[tuple[str, int], LearningUnit]
    categories: dict[bool, Category]
    waves: dict[int, Wave]
    reasons: dict[str, LeavingReason]


def ground_of(programme: Programme) -> Ground:
    """Read once."""
    courses = {course.key: course for course in programme.courses.all()}
    units = LearningUnit.objects.filter(course__programme=programme).select_related("course")
    return Ground(
        programme,
        courses,
        {(unit.course.key, unit.number): unit for unit in units},
        {category.is_manager: category for category in programme.categories.all()},
        {wave.number: wave for wave in programme.waves.all()},
        {reason.key: reason for reason in programme.leaving_reasons.all()},
    )


def lay_groups(
    ground: Ground,
    plans: Sequence[GroupPlan],
    cast: Cast,
    draw: Draw,
    diary: Diary,
    ids: Ids,
    today: datetime.date,
    copy: int,
    arrange: Callable[[list[Told]], object] = lambda _: None,
) -> list[Told]:
    """Groups with their members as they are on the day.

    :param arrange: may change the days of the first copy before anyone is expected.
    """
    lines = {course: iter(members) for course, members in cast.members.items()}
    told: list[Told] = []
    companies: list[list[Member]] = []
    for plan in plans:
        members = list(itertools.islice(lines[plan.course], GROUP_SIZE))
        if not members:
            break
        district = members[0].district
        slots = [diary.settle(each, district.pk, plan.number) for each in draw.occasions(plan)]
        told.append(Told(plan, _group(ground, plan, district, ids, copy), slots))
        companies.append(members)
    if copy == 0:
        arrange(told)
    for one, members in zip(told, companies, strict=True):
        one.group.state = _state(one, today)
        one.stays = [_stay(ground, one, member, draw, ids, today) for member in members]
    _move(told, today)
    Group.objects.bulk_create(one.group for one in told)
    Participation.objects.bulk_create(
        stay.participation for one in told for stay in one.stays if stay.units.start == 1
    )
    Membership.objects.bulk_create(_memberships(told, ids))
    return told


def _group(ground: Ground, plan: GroupPlan, district: Organisation, ids: Ids, copy: int) -> Group:
    suffix = f" ({copy + 1})" if copy else ""
    return Group(
        public_id=ids.new(),
        course=ground.courses[plan.course],
        wave=ground.waves.get(plan.wave),
        district=district,
        name=f"{GROUP_WORDS[plan.course]} {plan.number:02d} {district.short_name}{suffix}",
        seats=GROUP_SIZE,
    )


def _state(one: Told, today: datetime.date) -> Group.State:
    if one.last_day < today:
        return Group.State.FINISHED
    return Group.State.STARTED if one.first_day < today else Group.State.PLANNED


def _stay(
    ground: Ground, one: Told, member: Member, draw: Draw, ids: Ids, today: datetime.date
) -> Stay:
    plan = draw.member(one.plan)
    before = datetime.timedelta(days=ADMITTED_DAYS_BEFORE[one.plan.course])
    admitted = min(one.first_day - before, today)
    admitted = max(admitted, ground.programme.starts_on)
    participation = Participation(
        public_id=ids.new(),
        person=member.person,
        course=ground.courses[one.plan.course],
        category=ground.categories[one.plan.course == MANAGERS],
        unit=member.person.unit,
        district=member.district,
        key_function=member.key_function,
        admitted_on=admitted,
    )
    stay = Stay(member, plan, participation, range(1, len({o.unit for o in one.occasions}) + 1))
    came = [one.held_on(unit) for unit in stay.units if plan.presences[unit].mark == "present"]
    if came and came[0] < today:
        participation.started_on = came[0]
        participation.state = Participation.State.STARTED
    if plan.leaves_after is not None:
        left = one.held_on(plan.leaves_after) + 7 * DAY
        if left < today:
            _leave(ground, stay, left)
    return stay


def _leave(ground: Ground, stay: Stay, day: datetime.date) -> None:
    stay.until, stay.reason = day, stay.plan.reason
    participation = stay.participation
    participation.state = Participation.State.DROPPED
    participation.ended_on, participation.end_reason = day, stay.plan.reason
    # Whoever was absent until then never started.
    if participation.started_on is not None and participation.started_on > day:
        participation.started_on = None
    participation.leaving_reason = ground.reasons.get(LEFT_AS.get(stay.plan.reason, ""))


def _move(told: list[Told], today: datetime.date) -> None:
    """From the day after the unit, those who change are in the next group that runs beside."""
    for one, other in _beside(told):
        for stay in list(one.stays):
            after = stay.plan.moves_after
            if after is None or stay.units.start != 1:
                continue
            day = one.held_on(after) + DAY
            if day >= today or other.held_on(after + 1) <= day:
                continue
            stay.until, stay.reason = day, stay.plan.reason
            other.stays.append(
                Stay(stay.member, stay.plan, stay.participation, range(after + 1, stay.units.stop))
            )


def _beside(told: list[Told]) -> list[tuple[Told, Told]]:
    return [
        (one, other)
        for one, other in itertools.pairwise(told)
        if (one.plan.course, one.plan.wave) == (other.plan.course, other.plan.wave)
    ]


def _memberships(told: list[Told], ids: Ids) -> list[Membership]:
    begun: dict[str, datetime.date] = {}
    for one in told:
        for stay in one.stays:
            if stay.until and stay.units.start == 1:
                begun[stay.participation.public_id] = stay.until + DAY
    return [
        Membership(
            public_id=ids.new(),
            participation=stay.participation,
            group=one.group,
            from_date=begun[stay.participation.public_id]
            if stay.units.start > 1
            else stay.participation.admitted_on,
            to_date=stay.until,
            reason=stay.reason,
        )
        for one in told
        for stay in one.stays
    ]
