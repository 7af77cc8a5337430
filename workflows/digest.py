"""The daily digest: one message a day to administrators, and only when something is broken."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    broken = [
        f"{area.title}: {one.message}"
        for area in health.findings(on)
        for one in area.findings
        if one.severity is health.Severity.BROKEN
    ]
    if not broken:
        return 0
    lines = broken[:MOST_LINES]
    if len(broken) > MOST_LINES:
        lines.append(_("… and %(number)s more.") % {"number": len(broken) - MOST_LINES})
    readers = administrators(on)
    with operation("health.digest", subject=on.isoformat()):
        for reader in readers:
            outbox.queue(
                recipient=reader,
                kind="health.digest",
                dedupe_key=f"health.digest:{on.isoformat()}:{reader.pk}",
                subject=ngettext(
                    "%(number)s thing in the portal needs to be put right",
                    "%(number)s things in the portal need to be put right",
                    len(broken),
                )
                % {"number": len(broken)},
                body="\n".join(lines),
                link=reverse("workflows:health"),
            )
    return len(readers)
