"""What another attendance would count, without writing anything."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

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
    cluster = reading.cluster_of([person], merged)
    occasions = reading.occasions_on(reading.days_to_count([occasion.pk], cluster))
    material = reading.material_for(occasions, cluster, merged)
    planned = occasions[occasion.pk]
    presences = {one.occasion: one for one in material.presences.get(person, [])}
    now = presences.get(occasion.pk) or rules.Presence(
        planned.id,
        planned.starts,
        planned.ends,
        planned.breaks,
        planned.cancelled,
        most=planned.most,
        once=planned.once,
    )
    presences[occasion.pk] = now._replace(mark=mark, segments=tuple(sorted(segments, key=_order)))
    book = reading.rule_book()
    by_day: dict[datetime.date, list[tuple[rules.Rules, rules.Presence]]] = defaultdict(list)
    for id, presence in presences.items():
        day = occasions[id].day
        by_day[day].append((book.on(occasions[id].programme_id, day), presence))
    reached: dict[int, int] = {}
    counted = [
        one for _day, sets in sorted(by_day.items()) for one in rules.count_day(sets, reached)
    ]
    changes = []
    for one in counted:
        current = material.current.get((one.presence.occasion, person))
        before = current.minutes if current else 0
        if before != one.minutes or one.presence.occasion == occasion.pk:
            changes.append(Change(one.presence.occasion, before, one.minutes))
    return changes


def _order(segment: tuple[int, int | None]) -> tuple[int, int]:
    return segment[0], segment[1] or 0
