"""Hiding what tells of a group so small that it tells of a person: a pure rule."""

from collections.abc import Mapping, Sequence

HIDDEN = "dolt"
Profile = tuple[str, ...]


def without_small(
    people: Mapping[str, Profile], *, limit: int, order: Sequence[int]
) -> dict[str, Profile]:
    """Everybody's profile, so hidden that no fewer than the limit share what is left of it.

    Column by column, those of a small group lose that column's value. A small group hidden alone
    could be found as all the others' rest, so the least of its neighbours is hidden with it until
    they are enough (the secondary hiding). Whoever is still in a small group when every column
    has been tried loses all of them, together with the least groups that are left. Fewer people
    than the limit in all give nothing.

    :param people: each person's code and values.
    :param order: the columns, the one that is hidden first at the beginning.
    """
    if len(people) < limit:
        return {}
    found = dict(people)
    for column in order:
        families: dict[Profile, dict[Profile, list[str]]] = {}
        for code, profile in found.items():
            family = families.setdefault(_hide(profile, [column]), {})
            family.setdefault(profile, []).append(code)
        for parent, groups in families.items():
            for code in _to_hide(groups, limit):
                found[code] = parent
    return _hide_the_rest(found, limit, order)


def _to_hide(groups: Mapping[Profile, Sequence[str]], limit: int) -> list[str]:
    """Who loses the column: the small groups, and the least others until they are enough."""
    # The value as tie-breaker, so that the same people always give the same file.
    waiting = sorted(groups.items(), key=lambda one: (len(one[1]), one[0]))
    hidden: list[str] = []
    while waiting and (len(waiting[0][1]) < limit or 0 < len(hidden) < limit):
        hidden += waiting.pop(0)[1]
    return hidden


def _hide_the_rest(
    found: Mapping[str, Profile], limit: int, order: Sequence[int]
) -> dict[str, Profile]:
    groups: dict[Profile, list[str]] = {}
    for code, profile in found.items():
        groups.setdefault(profile, []).append(code)
    hidden = set(_to_hide(groups, limit))
    return {
        code: _hide(profile, order) if code in hidden else profile
        for code, profile in found.items()
    }


def _hide(profile: Profile, columns: Sequence[int]) -> Profile:
    return tuple(HIDDEN if at in columns else value for at, value in enumerate(profile))
