"""What some participants need to take part: told, arranged, and erased after the series."""

import datetime
from itertools import cycle

from people.models import User
from programme.demo_story.dating import as_dated, at
from programme.demo_story.groups import Told
from programme.demo_story.ids import Ids
from programme.models import AdaptationNeed

TEXTS = (
    "Behöver hörslinga.",
    "Kommer med rullstol.",
    "Behöver materialet i förväg, helst i stor stil.",
    "Allergisk mot nötter och parfym.",
    "Behöver kunna stå under delar av dagen.",
)
# What cannot be arranged everywhere, and what the participant reads about it.
REFUSED = {
    TEXTS[0]: "Lokalen har ingen slinga. Vi använder mikrofon och textar det som sägs.",
}
#: One in so many of those is refused.
EVERY = 4
KEPT = datetime.timedelta(days=30)


def lay_needs(told: list[Told], ids: Ids, today: datetime.date, administrator: User) -> None:
    """One need for those who have any; emptied a month after the group's last occasion."""
    texts = cycle(TEXTS)
    rows: list[AdaptationNeed] = []
    for one in told:
        erased_on = one.last_day + KEPT
        is_erased = erased_on < today
        for stay in one.stays:
            if not stay.plan.needs or stay.units.start > 1:
                continue
            text = next(texts)
            told_on = stay.participation.admitted_on + datetime.timedelta(days=7)
            if told_on >= today:
                continue
            arranged = told_on + datetime.timedelta(days=5) < today
            refused = arranged and text in REFUSED and len(rows) % EVERY == 0
            rows.append(
                AdaptationNeed(
                    public_id=ids.new(),
                    person=stay.member.person,
                    participation=stay.participation,
                    text="" if is_erased else text,
                    handled_at=at(told_on + datetime.timedelta(days=5), 600) if arranged else None,
                    handled_by=administrator if arranged else None,
                    not_arranged=refused,
                    reason=REFUSED[text] if refused and not is_erased else "",
                    created_at=at(told_on, 600),
                    erased_at=at(erased_on, 120) if is_erased else None,
                )
            )
    with as_dated(AdaptationNeed):
        AdaptationNeed.objects.bulk_create(rows)
