"""Reads shaped for the pages of groups; the number of queries never follows the number of rows."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.display import name_of
from people.models import Sex, User, employed_on
from people.ordering import by_name
from programme import figure_rules
from programme.groups import rules
from programme.models import Group, Membership, Occasion, Participation, Place, Programme
from programme.queries import settings_on, without_manager

ONGOING = (Participation.State.ADMITTED, Participation.State.STARTED)


@dataclass(frozen=True)
class GroupFilter:
    """What the list of groups is narrowed to."""

    course: str = ""
    wave: str = ""
    district: str = ""
    state: str = ""


def groups_for(user: User) -> QuerySet[Group]:
    """Groups that the user arranges, with size, occasions held and planned, and their days."""
    members = Membership.objects.filter(group=OuterRef("pk"), to_date=None).order_by()
    occasions = Occasion.objects.standing().filter(group=OuterRef("pk")).order_by()

    def of(rows: QuerySet[Any], what: Any) -> Subquery:
        return Subquery(rows.values("group").annotate(found=what).values("found"))

    held = Count("pk", filter=Q(ends_at__lte=timezone.now()))
    return (
        Group.objects.arranged_by(user)
        .select_related("course", "wave", "district")
        .annotate(
            size=Coalesce(of(members, Count("pk")), 0),
            occasions_planned=Coalesce(of(occasions, Count("pk")), 0),
            occasions_held=Coalesce(of(occasions, held), 0),
            first_at=of(occasions, Min("starts_at")),
            last_at=of(occasions, Max("starts_at")),
        )
        .order_by("course_id", "district__name", "name", "pk")
    )


def held(group: Group) -> int:
    """How many of its occasions are over; as :func:`groups_for` counts them."""
    number: int = getattr(group, "occasions_held", 0)
    return number


def planned(group: Group) -> int:
    """How many occasions it has; as :func:`groups_for` counts them."""
    number: int = getattr(group, "occasions_planned", 0)
    return number


def narrowed(groups: QuerySet[Group], wanted: GroupFilter) -> QuerySet[Group]:
    """Only the groups asked for; nonsense in the address narrows nothing."""
    if wanted.course:
        groups = groups.filter(course__key=wanted.course)
    if wanted.wave:
        groups = groups.filter(wave__public_id=wanted.wave)
    if wanted.district:
        groups = groups.filter(district__public_id=wanted.district)
    if wanted.state in Group.State.values:
        groups = groups.filter(state=wanted.state)
    return groups


def limits_on(programme: Programme, day: datetime.date) -> rules.Limits:
    """The settings on the day."""
    values = settings_on(programme, day)
    return rules.Limits(
        lowest=int(values["group_size_lowest"]),
        highest=int(values["group_size_highest"]),
        most_months=int(values["series_months"]),
        least_days_between=int(values["practice_days"]),
    )


@dataclass(frozen=True)
class Member:
    """One line of the list of members."""

    participation: Participation
    membership: Membership
    name: str
    place: Place | None


@dataclass(frozen=True)
class Composition:
    """What the members have in common, and the women among them against the workforce."""

    units: list[rules.Share] = field(default_factory=list)
    districts: list[rules.Share] = field(default_factory=list)
    areas: list[rules.Share] = field(default_factory=list)
    # Nothing when so few are counted that it would tell of persons.
    balance: figure_rules.GenderBalance | None = None
    at_least: int = 0


def members_of(group: Group) -> list[Membership]:
    """The memberships that last, by name."""
    return list(
        Membership.objects.filter(group=group, to_date=None)
        .select_related(
            "participation__person__unit",
            "participation__unit",
            "participation__district",
            "participation__category",
            "participation__place",
        )
        .order_by(*by_name("participation__person__"), "pk")
    )


def former_members(group: Group) -> list[Membership]:
    """Memberships that are over, newest first."""
    return list(
        Membership.objects.filter(group=group)
        .exclude(to_date=None)
        .select_related("participation__person__unit")
        .order_by("-to_date", "-pk")
    )


def named(memberships: Sequence[Membership], viewer: User) -> list[Member]:
    """Lines for a list, named as the viewer may see them."""
    return [
        Member(
            m.participation,
            m,
            name_of(m.participation.person, viewer),
            m.participation.place,
        )
        for m in memberships
    ]


def composition(participations: Sequence[Participation], values: dict[str, Any]) -> Composition:
    """Who the members are, all together.

    :param values: the programme's settings on the day.
    """
    known = [p.person.sex for p in participations if p.person.sex]
    at_least = int(values["small_number_limit"])
    return Composition(
        units=rules.shares([p.unit.name for p in participations]),
        districts=rules.shares([p.district.short_name for p in participations]),
        areas=rules.shares([p.unit.service_area for p in participations if p.unit.service_area]),
        balance=figure_rules.gender_balance(
            sum(sex == Sex.WOMAN for sex in known),
            len(known),
            baseline_percent=int(values["women_share_percent"]),
            at_least=at_least,
        ),
        at_least=at_least,
    )


def occasions_of(group: Group) -> list[Occasion]:
    """The group's occasions in order, the cancelled ones among them."""
    return list(
        Occasion.objects.filter(group=group)
        .select_related("unit", "district")
        .prefetch_related("trainers", "bookings__venue")
        .annotate(
            invited=Count("invitations", filter=Q(invitations__withdrawn_at=None), distinct=True),
            not_coming=Count(
                "invitations",
                filter=Q(invitations__withdrawn_at=None, invitations__answer="not_coming"),
                distinct=True,
            ),
        )
        .order_by("starts_at", "pk")
    )


def standing_of(memberships: Sequence[Membership], occasions: Sequence[Occasion]) -> rules.Standing:
    """The group as the rules see it."""
    return rules.Standing(
        size=len(memberships),
        days=tuple(
            timezone.localtime(one.starts_at).date()
            for one in occasions
            if one.state != Occasion.State.CANCELLED
        ),
        units=tuple(
            (timezone.localtime(one.starts_at).date(), one.unit.number)
            for one in occasions
            if one.state != Occasion.State.CANCELLED and one.unit is not None
        ),
        without_manager=tuple(without_manager(m.participation for m in memberships).values()),
    )


def unplaced(user: User, course_id: int | None = None) -> QuerySet[Participation]:
    """Participations that wait for a group, in administrations where the user arranges.

    Whoever has left the city waits for nothing; staff end what remains of it.
    """
    found = Participation.objects.arranged_by(user).ongoing()
    found = found.filter(employed_on(timezone.localdate(), "person__"))
    if course_id is not None:
        found = found.filter(course=course_id)
    placed = Membership.objects.filter(to_date=None).values("participation_id")
    return (
        found.exclude(pk__in=placed)
        .select_related("person__unit", "unit", "district", "category", "course", "place__wave")
        .order_by("district__name", "unit__name", *by_name("person__"), "pk")
    )


def memberships_of(groups: Collection[int]) -> dict[int, list[Participation]]:
    """Participations by group; one query."""
    found: dict[int, list[Participation]] = {pk: [] for pk in groups}
    for row in Membership.objects.filter(group__in=groups, to_date=None).select_related(
        "participation__person", "participation__unit"
    ):
        found[row.group_id].append(row.participation)
    return found
