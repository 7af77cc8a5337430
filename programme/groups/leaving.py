"""Reasons for leaving a course as data: made, changed and retired by project staff (R-243)."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme import access
from programme.errors import ReasonNeeded, Refused
from programme.groups.editing import key_of
from programme.models import LeavingReason, Participation, Programme


def load_leaving_reasons(programme: Programme, rows: list[dict[str, str]]) -> None:
    """Lay the first reasons where there are none; inside the caller's transaction and operation."""
    if not programme.leaving_reasons.exists():
        LeavingReason.objects.bulk_create(
            LeavingReason(programme=programme, key=row["key"], name=row["name"], order=order)
            for order, row in enumerate(rows, start=1)
        )


@transaction.atomic
def save_reason(
    *,
    programme: Programme,
    kind: LeavingReason | None,
    name: str,
    order: int,
    is_in_use: bool,
    reason: str,
    actor: User,
) -> LeavingReason:
    """Change a reason, or add one; out of use it is kept with those it was stated for.

    :raises Refused: when the name is taken, or would change after it has been stated.
    """
    access.ensure_manages_programme(actor)
    if not says(reason):
        raise ReasonNeeded
    # Two changes of the list wait for each other.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    same = programme.leaving_reasons.filter(name__iexact=name.strip())
    if (same.exclude(pk=kind.pk) if kind else same).exists():
        raise Refused(_("There is a reason with that name already. Choose another name."))
    if kind is None:
        taken = set(programme.leaving_reasons.values_list("key", flat=True))
        saved = LeavingReason(programme=programme, key=key_of(name, taken, length=60))
    else:
        # Whoever states it needs the row's key: they wait for each other.
        saved = LeavingReason.objects.select_for_update().get(pk=kind.pk)
        if saved.name != name.strip():
            ensure_may_be_renamed(saved)
    saved.name, saved.order, saved.in_use = name.strip(), order, is_in_use
    with operation("leaving_reason.save", actor=actor_of(actor), reason=reason, subject=saved.name):
        saved.save()
    return saved


def ensure_may_be_renamed(kind: LeavingReason) -> None:
    """Raise when somebody has left for it: what was stated would say something else."""
    if stated(kind).exists():
        raise Refused(
            _(
                "Somebody has left for this reason, so its name stays as it is. Take it out of"
                " use and add another one."
            )
        )


def stated(kind: LeavingReason) -> QuerySet[Participation]:
    """The participations that it has been stated for."""
    return Participation.objects.filter(leaving_reason=kind)


def ensure_offered(kind: LeavingReason, participation: Participation) -> None:
    """Raise unless the reason is in use in the participation's programme; it stays so until saved."""
    # Locked: it is not renamed or taken out of use between the check and the write.
    offered = LeavingReason.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=kind.pk, in_use=True, programme__courses=participation.course_id
    )
    if offered.first() is None:
        raise Refused(_("That reason is not in use any more. Choose another one."))
