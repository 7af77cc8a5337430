"""Whom staff may write to: rules over groups, occasions and months.

Only persons with an account, of their own, are reached. Names are as the one who
writes may know them; whoever has a protected identity reads neither what nor where
in a mail, only when.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.access import below
from people.display import name_of
from people.models import Capability, Person, User, employed_on
from people.ordering import by_name
from programme.message_kinds import OCCASION
from programme.models import (
    Attendance,
    Group,
    Invitation,
    Membership,
    Occasion,
    Participation,
    Segment,
)
from programme.occasions import notices
from programme.occasions.access import seen_by
from programme.venues.booking import hours_in_words
from workflows.mailing.access import may_send
from workflows.mailing.actions import may_write_to
from workflows.mailing.audiences import Audience, Clock, Moment, Reader, register, register_clock

# Occasions that staff choose among: those that begin or began within so long.
NEAR = datetime.timedelta(days=120)


def _reader(person: Person, viewer: User | None, link: str = "", **values: str) -> Reader:
    user = person.user
    assert user is not None  # every queryset below asks for an account
    return Reader(
        user_id=user.pk,
        name=name_of(person, viewer),
        address=user.email,
        first_name=user.first_name,
        values=values,
        link=link,
    )


def _reachable(persons: QuerySet[Person]) -> QuerySet[Person]:
    """Those who have not left and have an account that is open, in the order of their names."""
    return (
        persons.filter(employed_on(timezone.localdate()))
        .filter(user__is_active=True, temporary=False, merged_into=None)
        .select_related("user", "unit")
        .order_by(*by_name(), "pk")
    )


def _groups(user: User) -> Sequence[tuple[str, str]]:
    rows = Group.objects.filter(below(user, Capability.ARRANGE, "district")).exclude(
        state=Group.State.CANCELLED
    )
    return [(row.public_id, row.name) for row in rows.order_by("name", "pk")]


def in_group(key: str, viewer: User | None) -> Sequence[Reader]:
    """Those who are members of the group now."""
    today = timezone.localdate()
    members = Membership.objects.filter(
        Q(to_date=None) | Q(to_date__gte=today), group__public_id=key
    )
    persons = Person.objects.filter(participations__in=members.values("participation"))
    return [_reader(person, viewer, reverse("programme:my_page")) for person in _reachable(persons)]


def taking_part(_key: str, viewer: User | None) -> Sequence[Reader]:
    """Everyone whose participation goes on."""
    persons = Person.objects.filter(
        Exists(
            Participation.objects.filter(
                person=OuterRef("pk"),
                state__in=[Participation.State.ADMITTED, Participation.State.STARTED],
            )
        )
    )
    return [_reader(person, viewer, reverse("programme:my_page")) for person in _reachable(persons)]


def _occasions(user: User) -> Sequence[tuple[str, str]]:
    now = timezone.now()
    rows = (
        seen_by(user)
        .standing()  # type: ignore[attr-defined]
        .filter(starts_at__gt=now - NEAR, starts_at__lt=now + NEAR)
        .order_by("starts_at", "pk")
    )
    return [(row.public_id, f"{notices.day_of(row)} {row.title}") for row in rows]


Chosen = Callable[[Occasion], Q]


def _expected(chosen: Chosen) -> Callable[[str, User | None], Sequence[Reader]]:
    """Readers among those expected at an occasion."""

    def readers(key: str, viewer: User | None) -> Sequence[Reader]:
        occasion = Occasion.objects.filter(public_id=key).first()
        if occasion is None or occasion.state == Occasion.State.CANCELLED:
            return []
        expected = Invitation.objects.filter(chosen(occasion), occasion=occasion, withdrawn_at=None)
        persons = Person.objects.filter(invitations__in=expected)
        place, page = notices.place_of(occasion), notices.page_of(occasion)
        day = notices.day_of(occasion)
        when = hours_in_words(occasion.starts_at, occasion.ends_at)
        return [
            _reader(person, viewer, page, day=day, when=when)
            if person.protected
            else _reader(
                person, viewer, page, title=occasion.title, day=day, when=when, place=place
            )
            for person in _reachable(persons)
        ]

    return readers


def _there(occasion: Occasion) -> Q:
    """Marked as present, or checked in by a code, a list or a report."""
    marked = Attendance.objects.filter(
        occasion=occasion, person=OuterRef("person"), mark=Attendance.Mark.PRESENT
    )
    came = Segment.objects.filter(occasion=occasion, person=OuterRef("person"), voided_at=None)
    return Q(Exists(marked)) | Q(Exists(came))


AUDIENCES = (
    Audience(
        key="participants",
        name=_("Everyone who takes part"),
        why=_("You get this because you take part in a training course."),
        readers=taking_part,
    ),
    Audience(
        key="group",
        name=_("The members of a group"),
        why=_("You get this because you are a member of %(subject)s."),
        readers=in_group,
        subjects=_groups,
    ),
    Audience(
        key="occasion_expected",
        name=_("Everyone who is expected at an occasion"),
        why=_("You get this because you are expected at an occasion: %(subject)s."),
        readers=_expected(lambda _occasion: Q()),
        subjects=_occasions,
        placeholders=OCCASION,
        dated=True,
    ),
    Audience(
        key="occasion_no_answer",
        name=_("Those who have not answered an invitation"),
        why=_("You get this because you have not said whether you are coming: %(subject)s."),
        readers=_expected(lambda _occasion: Q(answer=Invitation.Answer.NONE)),
        subjects=_occasions,
        placeholders=OCCASION,
        dated=True,
    ),
    Audience(
        key="occasion_not_checked_in",
        name=_("Those who are not checked in at an occasion"),
        why=_("You get this because nobody has noted that you were there: %(subject)s."),
        readers=_expected(lambda occasion: ~_there(occasion)),
        subjects=_occasions,
        placeholders=OCCASION,
        dated=True,
    ),
    Audience(
        key="occasion_there",
        name=_("Those who were at an occasion"),
        why=_("You get this because you were at an occasion: %(subject)s."),
        readers=_expected(_there),
        subjects=_occasions,
        placeholders=OCCASION,
        dated=True,
    ),
)


def moments(
    start: datetime.datetime, end: datetime.datetime, kinds: Sequence[str]
) -> Sequence[Moment]:
    """Standing occasions that begin or end between the two moments."""
    rows = Occasion.objects.standing().filter(
        Q(starts_at__range=(start, end)) | Q(ends_at__range=(start, end))
    )
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    return [
        Moment(row.public_id, row.kind, row.starts_at, row.ends_at)
        for row in rows.order_by("starts_at", "pk")
    ]


def writing_to(user: User, audience: str, key: str) -> str:
    """Where the user writes to these readers; nothing when the user may not.

    Those who may not write to many cost no query.
    """
    if not may_send(user) or not may_write_to(user, audience, key):
        return ""
    readers = urlencode({"readers": f"{audience}:{key}"})
    return f"{reverse('workflows:mailing_new')}?{readers}"


CLOCK = Clock(kinds=lambda: Occasion.Kind.choices, between=moments)


def plug_in() -> None:
    """Let staff write to these, and make rules by the clock of occasions."""
    register(*AUDIENCES)
    register_clock(CLOCK)
