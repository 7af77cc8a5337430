"""Waves and quotas: every change with its reason."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Organisation, User
from programme import access
from programme.actions.places import promote_reserves
from programme.errors import ReasonNeeded, Refused
from programme.models import Category, Place, Programme, Quota, Wave


def _ensure_reason(reason: str) -> None:
    if not says(reason):
        raise ReasonNeeded


@transaction.atomic
def create_wave(
    *,
    programme: Programme,
    name: str,
    opens_on: datetime.date,
    closes_on: datetime.date,
    managers_first: str,
    reason: str,
    actor: User,
) -> Wave:
    """Plan another wave, last in order; districts come with their quotas."""
    access.ensure_manages_programme(actor)
    _ensure_reason(reason)
    if closes_on < opens_on:
        raise Refused(_("The wave cannot close before it opens."))
    Programme.objects.select_for_update().get(pk=programme.pk)
    last = programme.waves.order_by("-number").first()
    with operation("wave.create", actor=actor_of(actor), reason=reason):
        return Wave.objects.create(
            programme=programme,
            number=last.number + 1 if last else 1,
            name=name,
            opens_on=opens_on,
            closes_on=closes_on,
            managers_first=managers_first,
            order_reason=reason,
        )


@transaction.atomic
def update_wave(
    *,
    wave_id: int,
    name: str,
    opens_on: datetime.date,
    closes_on: datetime.date,
    managers_first: str,
    reason: str,
    actor: User,
) -> Wave:
    """Change a wave's name, window or managers-first rule."""
    access.ensure_manages_programme(actor)
    _ensure_reason(reason)
    if closes_on < opens_on:
        raise Refused(_("The wave cannot close before it opens."))
    wave = Wave.objects.select_for_update().get(pk=wave_id)
    with operation("wave.update", actor=actor_of(actor), reason=reason, subject=wave.name):
        wave.name = name
        wave.opens_on = opens_on
        wave.closes_on = closes_on
        wave.managers_first = managers_first
        wave.save()
    return wave


@transaction.atomic
def set_quota(
    *,
    wave: Wave,
    organisation: Organisation,
    category: Category,
    places: int,
    reason: str,
    actor: User,
) -> Quota:
    """Decide how many places an administration has; more places go to the reserve list at once."""
    access.ensure_manages_programme(actor)
    _ensure_reason(reason)
    # The wave's row stands for quotas that do not exist yet.
    Wave.objects.select_for_update().get(pk=wave.pk)
    quota = (
        Quota.objects.select_for_update()
        .filter(wave=wave, organisation=organisation, category=category)
        .first()
    )
    taken = (
        Place.objects.holding().filter(wave=wave, district=organisation, category=category).count()
    )
    if places < taken:
        raise Refused(
            _("%(taken)s places are already given. The quota cannot be lower.") % {"taken": taken}
        )
    with operation("quota.set", actor=actor_of(actor), reason=reason, subject=wave.name):
        if quota is None:
            return Quota.objects.create(
                wave=wave,
                organisation=organisation,
                category=category,
                places=places,
                decision=reason[:120],
            )
        quota.places = places
        quota.decision = reason[:120]
        quota.save()
        promote_reserves(wave.pk, organisation.pk, category.pk)
    return quota
