"""Every write of procurements."""

from django.utils import timezone

from programme.errors import Stale
from programme.models import Procurement
from programme.procurement.errors import WrongPhase
from programme.queries import settings_on

Phase = Procurement.Phase


def lock(procurement_id: int) -> Procurement:
    """The procurement as it is now; nobody changes it meanwhile."""
    return (
        Procurement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "budget_line")
        .get(pk=procurement_id)
    )


def in_phase(procurement: Procurement, *phases: str) -> None:
    """Refuse in any other phase."""
    if procurement.phase not in phases:
        raise WrongPhase(procurement.get_phase_display())


def number(procurement: Procurement, key: str) -> int:
    """A setting of the programme, as it stands today."""
    return int(settings_on(procurement.programme, timezone.localdate())[key])


__all__ = ["Phase", "Stale", "in_phase", "lock", "number"]
