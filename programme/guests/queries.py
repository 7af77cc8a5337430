"""Reads shaped for the guests' pages; the number of queries never follows the number of rows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from programme.guests import rules
from programme.models import (
    Guest,
    GuestList,
    Municipality,
    MunicipalityCount,
    Occasion,
    Programme,
)
from programme.queries import settings_on
from programme.venues.queries import State as Tag


@dataclass(frozen=True)
class FromWhere:
    """One municipality at one event, or at all of them."""

    municipality: Municipality
    registered: int
    attended: int | None


def by_municipality(found: GuestList) -> list[FromWhere]:
    """Where guests come from: their rows until these are erased, the counts afterwards."""
    counts = {row.municipality_id: row for row in found.counts.all()}
    if found.erased_at is None:
        registered = dict(
            Guest.objects.coming()
            .filter(guest_list=found)
            .order_by()
            .values_list("municipality_id")
            .annotate(number=Count("pk"))
        )
    else:
        registered = {pk: row.registered for pk, row in counts.items()}
    shown = Municipality.objects.filter(pk__in={*registered, *counts})
    return [
        FromWhere(
            one,
            registered.get(one.pk, 0),
            counts[one.pk].attended if one.pk in counts else None,
        )
        for one in shown
    ]


@dataclass(frozen=True)
class EventLine:
    """One dissemination event in figures."""

    occasion: Occasion
    held: bool
    guests: int
    attended: int | None
    municipalities: int


@dataclass(frozen=True)
class Dissemination:
    """Whether enough events are held, and who has been reached."""

    asked_for: int
    held: int
    due: Sequence[rules.Due]
    events: Sequence[EventLine]
    municipalities: int
    attended: int

    @property
    def warnings(self) -> list[rules.Due]:
        """What staff must do something about."""
        return [one for one in self.due if one.warns]


def dissemination(programme: Programme, today: datetime.date | None = None) -> Dissemination:
    """The programme's dissemination events against what was promised; six queries."""
    day = today or timezone.localdate()
    values = settings_on(programme, day)
    number = int(values["dissemination_events"])
    occasions = list(
        Occasion.objects.standing()
        .filter(programme=programme, kind=Occasion.Kind.EVENT)
        .select_related("guest_list")
        .order_by("starts_at", "pk")
    )
    lines = _lines(occasions, day)
    due = rules.standings(
        rules.due_days(programme.starts_on, programme.ends_on, number),
        [
            rules.Event(timezone.localdate(one.starts_at), one.title, one.public_id)
            for one in occasions
        ],
        day,
        int(values["dissemination_warn_days"]),
    )
    reached = (
        MunicipalityCount.objects.filter(guest_list__occasion__in=occasions, attended__gt=0)
        .values("municipality")
        .distinct()
        .count()
    )
    return Dissemination(
        asked_for=number,
        held=sum(line.held for line in lines),
        due=due,
        events=lines,
        municipalities=reached,
        attended=sum(line.attended or 0 for line in lines),
    )


def _lines(occasions: Sequence[Occasion], day: datetime.date) -> list[EventLine]:
    coming = dict(
        Guest.objects.coming()
        .filter(guest_list__occasion__in=occasions)
        .order_by()
        .values_list("guest_list__occasion_id")
        .annotate(number=Count("pk"))
    )
    came = {
        pk: (number, where)
        for pk, number, where in MunicipalityCount.objects.filter(
            guest_list__occasion__in=occasions
        )
        .order_by()
        .values_list("guest_list__occasion_id")
        .annotate(number=Sum("attended"), where=Count("pk", filter=Q(attended__gt=0)))
    }
    return [
        EventLine(
            one,
            timezone.localdate(one.starts_at) <= day,
            coming.get(one.pk, 0),
            came.get(one.pk, (None, 0))[0],
            came.get(one.pk, (None, 0))[1],
        )
        for one in occasions
    ]


def tag_of(standing: rules.Standing) -> Tag:
    """How one of the events asked for stands, as a word and a colour."""
    return {
        rules.Standing.HELD: Tag(_("Held"), "green"),
        rules.Standing.PLANNED: Tag(_("Planned in time"), "teal"),
        rules.Standing.MISSING: Tag(_("Not planned yet"), "grey"),
        rules.Standing.SOON: Tag(_("Must be planned now"), "amber"),
        rules.Standing.LATE: Tag(_("Late"), "red"),
    }[standing]


def guest_tag(state: str) -> Tag:
    """A guest's state as a word and a colour."""
    colours = {
        Guest.State.ASKED: "grey",
        Guest.State.CONFIRMED: "green",
        Guest.State.FULL: "amber",
        Guest.State.LEFT: "grey",
    }
    known = Guest.State(state)
    return Tag(str(known.label).capitalize(), colours[known])
