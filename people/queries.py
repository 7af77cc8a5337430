"""Reads about roles: who answers for what, found upwards in the tree."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from people.access import held_by
from people.models import Organisation, RoleAssignment, User


@dataclass(frozen=True)
class Holder:
    """Someone who holds a role, and for which organisation."""

    user_id: int
    name: str
    email: str
    role_key: str
    role_name: str
    organisation_id: int
    organisation_name: str


def holders(
    role_key: str,
    organisation: Organisation,
    *,
    on: datetime.date,
    excluding: frozenset[int] = frozenset(),
) -> list[Holder]:
    """Holders at the nearest level, from the organisation's own upwards.

    :param excluding: accounts that may not act here, such as the one who nominated;
        when they are a level's only holders, the level above answers.
    """
    found = holders_for_many([(role_key, organisation)], on=on, excluding=excluding)
    return found[(role_key, organisation.pk)]


def holders_for_many(
    wanted: Iterable[tuple[str, Organisation]],
    *,
    on: datetime.date,
    excluding: frozenset[int] = frozenset(),
) -> dict[tuple[str, int], list[Holder]]:
    """As :func:`holders` for many (role key, organisation) pairs, in one query."""
    pairs = {(role_key, org.pk): org.lineage for role_key, org in wanted}
    nodes = {node for lineage in pairs.values() for node in lineage}
    by_place = _holders_by_place({key for key, _pk in pairs}, nodes, on, excluding)
    return {
        (role_key, pk): next(
            (
                by_place[(role_key, node)]
                for node in reversed(lineage)
                if (role_key, node) in by_place
            ),
            [],
        )
        for (role_key, pk), lineage in pairs.items()
    }


def _holders_by_place(
    role_keys: Collection[str],
    nodes: Collection[int],
    on: datetime.date,
    excluding: frozenset[int],
) -> dict[tuple[str, int], list[Holder]]:
    rows = (
        RoleAssignment.objects.on(on)
        .filter(role_id__in=role_keys, organisation_id__in=nodes)
        .exclude(user_id__in=excluding)
        .select_related("user", "role", "organisation")
        .order_by("user__last_name", "user__first_name", "user_id")
    )
    found: dict[tuple[str, int], list[Holder]] = {}
    for row in rows:
        holder = Holder(
            user_id=row.user_id,
            name=row.user.get_full_name(),
            email=row.user.email,
            role_key=row.role_id,
            role_name=row.role.name,
            organisation_id=row.organisation_id,
            organisation_name=row.organisation.name,
        )
        place = found.setdefault((row.role_id, row.organisation_id), [])
        if all(other.user_id != holder.user_id for other in place):
            place.append(holder)
    return found


def responsibility(user: User, on: datetime.date) -> list[tuple[str, list[int]]]:
    """For each role the account holds: the organisations it is the nearest holder of.

    An organisation below with a holder of its own answers for itself, so what
    waits there does not fill the inbox of the level above.
    """
    mine: dict[str, set[int]] = defaultdict(set)
    for role in held_by(user, on).assignments:
        mine[role.key].add(role.organisation_id)
    if not mine:
        return []
    held = RoleAssignment.objects.on(on).filter(organisation=OuterRef("pk"), role_id__in=mine)
    below = list(
        Organisation.objects.below([node for nodes in mine.values() for node in nodes])
        .order_by("pk")
        .values_list("pk", "lineage", ArraySubquery(held.values("role_id")))
    )
    taken = {(key, pk) for pk, _lineage, keys in below for key in keys}
    answer = []
    for key, nodes in sorted(mine.items()):
        covered = []
        for pk, lineage, _keys in below:
            nearest = next((node for node in reversed(lineage) if (key, node) in taken), None)
            if nearest in nodes:
                covered.append(pk)
        answer.append((key, covered))
    return answer


def missing_holders(role_key: str, on: datetime.date) -> list[Organisation]:
    """Districts where nobody answers for the role: not above, not there and not below.

    A workflow that waits for the role could not move there, so it is not published.
    """
    places = set(
        RoleAssignment.objects.on(on)
        .filter(role_id=role_key)
        .values_list("organisation_id", flat=True)
    )
    reached = {
        node
        for lineage in Organisation.objects.filter(pk__in=places).values_list("lineage", flat=True)
        for node in lineage
    }
    districts = Organisation.objects.valid_on(on).filter(kind=Organisation.Kind.DISTRICT)
    return [
        district
        for district in districts
        if district.pk not in reached and places.isdisjoint(district.lineage)
    ]
