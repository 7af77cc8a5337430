"""Deciding on the page that the link in a message leads to."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from audit.operations import operation
from people.access import actor_of
from people.models import User
from workflows.actions.decisions import decide
from workflows.errors import CannotDecide, UsedUp
from workflows.models import Case, Message, UsedLink


@transaction.atomic
def decide_by_link(*, message_id: int, actor: User, **answer: Any) -> Case:
    """Decide, and use the link up; a refused answer leaves the link as it was.

    :raises UsedUp: when the link has led to a decision already.
    :raises CannotDecide: when the message was sent to somebody else.
    """
    # Locked, so that two tabs with the same link take turns.
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    if message.recipient_id != actor.pk or message.case_id is None:
        raise CannotDecide
    if UsedLink.objects.filter(message=message).exists():
        raise UsedUp
    with operation("case.decide_by_link", actor=actor_of(actor), subject=message.public_id):
        UsedLink.objects.create(message=message)
    return decide(case_id=message.case_id, actor=actor, **answer)
