"""Gathers what the schedule checks need to know, in the same few queries for one group as for all."""

import datetime
from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workdays import is_working_day
from people.models import Person, User
from programme.models import (
    Booking,
    Group,
    Invitation,
    Membership,
    Occasion,
    Participation,
    Programme,
    Segment,
    Venue,
    Wave,
)
from programme.occasions.rules import (
    Against,
    Colleague,
    Finding,
    Findings,
    Moments,
    Plan,
    Terms,
    check,
    loses,
)
from programme.occasions.rules import seats_left as seats_left_of
from programme.queries import settings_on, without_manager

# A recording is watched when there is time for it: nobody is busy with one.
TIED = [Occasion.Kind.TRAINING, Occasion.Kind.LECTURE, Occasion.Kind.EVENT]


def terms_on(programme: Programme, day: datetime.date) -> Terms:
    """The programme's terms for an occasion on the day."""
    values = settings_on(programme, day)
    return Terms(
        first_day=programme.starts_on,
        last_day=programme.ends_on,
        from_minute=int(values["working_day_from"]) * 60,
        to_minute=int(values["working_day_to"]) * 60,
        gap_days=int(values["practice_days"]),
        today=timezone.localdate(),
    )


def overlapping(starts_at: datetime.datetime, ends_at: datetime.datetime) -> Q:
    """Occasions during the time that tie those who are there."""
    return Q(
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
        state=Occasion.State.PLANNED,
        kind__in=TIED,
    )


def members_on(group: Group, day: datetime.date) -> list[int]:
    """Persons in the group on the day."""
    return list(
        Membership.objects.filter(
            Q(to_date=None) | Q(to_date__gte=day), group=group, from_date__lte=day
        ).values_list("participation__person_id", flat=True)
    )


def look_ahead(
    occasion: Occasion,
    *,
    venue: Venue | None = None,
    trainers: Sequence[User] = (),
    members: bool = True,
    was: Moments | None = None,
) -> Findings:
    """What speaks against the occasion as it stands on the object, saved or not.

    :param trainers: those whose time is asked after.
    :param members: whether the time of those invited is asked after as well.
    :param was: when it was held before, so that recorded time left outside is asked after.
    """
    start = timezone.localtime(occasion.starts_at)
    end = timezone.localtime(occasion.ends_at)
    invited = _expected(occasion, start.date())
    plan = Plan(
        starts_at=start,
        ends_at=end,
        breaks=tuple((int(a), int(b)) for a, b in occasion.breaks),
        working_day=is_working_day(start.date()),
        online=occasion.online,
        deviation_reason=occasion.deviation_reason,
        others=_others(occasion),
        unit=occasion.unit.number if occasion.unit is not None and occasion.group_id else None,
        units=_units(occasion),
        trainers_busy=_trainers_busy(occasion, trainers),
        members_busy=_members_busy(occasion, invited) if members else (),
        expected=len(invited),
        capacity=venue.capacity if venue else None,
        losing=_losing(occasion, was) if was else 0,
    )
    return check(plan, terms_on(occasion.programme, start.date()))


def _losing(occasion: Occasion, was: Moments) -> int:
    """How many have been there at a time that the occasion would no longer cover."""
    becomes = (occasion.starts_at, occasion.ends_at)
    # Whoever is merged with another is the same human being.
    present = Segment.objects.filter(occasion=occasion, voided_at=None).values_list(
        Coalesce("person__merged_into", "person"), "began_at", "ended_at"
    )
    return len(
        {
            person
            for person, began, ended in present
            if loses(began, ended, was=was, becomes=becomes)
        }
    )


def _expected(occasion: Occasion, day: datetime.date) -> list[int]:
    """Those invited who have not said no, and before anyone is invited: those in the group then."""
    invited = list(_standing(occasion)) if occasion.pk else []
    if invited or occasion.group is None:
        no = Invitation.Answer.NOT_COMING
        return [person for person, answer in invited if answer != no]
    return members_on(occasion.group, day)


def _standing(occasion: Occasion) -> QuerySet[Invitation, tuple[int, str]]:
    found = Invitation.objects.filter(occasion=occasion, withdrawn_at=None)
    return found.values_list("person_id", "answer")


def _others(occasion: Occasion) -> tuple[datetime.date, ...]:
    if occasion.group_id is None:
        return ()
    others = Occasion.objects.standing().filter(group=occasion.group_id).exclude(pk=occasion.pk)
    return tuple(timezone.localtime(at).date() for at in others.values_list("starts_at", flat=True))


def _units(occasion: Occasion) -> tuple[tuple[datetime.date, int], ...]:
    """Days and numbers of what the group's other standing occasions teach of the course."""
    if occasion.group_id is None or occasion.unit is None:
        return ()
    others = (
        Occasion.objects.standing()
        .filter(group=occasion.group_id, unit__course=occasion.unit.course_id)
        .exclude(pk=occasion.pk)
    )
    return tuple(
        (timezone.localtime(at).date(), number)
        for at, number in others.values_list("starts_at", "unit__number")
    )


def _ties(occasion: Occasion) -> bool:
    return occasion.kind in TIED and occasion.ends_at > occasion.starts_at


def _trainers_busy(occasion: Occasion, trainers: Sequence[User]) -> tuple[str, ...]:
    if not trainers or not _ties(occasion):
        return ()
    return tuple(
        Occasion.objects.filter(
            overlapping(occasion.starts_at, occasion.ends_at), trainers__in=list(trainers)
        )
        .exclude(pk=occasion.pk)
        .order_by("starts_at", "pk")
        .distinct()
        .values_list("title", flat=True)
    )


