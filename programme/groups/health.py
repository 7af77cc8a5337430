"""Groups that will not work as they stand; for the configuration check."""

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.health import Finding, Severity
from programme.groups.capacity import district_rows
from programme.groups.capacity_rules import Coverage
from programme.models import Group, Membership, Occasion
from programme.queries import current_programme

#: Days before an occasion within which somebody should know that they teach.
SOON = 14
#: Names that a finding tells; the rest are counted.
NAMED = 3


def check(on: datetime.date) -> Iterator[Finding]:
    """Members without an occasion, occasions soon without a trainer, districts without a group.

    The number of queries does not depend on how many there are.
    """
    yield from _without_occasions(on)
    yield from _without_trainer(on)
    yield from _without_group(on)


def _without_occasions(on: datetime.date) -> Iterator[Finding]:
    members = Membership.objects.filter(group=OuterRef("pk"), to_date__isnull=True)
    occasions = Occasion.objects.filter(group=OuterRef("pk")).exclude(
        state=Occasion.State.CANCELLED
    )
    groups = Group.objects.running().filter(Exists(members), ~Exists(occasions))
    names = list(groups.values_list("name", flat=True))
    if names:
        yield Finding(
            ngettext(
                "%(n)d group has participants and no occasion: %(names)s.",
                "%(n)d groups have participants and no occasion: %(names)s.",
                len(names),
            )
            % {"n": len(names), "names": _named(names)},
            Severity.WARNING,
            reverse("groups:list"),
        )


def _without_trainer(on: datetime.date) -> Iterator[Finding]:
    soon = Occasion.objects.filter(
        kind=Occasion.Kind.TRAINING,
        starts_at__date__range=(on, on + datetime.timedelta(days=SOON)),
        trainers=None,
    ).exclude(state=Occasion.State.CANCELLED)
    titles = _titles(soon)
    if titles:
        yield Finding(
            ngettext(
                "%(n)d occasion within two weeks has no trainer: %(names)s.",
                "%(n)d occasions within two weeks have no trainer: %(names)s.",
                len(titles),
            )
            % {"n": len(titles), "names": _named(titles)},
            Severity.SOON,
            reverse("occasions:list"),
        )


def _without_group(on: datetime.date) -> Iterator[Finding]:
    """The alarm that the page of capacity shows (R-010), while something can still be done."""
    programme = current_programme()
    if programme is None or on > programme.ends_on:
        return
    names = [
        row.district.name for row in district_rows(programme, on) if row.coverage is Coverage.ALARM
    ]
    if names:
        # Broken, not a warning: what is broken is mailed, and this cannot wait to be found.
        yield Finding(
            ngettext(
                "%(n)d district has no group, and the programme ends soon: %(names)s.",
                "%(n)d districts have no group, and the programme ends soon: %(names)s.",
                len(names),
            )
            % {"n": len(names), "names": _named(names)},
            Severity.SOON,
            reverse("groups:capacity"),
        )


def _titles(occasions: QuerySet[Occasion]) -> list[str]:
    found = occasions.order_by("starts_at", "pk").values_list("title", "starts_at__date")
    return [f"{title} {day}" for title, day in found]


def _named(names: list[str]) -> str:
    """The first names, and how many more there are."""
    told = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return _("%(names)s and %(more)d more") % {"names": told, "more": more} if more > 0 else told
