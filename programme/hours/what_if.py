"""What another attendance would count, without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from programme.hours import reading, rules
from programme.models import Occasion


@dataclass(frozen=True)
class Change:
    """Minutes of one occasion as they stand, and as they would."""

    occasion: int
    before: int
    after: int


def what_if(
    *,
    occasion: Occasion,
    person_id: int,
    mark: str,
    segments: Sequence[tuple[int, int | None]],
) -> list[Change]:
    """The person's whole day counted as if this were registered at the occasion.

    Other occasions of the day change too when times overlap or the day is full.

    :param segments: in and out in seconds of UTC.
    """
    merged = reading.merged_persons()
    person = merged.get(person_id, person_id)
    occasions = reading.occasions_on(reading.days_of([occasion.pk]))
    material = reading.material_for(occasions, reading.cluster_of([person], merged), merged)
    planned = occasions[occasion.pk]
    presences = {one.occasion: one for one in material.presences.get(person, [])}
    now = presences.get(occasion.pk) or rules.Presence(
        planned.id, planned.starts, planned.ends, planned.breaks, planned.cancelled
    )
    presences[occasion.pk] = replace(now, mark=mark, segments=tuple(sorted(segments, key=_order)))
    book = reading.rule_book()
    counted = rules.count_day(
        (book.on(occasions[id].programme_id, occasions[id].day), presence)
        for id, presence in presences.items()
    )
    changes = []
    for one in counted:
        current = material.current.get((one.presence.occasion, person))
        before = current.minutes if current else 0
        if before != one.minutes or one.presence.occasion == occasion.pk:
            changes.append(Change(one.presence.occasion, before, one.minutes))
    return changes


def _order(segment: tuple[int, int | None]) -> tuple[int, int]:
    return segment[0], segment[1] or 0
