"""Places: admission at approval, the participant's answer, and changes with a reason.

Whoever changes how many hold a place locks the quota's row first, so two
approvals for the last place wait for each other.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Organisation, User, employed_on
from programme import access, rules
from programme.errors import Full, NotAllowed, ReasonNeeded, Refused, Stale
from programme.groups import admission
from programme.messages import tell_of_offer, tell_of_withdrawal
from programme.models import Nomination, Place, Quota, Wave

HELD = (Place.State.OFFERED, Place.State.ACCEPTED)


def lock_quota(wave_id: int, district_id: int, category_id: int) -> int:
    """Lock the quota's row until the transaction ends, and say how many places it has."""
    quota = (
        Quota.objects.select_for_update()
        .filter(wave=wave_id, organisation=district_id, category=category_id)
        .first()
    )
    return quota.places if quota else 0


def places_left(wave_id: int, district_id: int, category_id: int) -> int:
    """Places nobody holds; true only as long as the quota is locked."""
    places = lock_quota(wave_id, district_id, category_id)
    taken = (
        Place.objects.holding()
        .filter(wave=wave_id, district=district_id, category=category_id)
        .count()
    )
    return places - taken


def admit(*, nomination: Nomination) -> Place:
    """Give an approved nomination its place, or the last rank on the reserve list."""
    existing = Place.objects.filter(nomination=nomination).first()
    if existing:
        return existing
    where = (nomination.wave_id, nomination.district_id, nomination.category_id)
    offered = not nomination.kind.uses_quota or places_left(*where) > 0
    place = Place.objects.create(
        nomination=nomination,
        wave_id=nomination.wave_id,
        district_id=nomination.district_id,
        category_id=nomination.category_id,
        uses_quota=nomination.kind.uses_quota,
        state=Place.State.OFFERED if offered else Place.State.RESERVE,
        reserve_rank=None if offered else _last_rank(*where) + 1,
        offered_at=timezone.now() if offered else None,
        reason="" if offered else _("The quota was full at approval."),
    )
    if offered:
        tell_of_offer(place)
    return place


def _last_rank(wave_id: int, district_id: int, category_id: int) -> int:
    reserves = Place.objects.filter(
        wave=wave_id, district=district_id, category=category_id, state=Place.State.RESERVE
    )
    return reserves.aggregate(last=Max("reserve_rank"))["last"] or 0


def _lock(place_id: int) -> Place:
    return (
        Place.objects.select_for_update(of=("self",))
        .select_related(
            "nomination__person__user",
            "nomination__case",
            "nomination__kind",
            "district",
            "wave",
            "category",
        )
        .get(pk=place_id)
    )


def _lock_with_quota(place_id: int, *others: tuple[int, int, int]) -> Place:
    """Lock quotas, always in the same order, and then the place itself."""
    seen = Place.objects.values_list("wave_id", "district_id", "category_id").get(pk=place_id)
    for where in sorted({seen, *others}):
        lock_quota(*where)
    place = _lock(place_id)
    if (place.wave_id, place.district_id, place.category_id) != seen:
        raise Stale
    return place


def _offer(place: Place, reason: str) -> None:
    place.state = Place.State.OFFERED
    place.reserve_rank = None
    place.offered_at = timezone.now()
    place.answered_at = None
    place.reason = reason
    place.save()
    tell_of_offer(place)


def promote_reserves(wave_id: int, district_id: int, category_id: int) -> list[Place]:
    """Offer free places to those first in line; the quota's row gets locked.

    Whoever has left the city is passed by, and stays in the line until staff take them out.
    """
    promoted: list[Place] = []
    left = places_left(wave_id, district_id, category_id)
    if left <= 0:
        return promoted
    reserves = Place.objects.reserves().filter(
        employed_on(timezone.localdate(), "nomination__person__"),
        wave=wave_id,
        district=district_id,
        category=category_id,
    )
    for place in reserves.select_related("nomination__person__user", "nomination__case")[:left]:
        _offer(place, _("A place fell free and was offered to the first in line."))
        promoted.append(place)
    return promoted


def _promote_after(place: Place) -> None:
    if place.uses_quota:
        promote_reserves(place.wave_id, place.district_id, place.category_id)


@transaction.atomic
def accept(*, place_id: int, actor: User) -> Place:
    """The participant takes the offered place; doing it twice changes nothing."""
    place = _lock(place_id)
    _ensure_own(place, actor)
    if place.state == Place.State.ACCEPTED:
        return place
    if place.state != Place.State.OFFERED:
        raise Stale
    if place.nomination.person.has_left(timezone.localdate()):
        raise Refused(_("Your employment has ended, so the place cannot be accepted."))
    with operation("place.accept", actor=actor_of(actor), subject=place.nomination.case.reference):
        place.state = Place.State.ACCEPTED
        place.answered_at = timezone.now()
        place.save(update_fields=["state", "answered_at"])
        admission.admit(place=place, actor=actor)
    return place


@transaction.atomic
def decline(*, place_id: int, actor: User, reason: str = "") -> Place:
    """The participant says no, before or after having accepted; the next in line is offered it."""
    place = _lock_with_quota(place_id)
    _ensure_own(place, actor)
    if place.state == Place.State.DECLINED:
        return place
    if place.state not in (*HELD, Place.State.RESERVE):
        raise Stale
    with operation(
        "place.decline",
        actor=actor_of(actor),
        reason=reason,
        subject=place.nomination.case.reference,
    ):
        _end(place, Place.State.DECLINED, reason, actor, timezone.now())
        _promote_after(place)
    return place


