"""The daily digest: one message a day to administrators, when something is broken or soon due."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.operations import operation
from core import health
from people.models import Capability, RoleAssignment, User
from workflows import outbox

MOST_LINES = 20


def administrators(on: datetime.date) -> list[User]:
    """Those who may put things right today."""
    holders = RoleAssignment.objects.on(on).filter(
        role__capabilities__contains=[Capability.MANAGE_DEFINITIONS]
    )
    return list(User.objects.filter(is_active=True, pk__in=holders.values("user")).order_by("pk"))


@transaction.atomic
def send(on: datetime.date) -> int:
    """Queue the day's message, once however often it is run; how many readers it has."""
    told = _lines(health.findings(on))
    if not told:
        return 0
    lines = told[:MOST_LINES]
    if len(told) > MOST_LINES:
        lines.append(_("… and %(number)s more.") % {"number": len(told) - MOST_LINES})
    readers = administrators(on)
    with operation("health.digest", subject=on.isoformat()):
        for reader in readers:
            outbox.queue_worded(
                recipient=reader,
                kind="health.digest",
                dedupe_key=f"health.digest:{on.isoformat()}:{reader.pk}",
                values={"number": len(told), "more": "\n".join(lines)},
                link=reverse("workflows:health"),
            )
    return len(readers)


def _lines(areas: Sequence[health.Area]) -> list[str]:
    """What is told, a line each: all that is broken, then what is soon due."""
    found = [
        (one.severity, f"{area.title}: {one.message}") for area in areas for one in area.findings
    ]
    return [
        *(line for severity, line in found if severity is health.Severity.BROKEN),
        *(
            _("Soon due. %(what)s") % {"what": line}
            for severity, line in found
            if severity is health.Severity.SOON
        ),
    ]
