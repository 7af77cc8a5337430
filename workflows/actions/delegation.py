"""Deputies: appointing one, and ending their time early."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of, held_by
from people.models import Capability, Organisation, Person, RoleAssignment, User
from workflows import notices
from workflows.errors import CannotDelegate
from workflows.models import Delegation

# Whoever decides for longer than this should hold the role, which is reviewed.
MAX_DAYS = 366


def may_appoint(actor: User, giver: User) -> bool:
    """Everyone for themselves; whoever grants roles also for someone who has fallen ill."""
    return actor.pk == giver.pk or held_by(actor).can(Capability.MANAGE_ACCOUNTS)


@transaction.atomic
def add(
    *,
    giver: User,
    deputy: User,
    valid_from: datetime.date,
    valid_to: datetime.date,
    reason: str,
    actor: User,
    case_kind: str = "",
    organisation: Organisation | None = None,
) -> Delegation:
    """Let the deputy decide for the giver between two days, the last one included.

    :raises CannotDelegate: with the reason in words.
    """
    # The giver's row is the lock: two deputies for the same thing are not appointed at once.
    giver = User.objects.select_for_update().get(pk=giver.pk)
    _ensure_people(giver, deputy, actor)
    _ensure_days(valid_from, valid_to)
    if Person.objects.filter(user=deputy, last_day__lt=valid_to).exists():
        raise CannotDelegate(_("The deputy's employment ends before that."), "valid_to")
    if not says(reason):
        raise CannotDelegate(_("Write why."), field="reason")
    _ensure_something_to_hand_over(giver, valid_from, valid_to)
    _ensure_free(giver, valid_from, valid_to, case_kind, organisation)
    with operation(
        "delegation.add",
        actor=actor_of(actor),
        on_behalf_of="" if actor.pk == giver.pk else giver.get_full_name(),
        reason=reason.strip(),
    ):
        delegation = Delegation(
            giver=giver,
            deputy=deputy,
            case_kind=case_kind,
            organisation=organisation,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason.strip(),
            created_by_name=actor.get_full_name(),
        )
        delegation.save(force_insert=True)
        notices.appointed(delegation, by_another=actor.pk != giver.pk)
    return delegation


def _ensure_people(giver: User, deputy: User, actor: User) -> None:
    if not may_appoint(actor, giver):
        raise CannotDelegate(_("You can only appoint a deputy for yourself."))
    if giver.pk == deputy.pk:
        raise CannotDelegate(_("Nobody is their own deputy. Choose someone else."))
    if deputy.pk == actor.pk:
        # Otherwise whoever grants roles could take anyone's decisions.
        raise CannotDelegate(_("You cannot make yourself someone's deputy. Ask a colleague."))
    if not giver.is_active or not deputy.is_active:
        raise CannotDelegate(_("That account is closed. Choose someone else."))


def _ensure_days(valid_from: datetime.date, valid_to: datetime.date) -> None:
    today = timezone.localdate()
    if valid_from < today:
        raise CannotDelegate(_("The first day has passed. Choose today or later."), "valid_from")
    if valid_to < valid_from:
        raise CannotDelegate(_("The last day comes before the first."), "valid_to")
    if (valid_to - today).days > MAX_DAYS:
        raise CannotDelegate(
            _("At most a year ahead. Whoever decides for longer should be given the role."),
            "valid_to",
        )


def _ensure_something_to_hand_over(
    giver: User, valid_from: datetime.date, valid_to: datetime.date
) -> None:
    held = RoleAssignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from), user=giver, valid_from__lte=valid_to
    )
    if not held.exists():
        raise CannotDelegate(_("There is no role to stand in for during that time."))


def _ensure_free(
    giver: User,
    valid_from: datetime.date,
    valid_to: datetime.date,
    case_kind: str,
    organisation: Organisation | None,
) -> None:
    same = Delegation.objects.not_ended().filter(
        giver=giver,
        case_kind=case_kind,
        organisation=organisation,
        valid_from__lte=valid_to,
        valid_to__gte=valid_from,
    )
    other = same.select_related("deputy").first()
    if other is not None:
        raise CannotDelegate(
            _("%(name)s is already deputy for the same cases until %(day)s. End that first.")
            % {"name": other.deputy.get_full_name(), "day": f"{other.valid_to:%Y-%m-%d}"}
        )


@transaction.atomic
def end(*, delegation_id: int, actor: User, reason: str = "") -> Delegation:
    """End a deputy's time now, by the giver, the deputy or whoever grants roles.

    :raises CannotDelegate: when it is over already, or someone else's.
    """
    delegation = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("giver", "deputy", "organisation")
        .get(pk=delegation_id)
    )
    if not may_end(actor, delegation):
        raise CannotDelegate
    if delegation.ended_at is not None or delegation.valid_to < timezone.localdate():
        raise CannotDelegate(_("That time is over already."))
    mine = actor.pk in (delegation.giver_id, delegation.deputy_id)
    if not mine and not says(reason):
        raise CannotDelegate(_("Write why."), field="reason")
    with operation(
        "delegation.end",
        actor=actor_of(actor),
        on_behalf_of="" if mine else delegation.giver.get_full_name(),
        reason=reason.strip(),
    ):
        delegation.ended_at = timezone.now()
        delegation.ended_by_name = actor.get_full_name()
        delegation.save(update_fields=["ended_at", "ended_by_name"])
        notices.no_longer_deputy(delegation, by=actor)
    return delegation


def may_end(actor: User, delegation: Delegation) -> bool:
    """The giver, the deputy, and whoever grants roles."""
    if actor.pk in (delegation.giver_id, delegation.deputy_id):
        return True
    return held_by(actor).can(Capability.MANAGE_ACCOUNTS)


@transaction.atomic
def no_deputy_after(*, persons: Collection[Person], day: datetime.date, actor: User) -> None:
    """Let nobody whose employment ends on the day go on as a deputy after it.

    What they have given others falls with their own roles. Asks no permission: it carries out
    the end of an employment, which its own action has permitted.
    """
    rows = Delegation.objects.not_ended().filter(deputy__person__in=persons, valid_to__gt=day)
    for row in rows.select_for_update(of=("self",)).select_related("giver").order_by("pk"):
        with operation(
            "delegation.end", actor=actor_of(actor), on_behalf_of=row.giver.get_full_name()
        ):
            if row.valid_from > day:
                row.ended_at, row.ended_by_name = timezone.now(), actor.get_full_name()
            else:
                row.valid_to = day
            row.save(update_fields=["valid_to", "ended_at", "ended_by_name"])
