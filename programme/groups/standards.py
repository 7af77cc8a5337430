"""Modules and preparation points as data: made, changed and taken away by project staff (R-021, R-068)."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme import access
from programme.errors import ReasonNeeded, Refused
from programme.groups import in_use
from programme.groups.editing import key_of
from programme.models import Module, PreparationPoint, Programme


@transaction.atomic
def save_module(
    *,
    programme: Programme,
    module: Module | None,
    name: str,
    order: int,
    reason: str,
    actor: User,
) -> Module:
    """Change a module, or make a new one; its key stays, for files from before name it."""
    _ensure_may(actor, reason, programme)
    same = programme.modules.filter(name__iexact=name.strip())
    if module is not None:
        same = same.exclude(pk=module.pk)
    if same.exists():
        raise Refused(_("There is a module with that name already. Choose another name."))
    if module is None:
        taken = set(programme.modules.values_list("key", flat=True))
        saved = Module(programme=programme, key=key_of(name, taken, length=60))
    else:
        saved = Module.objects.select_for_update().get(pk=module.pk)
    saved.name, saved.order = name.strip(), order
    with operation("module.save", actor=actor_of(actor), reason=reason, subject=saved.name):
        saved.save()
    return saved


@transaction.atomic
def remove_module(*, module: Module, reason: str, actor: User) -> None:
    """Take away a module that no learning unit belongs to; its history stays.

    :raises InUse: with the learning units that belong to it.
    """
    _ensure_may(actor, reason, module.programme)
    found = Module.objects.select_for_update().get(pk=module.pk)
    in_use.ensure_module_may_go(found)
    with operation("module.remove", actor=actor_of(actor), reason=reason, subject=found.name):
        found.delete()


@transaction.atomic
def save_point(
    *,
    programme: Programme,
    point: PreparationPoint | None,
    text: str,
    days_before: int,
    is_in_use: bool,
    reason: str,
    actor: User,
) -> PreparationPoint:
    """Change a preparation point, or add one last; out of use it is kept with its marks.

    :raises InUse: when its words would change after somebody has marked it.
    """
    _ensure_may(actor, reason, programme)
    if point is None:
        last = programme.preparation_points.aggregate(last=Max("order"))["last"] or 0
        saved = PreparationPoint(programme=programme, order=last + 1)
    else:
        # Whoever marks it needs the row's key: they wait for each other.
        saved = PreparationPoint.objects.select_for_update().get(pk=point.pk)
        if saved.text != text.strip():
            in_use.ensure_point_may_be_reworded(saved)
    saved.text, saved.days_before, saved.in_use = text.strip(), days_before, is_in_use
    with operation("preparation.save", actor=actor_of(actor), reason=reason, subject=saved.text):
        saved.save()
    return saved


def _ensure_may(actor: User, reason: str, programme: Programme) -> None:
    """Raise unless the actor may and says why; two changes of the lists wait for each other."""
    access.ensure_manages_programme(actor)
    if not says(reason):
        raise ReasonNeeded
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
