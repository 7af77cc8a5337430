"""Award, contract, call-offs and follow-up."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Capability, User
from programme.errors import ReasonNeeded, Refused
from programme.models import (
    Award,
    BudgetLine,
    CallOff,
    Contract,
    FollowUp,
    Lecture,
    Occasion,
    Procurement,
)
from programme.procurement import access, rules
from programme.procurement.actions import Phase, in_phase, lock, number
from programme.procurement.errors import AboveCeiling


@dataclass(frozen=True)
class Chosen:
    """The award decision as it was made."""

    supplier: str
    organisation_number: str
    amount: int
    reasons: str
    decided_on: datetime.date
    decided_by: str


@transaction.atomic
def award(*, procurement_id: int, chosen: Chosen, actor: User) -> Award:
    """Record who was chosen; the standstill begins, and the secrecy of the tenders ends."""
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.EVALUATING)
    if chosen.decided_on > timezone.localdate():
        raise Refused(_("The decision cannot lie in the future. Nothing was kept."))
    opening = procurement.openings.filter(joined_at__isnull=False).first()
    if opening is None or opening.joined_at is None:
        raise Refused(_("The tenders have not been opened. Nothing was kept."))
    if chosen.decided_on < timezone.localdate(opening.joined_at):
        raise Refused(_("The decision cannot be older than the opening of the tenders."))
    procurement.phase = Phase.AWARDED
    with operation("procurement.award", actor=actor_of(actor), subject=procurement.record_number):
        made = Award.objects.create(
            procurement=procurement,
            standstill_until=rules.standstill_ends(
                chosen.decided_on, number(procurement, "standstill_days")
            ),
            tenders_received=procurement.tenders.count(),
            recorded_by=actor,
            **vars(chosen),
        )
        procurement.save(update_fields=["phase"])
    return made


@dataclass(frozen=True)
class Agreement:
    """What a contract says."""

    record_number: str
    ceiling: int
    signed_on: datetime.date
    starts_on: datetime.date
    ends_on: datetime.date


@transaction.atomic
def sign(*, procurement_id: int, agreement: Agreement, actor: User) -> Contract:
    """Record a contract with the chosen supplier, after the standstill."""
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.AWARDED, Phase.CONTRACTED)
    chosen = procurement.award
    if agreement.signed_on <= chosen.standstill_until:
        raise Refused(
            _("The standstill lasts until %(day)s. A contract is signed after it, not before.")
            % {"day": chosen.standstill_until}
        )
    if agreement.ends_on < agreement.starts_on:
        raise Refused(_("The contract cannot end before it starts."))
    if Contract.objects.filter(record_number=agreement.record_number).exists():
        raise Refused(_("Another contract has that record number. Nothing was saved."))
    procurement.phase = Phase.CONTRACTED
    with operation(
        "procurement.contract", actor=actor_of(actor), subject=procurement.record_number
    ):
        contract = Contract.objects.create(
            procurement=procurement, supplier=chosen.supplier, **vars(agreement)
        )
        procurement.save(update_fields=["phase"])
    return contract


@transaction.atomic
def call_off(
    *,
    contract_id: int,
    what: str,
    amount: int,
    ordered_on: datetime.date,
    actor: User,
    decision: str = "",
    lecture: Lecture | None = None,
) -> CallOff:
    """Order under the contract, within its ceiling and the budget line.

    The budget line is locked, so two orders at once cannot both take what is left.

    :param decision: names what allows more than the limits; not needed within them.
    :param lecture: what it is ordered for, when it is one of the project's lectures.
    :raises AboveCeiling: when a limit is passed and no decision is named.
    """
    access.ensure(actor, Capability.PROCURE)
    contract = Contract.objects.select_related("procurement").get(pk=contract_id)
    line = BudgetLine.objects.select_for_update().get(pk=contract.procurement.budget_line_id)
    procurement = lock(contract.procurement_id)
    in_phase(procurement, Phase.CONTRACTED)
    if not contract.starts_on <= ordered_on <= contract.ends_on:
        raise Refused(_("The contract does not run on that day. Nothing was called off."))
    over = rules.passed_limit(
        amount=amount,
        called_off=called_off(contract=contract),
        ceiling=contract.ceiling,
        on_line=called_off(line=line),
        line=line.amount,
    )
    if over is not None and not decision.strip():
        raise AboveCeiling(over)
    with operation(
        "procurement.call_off",
        actor=actor_of(actor),
        reason=decision.strip(),
        subject=procurement.record_number,
    ):
        return CallOff.objects.create(
            contract=contract,
            what=what.strip(),
            amount=amount,
            ordered_on=ordered_on,
            decision=decision.strip(),
            lecture=lecture,
            ordered_by=actor,
        )


def called_off(*, contract: Contract | None = None, line: BudgetLine | None = None) -> int:
    """The sum of what stands: of one contract, or of all on a budget line."""
    standing = CallOff.objects.filter(cancelled_at=None)
    if contract is not None:
        standing = standing.filter(contract=contract)
    if line is not None:
        standing = standing.filter(contract__procurement__budget_line=line)
    return int(standing.aggregate(total=Sum("amount"))["total"] or 0)


@transaction.atomic
def cancel_call_off(*, call_off_id: int, reason: str, actor: User) -> CallOff:
    """Take an order back; the row stays and no longer counts."""
    access.ensure(actor, Capability.PROCURE)
    found = CallOff.objects.select_for_update(of=("self",)).get(pk=call_off_id)
    if found.cancelled_at is not None:
        return found
    if not says(reason):
        raise ReasonNeeded
    found.cancelled_at = timezone.now()
    with operation(
        "procurement.call_off_cancel",
        actor=actor_of(actor),
        reason=reason.strip(),
        subject=found.contract.procurement.record_number,
    ):
        found.save(update_fields=["cancelled_at"])
    return found


@transaction.atomic
def follow_up(
    *,
    contract_id: int,
    on: datetime.date,
    result: str,
    note: str,
    actor: User,
    occasion: Occasion | None = None,
) -> FollowUp:
    """Keep how a delivery was (R-156)."""
    access.ensure(actor, Capability.PROCURE)
    contract = Contract.objects.select_related("procurement").get(pk=contract_id)
    in_phase(contract.procurement, Phase.CONTRACTED, Phase.ENDED)
    if on > timezone.localdate():
        raise Refused(_("The day cannot lie in the future. Nothing was kept."))
    with operation(
        "procurement.follow_up",
        actor=actor_of(actor),
        subject=contract.procurement.record_number,
    ):
        return FollowUp.objects.create(
            contract=contract,
            occasion=occasion,
            on=on,
            result=result,
            note=note.strip(),
            noted_by=actor,
        )


__all__ = ["Agreement", "Chosen", "Procurement", "award", "call_off", "cancel_call_off", "sign"]
