"""Viewing that comes to count in a locked month: whoever handles corrections registers here."""

from collections.abc import Callable

from programme.hours.intervals import Interval
from programme.models import Correction, Occasion

#: The day's occasion, the viewer, and the spans in seconds of UTC that no time present holds.
Proposer = Callable[[Occasion, int, list[Interval]], None]
_PROPOSERS: list[Proposer] = []


def follow(proposer: Proposer) -> None:
    """Call the function, in the same transaction, when viewing belongs to a locked month."""
    if proposer not in _PROPOSERS:
        _PROPOSERS.append(proposer)


def tell(occasion: Occasion, person_id: int, spans: list[Interval]) -> None:
    """These spans were watched on a day whose hours are reported; a person decides about them."""
    for proposer in _PROPOSERS:
        proposer(occasion, person_id, spans)


def judged(person_id: int, unit_id: int) -> list[tuple[str, str]]:
    """Times of the person that a correction of the unit's occasions has named; ISO moments.

    Whatever became of it: what is declined is not proposed again, and what is approved stands
    as times of the list and not of viewing.
    """
    found = Correction.objects.filter(person=person_id, occasion__unit=unit_id)
    return [
        (begin, end)
        for after in found.values_list("after", flat=True)
        for begin, end in after.get("segments", [])
        if end
    ]
