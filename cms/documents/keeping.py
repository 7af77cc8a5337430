"""Deciding how long a document is kept; every earlier decision stays, with its day and reason."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Operation
from audit.operations import operation
from cms.documents.errors import NotAllowed, Refused
from cms.documents.gate.rules import is_reason
from cms.documents.retention import kept_until
from cms.models.document import RegisteredDocument
from people.access import actor_of, held_by
from people.models import Capability, User
from programme.queries import current_programme, settings_on

DECIDED = "document.retention"


@dataclass(frozen=True)
class Terms:
    """What the fund asks today: its years, and the last day when that is known."""

    years: int
    last_payment_year: int
    # What a day may not go below: counted from the project's end while no payment is the last.
    earliest: datetime.date | None


def terms_today() -> Terms:
    """The dated settings that hold today."""
    programme = current_programme()
    if programme is None:
        return Terms(0, 0, None)
    held = settings_on(programme, timezone.localdate())
    years, last = int(held["retention_years"]), int(held["last_payment_year"])
    return Terms(years, last, datetime.date((last or programme.ends_on.year) + years, 12, 31))


def last_day(document: RegisteredDocument, terms: Terms) -> datetime.date | None:
    """The last day it must be kept; nothing for ever, or while no day can be named."""
    return kept_until(
        retention=document.retention,
        keep_until=document.keep_until,
        last_payment_year=terms.last_payment_year,
        years=terms.years,
    )


@transaction.atomic
def decide(
    *,
    document_id: int,
    retention: str,
    keep_until: datetime.date | None,
    reason: str,
    actor: User,
) -> RegisteredDocument:
    """Decide how long the document is kept.

    :raises Refused: without a reason, without a day where one is needed, or with a day before
        the fund lets anything go (2021/1060 article 82).
    """
    if not held_by(actor).can(Capability.MANAGE_CONTENT):
        raise NotAllowed
    document: RegisteredDocument = RegisteredDocument.objects.select_for_update(
        of=("self",), no_key=True
    ).get(pk=document_id)
    if not is_reason(reason):
        raise Refused(_("Write why it is kept so long. The reason is kept."))
    dated = retention == RegisteredDocument.Retention.DATED
    if dated and keep_until is None:
        raise Refused(_("Give the day until which it is kept."))
    earliest = terms_today().earliest
    if dated and keep_until is not None and earliest is not None and keep_until < earliest:
        raise Refused(
            _("The fund asks for everything to be kept until %(day)s. Nothing was changed.")
            % {"day": earliest.isoformat()}
        )
    with operation(
        DECIDED, actor=actor_of(actor), reason=reason.strip(), subject=document.public_id
    ):
        document.retention, document.keep_until = retention, keep_until if dated else None
        document.save(update_fields=["retention", "keep_until"])
    return document


def decisions(document: RegisteredDocument) -> list[Operation]:
    """What has been decided, the latest first."""
    found = Operation.objects.filter(name=DECIDED, subject=document.public_id)
    return list(found.order_by("-at")[:50])
