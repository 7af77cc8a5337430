"""Whoever is given a group is not expected elsewhere when it meets (R-080, R-083)."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from people.display import name_of
from people.models import User
from programme.groups.errors import BusyElsewhere
from programme.groups.placing_rules import Held, clashes
from programme.models import Invitation, Membership, Occasion, Participation
from programme.occasions import checks
from programme.occasions.inviting import lock_persons
from programme.venues.booking import hours_in_words


def lock_all(participations: Mapping[int, Participation], groups: Collection[int]) -> None:
    """Those who are placed and those in the groups, in one order; the groups are locked already."""
    members = Membership.objects.filter(group__in=groups)
    persons = set(members.values_list("participation__person_id", flat=True))
    lock_persons(persons | {each.person_id for each in participations.values()})


def ensure_free(
    participations: Mapping[int, Participation],
    wanted: Mapping[int, int],
    *,
    from_date: datetime.date,
    actor: User,
    leaving: int | None = None,
) -> None:
    """Raise when somebody is expected at something else while the new group meets.

    Two queries however many they are, and the names only where somebody is.

    :param wanted: group by participation.
    :param leaving: the group that is left; its occasions fall away.
    :raises BusyElsewhere: with the person and what they are expected at.
    """
    meets = _meets(set(wanted.values()), from_date)
    times = [held for several in meets.values() for held in several]
    if not times:
        return
    taken = _taken({p.person_id for p in participations.values()}, times, leaving)
    found = []
    for pk, group in wanted.items():
        person = participations[pk].person_id
        # Somebody who takes two courses may be placed in two groups at once.
        also = [
            held
            for other, group_id in wanted.items()
            if other != pk and participations[other].person_id == person
            for held in meets[group_id]
        ]
        found += [(pk, held) for held in clashes(meets[group], [*taken[person], *also])]
    if found:
        raise BusyElsewhere(_in_words(found, actor))


def barred(waiting: Sequence[Participation], groups: Collection[int]) -> dict[int, frozenset[int]]:
    """The groups that each one who waits could not be given today, by participation.

    Only what they are expected at now: two courses of one person are looked at when it is written.
    Two queries however many they are.
    """
    meets = _meets(groups, timezone.localdate())
    times = [held for several in meets.values() for held in several]
    if not times or not waiting:
        return {}
    taken = _taken({each.person_id for each in waiting}, times, None)
    found = {
        each.pk: frozenset(
            group for group, wanted in meets.items() if clashes(wanted, taken[each.person_id])
        )
        for each in waiting
        if taken[each.person_id]
    }
    return {pk: groups for pk, groups in found.items() if groups}


def _meets(groups: Collection[int], from_date: datetime.date) -> dict[int, list[Held]]:
    """When each group meets from the day on."""
    found: dict[int, list[Held]] = defaultdict(list)
    for group, pk, title, starts_at, ends_at in (
        Occasion.objects.standing()
        .filter(group__in=groups, kind__in=checks.TIED, ends_at__gt=timezone.now())
        .order_by("starts_at", "pk")
        .values_list("group_id", "pk", "title", "starts_at", "ends_at")
    ):
        if group is not None and timezone.localdate(starts_at) >= from_date:
            found[group].append(Held(pk, title, starts_at, ends_at))
    return found


def _taken(
    persons: Collection[int], times: list[Held], leaving: int | None
) -> dict[int, list[Held]]:
    """What each person is expected at while any of it goes on."""
    found: dict[int, list[Held]] = defaultdict(list)
    span = checks.overlapping(
        min(each.starts_at for each in times), max(each.ends_at for each in times)
    )
    rows = Invitation.objects.expected().filter(
        person__in=persons, occasion__in=Occasion.objects.filter(span)
    )
    if leaving is not None:
        # Seats there that staff have given by hand stay, whatever the group does.
        rows = rows.exclude(occasion__group=leaving, by_hand=False)
    for row in rows.select_related("occasion").order_by("occasion__starts_at", "pk"):
        one = row.occasion
        found[row.person_id].append(Held(one.pk, one.title, one.starts_at, one.ends_at))
    return found


def _in_words(found: list[tuple[int, Held]], actor: User) -> list[str]:
    rows = Participation.objects.select_related("person__unit").in_bulk({pk for pk, _held in found})
    return [
        _("%(name)s: “%(title)s”, %(hours)s")
        % {
            "name": name_of(rows[pk].person, actor),
            "title": held.title,
            "hours": hours_in_words(held.starts_at, held.ends_at),
        }
        for pk, held in found
    ]
