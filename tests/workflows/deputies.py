"""Appointing deputies in tests."""

import datetime
from typing import Any

from django.utils import timezone

from people.models import Capability, Role
from tests.workflows.builders import (
    World,
    give,
    user,
)
from workflows.actions import delegation
from workflows.models import Delegation
from workflows.rules import Step

ONE = Step(key="prioritise", name="Prioritera", role="avdelningschef")


def day(n: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=n)


def appoint(
    world: World, giver: str = "avdelning", deputy: str = "nobody", **more: Any
) -> Delegation:
    terms: dict[str, Any] = {
        "valid_from": day(),
        "valid_to": day(7),
        "reason": "semester",
        "actor": world[giver],
    } | more
    return delegation.add(giver=world[giver], deputy=world[deputy], **terms)


def administrator(world: World) -> Any:
    Role.objects.create(
        key="admin", name="Administratör", capabilities=[Capability.MANAGE_ACCOUNTS]
    )
    account = user("Ada Administratör")
    give(account, "admin", world.city)
    return account
