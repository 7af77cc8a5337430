"""Managers told, by a dated setting, how their staff are doing (R-047): counts and a link, no names."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.operations import operation
from people.models import Capability, RoleAssignment, User, employed_on
from programme import queries
from programme.models import Participation
from programme.staff import progress
from workflows import outbox
from workflows.models import Message


@dataclass
class Counts:
    """What one manager is told."""

    taking: int = 0
    completed: int = 0
    at_risk: int = 0


def period_of(day: datetime.date, every: str) -> str:
    """The name of the week or month that one message is for; empty when none is sent."""
    if every == "never":
        return ""
    if every == "week":
        year, week, _weekday = day.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{day:%Y-%m}"


def send(day: datetime.date) -> int:
    """Queue the period's messages; running again sends nothing twice. How many were queued."""
    programme = queries.current_programme()
    if programme is None:
        return 0
    period = period_of(day, str(queries.settings_on(programme, day)["manager_digest"]))
    if not period:
        return 0
    managers = _untold(_managers(day), period)
    return _queue(managers, _counted(managers, day), period) if managers else 0


def _managers(day: datetime.date) -> dict[User, set[int]]:
    """Managers and where they are managers."""
    found: dict[User, set[int]] = {}
    rows = (
        RoleAssignment.objects.on(day)
        .filter(role__capabilities__contains=[Capability.NOMINATE])
        .select_related("user")
        .order_by("user_id")
    )
    for row in rows:
        found.setdefault(row.user, set()).add(row.organisation_id)
    return found


def _key(user: User, period: str) -> str:
    return f"staff.digest:{period}:{user.pk}"


def _untold(managers: dict[User, set[int]], period: str) -> dict[User, set[int]]:
    keys = [_key(user, period) for user in managers]
    told = set(Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    return {user: held for user, held in managers.items() if _key(user, period) not in told}


def _counted(managers: dict[User, set[int]], day: datetime.date) -> dict[User, Counts]:
    """Every participation once, counted for each manager above it.

    Whoever has left counts with what was completed: no manager can help the rest to its end.
    """
    wanted = sorted({pk for held in managers.values() for pk in held})
    rows: Sequence[Participation] = list(
        Participation.objects.filter(unit__lineage__overlap=wanted)
        .filter(employed_on(day, "person__") | Q(state=Participation.State.COMPLETED))
        .exclude(state=Participation.State.DROPPED)
        .select_related("unit", "course__programme", "category")
    )
    standings = progress.of_many(rows, repairs=False)
    counts = {user: Counts() for user in managers}
    for row in rows:
        for user, held in managers.items():
            if held.isdisjoint(row.unit.lineage):
                continue
            completed = row.state == Participation.State.COMPLETED
            counts[user].taking += not completed
            counts[user].completed += completed
            counts[user].at_risk += standings[row.pk].progress.at_risk
    return counts


@transaction.atomic
def _queue(managers: dict[User, set[int]], counts: dict[User, Counts], period: str) -> int:
    told = 0
    with operation("staff.digest", subject=period):
        for user in managers:
            if not (counts[user].taking or counts[user].completed):
                continue
            outbox.queue(
                recipient=user,
                kind="staff.digest",
                dedupe_key=_key(user, period),
                subject=_("How your staff are doing in the training"),
                body="\n".join(lines(counts[user])),
                link=reverse("staff:mine"),
            )
            told += 1
    return told


def lines(counts: Counts) -> list[str]:
    """The message's lines: figures only."""
    said = [
        ngettext(
            "%(number)d participation of your staff goes on.",
            "%(number)d participations of your staff go on.",
            counts.taking,
        )
        % {"number": counts.taking},
        ngettext("%(number)d is completed.", "%(number)d are completed.", counts.completed)
        % {"number": counts.completed},
    ]
    if counts.at_risk:
        said.append(
            ngettext(
                "%(number)d risks not to be completed. The page shows which occasions would help.",
                "%(number)d risk not to be completed. The page shows which occasions would help.",
                counts.at_risk,
            )
            % {"number": counts.at_risk}
        )
    return said
