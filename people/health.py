"""What is wrong with roles as they are held today; for the daily digest."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from core.health import Finding, Severity
from people.models import Capability, Role, RoleAssignment

#: So long before a role's last holder leaves, somebody should be found.
SOON = datetime.timedelta(days=14)
#: Without these nobody can put anything else right.
NEEDED = (Capability.MANAGE_ACCOUNTS, Capability.MANAGE_DEFINITIONS)


def check(on: datetime.date) -> Iterator[Finding]:
    """Roles that nobody holds, that end soon, or that are held where nothing is any more.

    Three queries, however many roles and holders there are.
    """
    link = reverse("people:accounts")
    roles = list(Role.objects.annotate(ever=Count("assignments")))
    held: dict[str, list[RoleAssignment]] = defaultdict(list)
    for one in RoleAssignment.objects.on(on).select_related("organisation").order_by("pk"):
        held[one.role_id].append(one)
    for role in roles:
        holders = held[role.key]
        words = {"role": role.name}
        if not holders:
            if role.ever:
                yield Finding(
                    _("Nobody holds the role «%(role)s» any more.") % words, Severity.BROKEN, link
                )
            continue
        last = max((one.valid_to or datetime.date.max) for one in holders)
        if last <= on + SOON:
            yield Finding(
                _("The last who holds the role «%(role)s» leaves it %(day)s.")
                % {**words, "day": last.isoformat()},
                Severity.SOON,
                link,
            )
        yield from _elsewhere(role, holders, on, link)
    yield from _nobody_can(roles, held, link)


def _elsewhere(
    role: Role, holders: list[RoleAssignment], on: datetime.date, link: str
) -> Iterator[Finding]:
    """A role held for an organisation that has ended reaches nobody."""
    for one in holders:
        ended = one.organisation.valid_to
        if ended is not None and ended < on and one.organisation.successor_id is None:
            yield Finding(
                _("«%(role)s» is held for %(organisation)s, which ended %(day)s.")
                % {"role": role.name, "organisation": one.organisation.name, "day": ended},
                Severity.WARNING,
                link,
            )


def _nobody_can(
    roles: Sequence[Role], held: dict[str, list[RoleAssignment]], link: str
) -> Iterator[Finding]:
    for capability in NEEDED:
        if not any(held[role.key] for role in roles if capability in role.capabilities):
            yield Finding(
                _("Nobody may do this today: %(what)s.") % {"what": capability.label},
                Severity.BROKEN,
                link,
            )