@transaction.atomic
def withdraw(*, place_id: int, reason: str, actor: User) -> Place:
    """Take a place back; the next in line is offered it."""
    place = _lock_with_quota(place_id)
    access.ensure_handles_places(actor, place.district)
    _ensure_reason(reason)
    if place.state not in (*HELD, Place.State.RESERVE):
        raise Stale
    with operation(
        "place.withdraw",
        actor=actor_of(actor),
        reason=reason,
        subject=place.nomination.case.reference,
    ):
        _end(place, Place.State.WITHDRAWN, reason, actor)
        tell_of_withdrawal(place)
        _promote_after(place)
    return place


def _end(
    place: Place,
    state: Place.State,
    reason: str,
    actor: User,
    answered_at: datetime | None = None,
) -> None:
    place.state = state
    place.reserve_rank = None
    place.reason = reason
    place.answered_at = answered_at or place.answered_at
    place.save()
    Nomination.objects.filter(pk=place.nomination_id).update(live=False)
    admission.drop(place=place, reason=reason or _("The place was given back."), actor=actor)


def end_with_nomination(*, nomination: Nomination) -> None:
    """A declined or withdrawn nomination no longer counts, nor does its place."""
    Nomination.objects.filter(pk=nomination.pk).update(live=False)
    place = Place.objects.filter(nomination=nomination).first()
    if place is None or place.state in (Place.State.DECLINED, Place.State.WITHDRAWN):
        return
    place = _lock_with_quota(place.pk)
    _end(place, Place.State.WITHDRAWN, _("The nomination was withdrawn."), nomination.nominated_by)
    _promote_after(place)


@transaction.atomic
def replace(*, place_id: int, with_place_id: int, reason: str, actor: User) -> Place:
    """Take one person's place back and offer it to a chosen one on the same reserve list."""
    leaving = _lock_with_quota(place_id)
    access.ensure_handles_places(actor, leaving.district)
    _ensure_reason(reason)
    coming = _lock(with_place_id)
    same_list = (leaving.wave_id, leaving.district_id, leaving.category_id) == (
        coming.wave_id,
        coming.district_id,
        coming.category_id,
    )
    if coming.nomination.person.has_left(timezone.localdate()):
        raise Refused(_("The person's employment has ended."))
    if leaving.state not in HELD or coming.state != Place.State.RESERVE or not same_list:
        raise Stale
    with operation(
        "place.replace",
        actor=actor_of(actor),
        reason=reason,
        subject=leaving.nomination.case.reference,
    ):
        _end(leaving, Place.State.WITHDRAWN, reason, actor)
        tell_of_withdrawal(leaving)
        _offer(coming, reason)
        Nomination.objects.filter(pk=coming.nomination_id).update(replaces=leaving.nomination_id)
    return coming


@transaction.atomic
def reorder(*, place_id: int, position: int, reason: str, actor: User) -> Place:
    """Give someone on the reserve list another position, with the reason on record."""
    place = _lock_with_quota(place_id)
    access.ensure_handles_places(actor, place.district)
    _ensure_reason(reason)
    if place.state != Place.State.RESERVE:
        raise Stale
    line = list(
        Place.objects.reserves().filter(
            wave=place.wave_id, district=place.district_id, category=place.category_id
        )
    )
    if not 1 <= position <= len(line):
        raise Refused(_("Choose a position between 1 and %(last)s.") % {"last": len(line)})
    order = rules.moved_to([each.pk for each in line], place.pk, position)
    ranks = {pk: rank for rank, pk in enumerate(order, start=1)}
    with operation(
        "place.reorder",
        actor=actor_of(actor),
        reason=reason,
        subject=place.nomination.case.reference,
    ):
        for each in line:
            if each.reserve_rank != ranks[each.pk]:
                each.reserve_rank = ranks[each.pk]
                each.save(update_fields=["reserve_rank"])
        Place.objects.filter(pk=place.pk).update(reason=reason)
    place.refresh_from_db()
    return place


@transaction.atomic
def move(*, place_id: int, wave: Wave, district: Organisation, reason: str, actor: User) -> Place:
    """Move a place to another wave or another administration's quota; hours stay with the person.

    Someone who holds a place must find a free one there. Someone on the reserve
    list goes last in the other list, or gets a place if there is one.
    """
    seen_category = Place.objects.values_list("category_id", flat=True).get(pk=place_id)
    target = (wave.pk, district.pk, seen_category)
    place = _lock_with_quota(place_id, target)
    access.ensure_handles_places(actor, place.district)
    access.ensure_handles_places(actor, district)
    _ensure_reason(reason)
    source = (place.wave_id, place.district_id, place.category_id)
    if place.state not in (*HELD, Place.State.RESERVE) or source == target:
        raise Stale
    if not Quota.objects.filter(wave=wave, organisation=district).exists():
        raise Refused(_("That administration does not take part in that wave."))
    room = not place.uses_quota or places_left(*target) > 0
    if place.state in HELD and not room:
        raise Full
    with operation(
        "place.move",
        actor=actor_of(actor),
        reason=reason,
        subject=place.nomination.case.reference,
    ):
        place.wave, place.district, place.reason = wave, district, reason
        if place.state == Place.State.RESERVE and room:
            _offer(place, reason)
        else:
            if place.state == Place.State.RESERVE:
                place.reserve_rank = _last_rank(*target) + 1
            place.save()
        if place.uses_quota:
            promote_reserves(*source)
    return place


def _ensure_own(place: Place, actor: User) -> None:
    if place.nomination.person.user_id != actor.pk:
        raise NotAllowed


def _ensure_reason(reason: str) -> None:
    if not says(reason):
        raise ReasonNeeded
