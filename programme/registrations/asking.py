"""Registrations that somebody must approve: a case opens, and its end gives the seat or not."""

from django.utils import timezone

from audit.operations import operation
from people.models import User
from programme.models import Occasion, Registration, SeatPlan
from programme.registrations import notices, seating
from workflows import actions as cases
from workflows.kinds import Event, kind_named
from workflows.models import Case
from workflows.versions import current_version

KIND = "registration"


def data_of(plan: SeatPlan, row: Registration) -> dict[str, object]:
    """What the steps' conditions may ask about."""
    occasion = plan.occasion
    return {
        "occasion": occasion.public_id,
        "occasion_kind": occasion.kind,
        "district": row.district.code if row.district else "",
        "manager": "yes" if row.person.is_manager else "no",
    }


def ask(plan: SeatPlan, row: Registration, actor: User) -> None:
    """Open the case on the workflow's published version; the answer may be there at once."""
    assert plan.workflow is not None
    kind = kind_named(KIND)
    assert kind is not None
    row.state = Registration.State.ASKED
    row.save()
    row.case = cases.open_case(
        kind=kind,
        version=current_version(plan.workflow.key),
        organisation=row.person.unit,
        initiator=actor,
        concerns=row.person,
        data=data_of(plan, row),
    )
    row.save(update_fields=["case"])
    if row.case.state == Case.State.APPROVED:
        seating.settle(plan, row)
    else:
        notices.asked(row)


def after(case: Case, event: Event) -> None:
    """The case has ended: a seat or a place in line, or an end with its reason."""
    if event not in _ENDS:
        return
    seen = Registration.objects.filter(case=case).values_list("plan_id", flat=True).first()
    if seen is None:
        return
    plan = seating.lock(seen)
    row = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("person__user")
        .get(case=case)
    )
    row.plan = plan
    if row.state != Registration.State.ASKED:
        return
    subject = plan.occasion.public_id
    ahead = plan.occasion.starts_at > timezone.now()
    stands = plan.occasion.state != Occasion.State.CANCELLED
    if event is Event.APPROVED and stands and ahead:
        with operation("registration.approve", subject=subject):
            seating.settle(plan, row)
        return
    with operation("registration.refuse", subject=subject):
        seating.end(row, _ENDS[event])
        if stands and event is not Event.WITHDRAWN:
            notices.refused(row)


_ENDS = {
    Event.APPROVED: Registration.State.REFUSED,
    Event.DECLINED: Registration.State.REFUSED,
    Event.LAPSED: Registration.State.REFUSED,
    Event.WITHDRAWN: Registration.State.LEFT,
}