def _members_busy(occasion: Occasion, person_ids: Sequence[int]) -> tuple[str, ...]:
    if not person_ids or not _ties(occasion):
        return ()
    busy = (
        Occasion.objects.filter(
            overlapping(occasion.starts_at, occasion.ends_at),
            invitations__in=Invitation.objects.expected().filter(person__in=person_ids),
        )
        .exclude(pk=occasion.pk)
        .order_by("starts_at", "pk")
        .distinct()
    )
    return tuple(busy.values_list("title", flat=True))


def elsewhere(person: Person, occasion: Occasion) -> str:
    """The title of another occasion that ties the person then; empty when there is none."""
    if occasion.kind == Occasion.Kind.RECORDING:
        return ""
    return (
        Invitation.objects.filter(
            person=person,
            withdrawn_at=None,
            occasion__in=Occasion.objects.filter(
                overlapping(occasion.starts_at, occasion.ends_at)
            ).exclude(pk=occasion.pk),
        )
        .exclude(answer=Invitation.Answer.NOT_COMING)
        .order_by("occasion__starts_at")
        .values_list("occasion__title", flat=True)
        .first()
        or ""
    )


def colleague(person: Person, occasion: Occasion) -> Colleague:
    """What the rules need to know of whoever would take a seat there."""
    stays = list(
        Participation.objects.filter(person=person, course__programme=occasion.programme_id)
        .exclude(state=Participation.State.DROPPED)
        .select_related("unit", "category")
    )
    return Colleague(
        admitted=bool(stays),
        is_manager=person.is_manager or any(stay.category.is_manager for stay in stays),
        without_manager=", ".join(sorted(without_manager(stays).values())),
        elsewhere=elsewhere(person, occasion),
        left=person.has_left(timezone.localdate(occasion.starts_at)),
    )


def is_ahead(occasion: Occasion) -> bool:
    """Whether the occasion stands and has not begun."""
    return occasion.state == Occasion.State.PLANNED and occasion.starts_at > timezone.now()


def seats_left(occasion: Occasion) -> int | None:
    """Seats of a group's occasion that nobody is expected in, in the group and in the room."""
    booked = (
        Booking.objects.filter(occasion=occasion, cancelled_at=None).select_related("venue").first()
    )
    return seats_left_of(
        Invitation.objects.expected().filter(occasion=occasion).count(),
        group=occasion.group.seats if occasion.group else None,
        venue=booked.venue.capacity if booked else None,
    )


def managers_first(occasion: Occasion) -> bool:
    """Whether the wave of the occasion's group refuses staff before their manager (R-026)."""
    if occasion.group_id is None:
        # The filter below would find the waves without groups.
        return False
    return Wave.objects.filter(
        groups=occasion.group_id, managers_first=Wave.ManagersFirst.BLOCK
    ).exists()


def in_words(found: Sequence[tuple[Finding | Against, str]]) -> list[str]:
    """What was found, as a person reads it."""
    return [_worded(finding, fact) % {"fact": fact} for finding, fact in found]


def _worded(finding: Finding | Against, fact: str) -> str:
    if finding is Finding.LOSES_TIME:
        return ngettext(
            "Recorded attendance is left outside the time: %(fact)s person loses hours.",
            "Recorded attendance is left outside the time: %(fact)s persons lose hours.",
            int(fact),
        )
    if finding is Finding.TOO_CLOSE:
        return ngettext(
            "Only %(fact)s day to another occasion of the group: there is little time to practise.",
            "Only %(fact)s days to another occasion of the group: there is little time to practise.",
            int(fact),
        )
    return _WORDS[finding]()


_WORDS: dict[Finding | Against, Callable[[], str]] = {
    Finding.ORDER: lambda: _("The occasion ends before it starts."),
    Finding.BREAKS: lambda: _(
        "A break lies outside the occasion, two breaks overlap, or the breaks leave no time."
    ),
    Finding.OUTSIDE_PROGRAMME: lambda: _("The day lies outside the programme (%(fact)s)."),
    Finding.TRAINER_BUSY: lambda: _("A trainer has another occasion then: %(fact)s."),
    Finding.MEMBER_BUSY: lambda: _("Someone in the group has another occasion then: %(fact)s."),
    Finding.NOT_A_WORKING_DAY: lambda: _("The day is a weekend or a public holiday."),
    Finding.OUTSIDE_HOURS: lambda: _("The time lies outside ordinary working hours."),
    Finding.CROWDED: lambda: _("More are invited than the venue has seats for (%(fact)s)."),
    Finding.NOT_ON_SITE: lambda: _(
        "The occasion is not held on site, and no reason is written for it."
    ),
    Finding.UNIT_ORDER: lambda: _(
        "The learning units do not come in the order of their numbers: look at unit %(fact)s."
    ),
    Finding.PAST: lambda: _("The day has passed."),
    Against.NOT_ADMITTED: lambda: _(
        "The person does not take part in the project, and only those who do can have the seat."
    ),
    Against.MANAGERS_FIRST: lambda: _(
        "In this wave managers go first. No manager has started in: %(fact)s."
    ),
    Against.LEFT: lambda: _("The person's employment has ended by then."),
    Against.TWO_ROOMS: lambda: _("The person is expected at “%(fact)s” at the same time."),
}
