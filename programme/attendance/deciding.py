"""Saying whose a waiting row of a meeting report is: a human, with a reason, once (4.4)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from people.ordering import by_name
from programme.attendance import importing
from programme.attendance.errors import DecisionRefused
from programme.models import Invitation, Occasion, ReportRow


@transaction.atomic
def decide(
    *,
    row_id: int,
    person_id: int | None,
    reason: str,
    actor: User,
    same_name: bool = False,
) -> int:
    """A human says whose a waiting row is, or that it is no participant's.

    :param person_id: someone on the list; nobody means «not a participant», with a reason.
    :param same_name: also the report's other waiting rows with the same name and address.
    :returns: how many rows were decided.
    :raises DecisionRefused: decided already, no reason, or a person who is not on the list.
    """
    evidence_id = ReportRow.objects.values_list("evidence_id", flat=True).get(pk=row_id)
    evidence = importing.lock_counted(evidence_id, actor)
    row = ReportRow.objects.get(pk=row_id)
    if row.how != ReportRow.How.WAITING:
        raise DecisionRefused(_("Someone has already decided this row. Nothing was changed."))
    if person_id is None and not says(reason):
        raise DecisionRefused(_("Write why it is not a participant. The row keeps waiting."))
    if person_id is not None:
        ensure_listed(evidence.occasion, person_id)
    rows = [row]
    if same_name:
        rows = list(
            ReportRow.objects.filter(
                evidence=evidence,
                how=ReportRow.How.WAITING,
                shown_name=row.shown_name,
                shown_email=row.shown_email,
            )
        )
    with operation(
        "attendance.decide_row",
        actor=actor_of(actor),
        reason=reason,
        subject=evidence.occasion.public_id,
    ):
        write_decision(rows, person_id, reason.strip(), actor)
        if person_id is not None:
            importing.write_segments(evidence, rows, actor)
    return len(rows)


def ensure_listed(occasion: Occasion, person_id: int) -> None:
    """Refuse a person who is not on the occasion's list."""
    listed = Invitation.objects.filter(
        occasion=occasion, person=person_id, withdrawn_at__isnull=True
    )
    if not listed.exists():
        raise DecisionRefused(
            _("The person is not on the list of this occasion. The row keeps waiting.")
        )


def write_decision(
    rows: Sequence[ReportRow], person_id: int | None, reason: str, actor: User
) -> None:
    """Note whose the rows are, and who said so."""
    now = timezone.now()
    for row in rows:
        row.person_id = person_id
        row.how = ReportRow.How.IGNORED if person_id is None else ReportRow.How.DECIDED
        row.reason, row.decided_by, row.decided_at = reason[:200], actor, now
    ReportRow.objects.bulk_update(rows, ["person", "how", "reason", "decided_by", "decided_at"])


def choices_for(occasion: Occasion) -> list[Person]:
    """Whom a waiting row can be given to: everyone on the list, in order of names."""
    invited = Invitation.objects.filter(occasion=occasion, withdrawn_at__isnull=True)
    return list(
        Person.objects.filter(pk__in=invited.values("person"))
        .select_related("unit")
        .order_by(*by_name())
    )
