"""What a district prepares before its first group opens: marked with who and when (R-021)."""

from django.db import transaction

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Organisation, User
from programme.errors import ReasonNeeded
from programme.groups.making import ensure_arranges
from programme.models import PreparationDone, PreparationPoint, Wave


@transaction.atomic
def mark_done(
    *, point: PreparationPoint, wave: Wave, district: Organisation, note: str, actor: User
) -> PreparationDone:
    """The district has done it; whoever marks first stands, and twice is once."""
    ensure_arranges(actor, district)
    # The wave's row makes two who mark at once wait for each other.
    Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
    existing = PreparationDone.objects.filter(point=point, wave=wave, district=district).first()
    if existing is not None:
        return existing
    with operation("preparation.mark", actor=actor_of(actor), subject=district.short_name):
        return PreparationDone.objects.create(
            point=point, wave=wave, district=district, note=note, done_by=actor
        )


@transaction.atomic
def mark_not_done(
    *, point: PreparationPoint, wave: Wave, district: Organisation, reason: str, actor: User
) -> None:
    """Take a mark back, with the reason; the history keeps who had set it."""
    ensure_arranges(actor, district)
    if not says(reason):
        raise ReasonNeeded
    found = PreparationDone.objects.select_for_update().filter(
        point=point, wave=wave, district=district
    )
    with operation(
        "preparation.unmark", actor=actor_of(actor), reason=reason, subject=district.short_name
    ):
        found.delete()
