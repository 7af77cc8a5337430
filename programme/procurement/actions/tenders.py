"""Tenders: received sealed, opened by two named people together, after the last moment."""

import datetime
import hashlib
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.models import new_public_id
from forms_app.files import FileRefused, check_file
from people.access import actor_of
from people.models import Capability, User
from programme.errors import NotAllowed, Refused
from programme.models import Opening, Procurement, Tender
from programme.procurement import access, seal
from programme.procurement.actions import Phase, in_phase, lock, number
from programme.procurement.errors import NotNamed, SecondPersonNeeded, TooEarly, TooLate
from programme.procurement.rules import Step, opening_step

EXTENSIONS = ("pdf", "docx", "xlsx")


@transaction.atomic
def receive(
    *, procurement_id: int, supplier: str, name: str, stream: BinaryIO, actor: User
) -> Tender:
    """Seal what has come in; from now on nobody reads it, not even whoever registered it.

    :raises TooLate: after the last moment; the procurement's row decides, not the page.
    """
    access.ensure(actor, Capability.PROCURE)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.ANNOUNCED)
    if timezone.now() > procurement.tenders_until:
        raise TooLate(procurement.tenders_until)
    try:
        accepted = check_file(
            name,
            stream,
            extensions=EXTENSIONS,
            megabytes=number(procurement, "tender_megabytes"),
        )
    except FileRefused as error:
        raise Refused(error.message) from error
    facts = seal.Facts(supplier.strip(), accepted.name, accepted.content_type)
    with operation("procurement.tender", actor=actor_of(actor), subject=procurement.record_number):
        return keep(procurement, facts, accepted.content, at=timezone.now(), by=actor)


def keep(
    procurement: Procurement, facts: seal.Facts, content: bytes, *, at: datetime.datetime, by: User
) -> Tender:
    """Seal the content in the store, with a row that says nothing of who sent it."""
    path = storages["private"].save(
        f"tenders/{new_public_id()}{new_public_id()}", ContentFile(seal.sealed(content))
    )
    return Tender.objects.create(
        procurement=procurement,
        number=procurement.tenders.count() + 1,
        received_at=at,
        received_by=by,
        sealed_facts=seal.sealed_facts(facts),
        path=path,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


@transaction.atomic
def open_together(*, procurement_id: int, actor: User) -> Opening:
    """Begin the opening, or join the one that the other named person has begun.

    The procurement is locked, so two who press at the same moment become first and second.

    :raises SecondPersonNeeded: when the same person presses twice.
    """
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.ANNOUNCED, Phase.EVALUATING)
    begun = procurement.openings.select_for_update().first()
    step = step_of(procurement, begun, actor)
    if step is Step.OPEN:
        assert begun is not None
        return begun
    if step is Step.TOO_EARLY:
        raise TooEarly(procurement.tenders_until)
    if step is Step.NOT_NAMED or not access.may(actor, Capability.PROCURE):
        raise NotNamed
    if step is Step.WAIT:
        raise SecondPersonNeeded
    if not procurement.tenders.exists():
        raise Refused(_("No tender has been received."))
    if step is Step.BEGIN:
        with operation(
            "procurement.opening_begin", actor=actor_of(actor), subject=procurement.record_number
        ):
            return Opening.objects.create(
                procurement=procurement, begun_by=actor, begun_at=timezone.now()
            )
    assert begun is not None
    return _join(procurement, begun, actor)


def _join(procurement: Procurement, begun: Opening, actor: User) -> Opening:
    begun.joined_by, begun.joined_at = actor, timezone.now()
    procurement.phase = Phase.EVALUATING
    with operation(
        "procurement.opening_join", actor=actor_of(actor), subject=procurement.record_number
    ):
        begun.save(update_fields=["joined_by", "joined_at"])
        procurement.tenders.update(opening=begun)
        procurement.save(update_fields=["phase"])
    return begun


def step_of(procurement: Procurement, begun: Opening | None, actor: User) -> Step:
    """What the actor can do about the tenders now."""
    return opening_step(
        now=timezone.now(),
        sealed_until=procurement.tenders_until,
        actor=actor.pk,
        named=access.named_openers(procurement),
        begun_by=begun.begun_by_id if begun else None,
        begun_at=begun.begun_at if begun else None,
        minutes=number(procurement, "opening_minutes"),
        opened=bool(begun and begun.joined_at),
    )


def content_of(*, tender: Tender, actor: User) -> tuple[seal.Facts, bytes]:
    """The opened tender; the caller notes the reading.

    :raises NotAllowed: when the actor does not work with procurements.
    :raises TooEarly: while the tenders are sealed.
    """
    access.ensure(actor, Capability.PROCURE)
    if tender.opening is None or tender.opening.joined_at is None:
        raise TooEarly(tender.procurement.tenders_until)
    with storages["private"].open(tender.path, "rb") as stream:
        content = seal.opened(stream.read())
    if hashlib.sha256(content).hexdigest() != tender.sha256:
        raise seal.BrokenSeal
    return seal.facts_of(bytes(tender.sealed_facts)), content


__all__ = ["NotAllowed", "content_of", "open_together", "receive", "step_of"]
