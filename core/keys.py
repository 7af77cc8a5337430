"""Keys that are made of a label once and then stay; pure.

Answers, decisions and conditions are found by keys, so nobody types or changes one: what has
been saved keeps its key whatever is posted, and what is new gets one that nothing else has.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Keyed:
    """Something that bears a key, as a form has posted it."""

    #: The editor's own id, which it keeps when its place or its words change.
    id: str
    key: str
    label: str


def unique(wanted: str, taken: Collection[str], *, length: int, joint: str = "_") -> str:
    """The key, or the first of key_2, key_3 … that is not taken, no longer than the length."""
    found, number = wanted[:length], 1
    while found in taken:
        number += 1
        end = f"{joint}{number}"
        found = wanted[: length - len(end)] + end
    return found


def settled(
    posted: Sequence[Keyed],
    saved: Mapping[str, str],
    *,
    make: Callable[[str], str],
    usable: Callable[[str], bool],
    length: int,
) -> list[str]:
    """The key of each, in order.

    What has been saved keeps its key. What is new keeps the one it was given on the page, which
    a condition may name already, when nothing else has it; otherwise one is made of its label.
    A copy comes with the key of what it was copied from, and gets its own.

    :param saved: keys by the editor's id; a key that cannot be used is made anew.
    :param make: a key of a label.
    """
    found: dict[int, str] = {}
    taken: set[str] = set()

    def give(at: int, key: str) -> None:
        found[at] = key
        taken.add(key)

    for at, one in enumerate(posted):
        key = saved.get(one.id, "")
        if usable(key) and key not in taken:
            give(at, key)
    for at, one in enumerate(posted):
        if at not in found and usable(one.key) and one.key not in taken:
            give(at, one.key)
    for at, one in enumerate(posted):
        if at not in found:
            key = make(one.label)
            # A label that makes a reserved word is told apart from it.
            reserved = set() if usable(key) else {key}
            give(at, unique(key, taken | reserved, length=length))
    return [found[at] for at in range(len(posted))]
