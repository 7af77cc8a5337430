"""A procurement is planned, given its criteria, announced, ended or cancelled."""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of, held_by
from people.models import Capability, Role, User
from programme.errors import ReasonNeeded, Refused
from programme.models import BudgetLine, Criterion, Procurement
from programme.procurement import access, rules
from programme.procurement.actions import Phase, in_phase, lock


@dataclass(frozen=True)
class Facts:
    """What is known of a procurement when it is planned."""

    title: str
    record_number: str
    budget_line: BudgetLine
    kind: str
    form: str
    estimated_value: int
    purpose: str
    contact_unit: str
    responsible: Role
    questions_until: datetime.datetime
    tenders_until: datetime.datetime


@transaction.atomic
def save(*, facts: Facts, actor: User, procurement_id: int | None = None) -> Procurement:
    """Plan a procurement, or change one that has not been announced.

    Once announced its terms are everybody's: then only the last moments move, and only later.
    """
    access.ensure(actor, Capability.PROCURE)
    if facts.tenders_until <= facts.questions_until:
        raise Refused(_("Tenders must be due after the questions. Nothing was saved."))
    if procurement_id is None:
        procurement = Procurement(programme=facts.budget_line.programme)
    else:
        procurement = lock(procurement_id)
        _ensure_may_change(procurement, facts)
    for name, value in vars(facts).items():
        setattr(procurement, name, value)
    name = "procurement.change" if procurement_id else "procurement.plan"
    with operation(name, actor=actor_of(actor), subject=facts.record_number):
        try:
            with transaction.atomic():
                procurement.save()
        except IntegrityError as error:
            if "record_number" not in str(error):
                raise
            raise Refused(
                _("Another procurement has that record number. Nothing was saved.")
            ) from error
    return procurement


def _ensure_may_change(procurement: Procurement, facts: Facts) -> None:
    if procurement.phase == Phase.PLANNED:
        return
    in_phase(procurement, Phase.ANNOUNCED)
    moves = ("questions_until", "tenders_until")
    same = all(
        getattr(procurement, name) == value
        for name, value in vars(facts).items()
        if name not in moves
    )
    later = all(getattr(facts, name) >= getattr(procurement, name) for name in moves)
    if not (same and later):
        raise Refused(
            _(
                "The procurement is announced. Only its last days can be moved, and only to later "
                "ones, so that nobody is treated worse. Nothing was saved."
            )
        )


@transaction.atomic
def add_criterion(
    *, procurement_id: int, kind: str, text: str, weight: int | None, actor: User
) -> Criterion:
    """Add a requirement or an award criterion, before anybody competes."""
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.PLANNED)
    if (kind == Criterion.Kind.WEIGHED) != (weight is not None):
        raise Refused(_("An award criterion has a weight in per cent, a requirement has none."))
    with operation(
        "procurement.criterion", actor=actor_of(actor), subject=procurement.record_number
    ):
        return Criterion.objects.create(
            procurement=procurement,
            kind=kind,
            text=text.strip(),
            weight=weight,
            order=procurement.criteria.count() + 1,
        )


@transaction.atomic
def name_openers(*, procurement_id: int, first: User, second: User, actor: User) -> Procurement:
    """Say which two people open the tenders; once something is opened it is settled."""
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.PLANNED, Phase.ANNOUNCED)
    if procurement.openings.filter(joined_at__isnull=False).exists():
        raise Refused(_("The tenders have been opened."))
    if first.pk == second.pk:
        raise Refused(_("Name two different people."))
    for person in (first, second):
        if not person.is_active or not held_by(person).can(Capability.PROCURE):
            raise Refused(
                _("%(name)s does not work with procurements.") % {"name": person.get_full_name()}
            )
    procurement.first_opener, procurement.second_opener = first, second
    with operation("procurement.openers", actor=actor_of(actor), subject=procurement.record_number):
        procurement.save(update_fields=["first_opener", "second_opener"])
    return procurement


@transaction.atomic
def announce(*, procurement_id: int, actor: User) -> Procurement:
    """Make the procurement public and open for questions and tenders."""
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.PLANNED)
    if len(access.named_openers(procurement)) != 2:
        raise Refused(_("Name the two who are to open the tenders first."))
    weights = procurement.criteria.filter(weight__isnull=False).values_list("weight", flat=True)
    if not rules.weights_add_up([weight or 0 for weight in weights]):
        raise Refused(_("The weights of the award criteria must add up to 100 per cent."))
    if procurement.tenders_until <= timezone.now():
        raise Refused(_("The last moment for tenders has passed. Move it first."))
    procurement.phase, procurement.announced_at = Phase.ANNOUNCED, timezone.now()
    with operation(
        "procurement.announce", actor=actor_of(actor), subject=procurement.record_number
    ):
        procurement.save(update_fields=["phase", "announced_at"])
    return procurement


@transaction.atomic
def cancel(*, procurement_id: int, reason: str, actor: User) -> Procurement:
    """Stop the procurement; what has been received stays sealed."""
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.PLANNED, Phase.ANNOUNCED, Phase.EVALUATING)
    if not says(reason):
        raise ReasonNeeded
    procurement.phase, procurement.cancelled_reason = Phase.CANCELLED, reason.strip()
    with operation(
        "procurement.cancel",
        actor=actor_of(actor),
        reason=reason.strip(),
        subject=procurement.record_number,
    ):
        procurement.save(update_fields=["phase", "cancelled_reason"])
    return procurement


@transaction.atomic
def end(*, procurement_id: int, actor: User) -> Procurement:
    """The contract has run out and is followed up."""
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.CONTRACTED)
    if procurement.contracts.filter(ends_on__gte=timezone.localdate()).exists():
        raise Refused(_("A contract still runs. End the procurement when its last day has passed."))
    procurement.phase = Phase.ENDED
    with operation("procurement.end", actor=actor_of(actor), subject=procurement.record_number):
        procurement.save(update_fields=["phase"])
    return procurement
