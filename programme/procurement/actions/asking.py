"""Questions and answers: all that is answered is published to everybody at the same moment."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.errors import Refused
from programme.models import Question
from programme.procurement import access
from programme.procurement.actions import Phase, in_phase, lock
from programme.procurement.errors import TooLate


@transaction.atomic
def register(
    *,
    procurement_id: int,
    text: str,
    asked_by: str,
    actor: User,
    received_at: datetime.datetime | None = None,
) -> Question:
    """Write down a question that has come in, in words that do not tell who asks.

    :raises TooLate: when it came after the last moment for questions.
    """
    access.ensure(actor, *access.TELLS)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.ANNOUNCED)
    came = received_at or timezone.now()
    if came > procurement.questions_until:
        raise TooLate(procurement.questions_until)
    with operation(
        "procurement.question", actor=actor_of(actor), subject=procurement.record_number
    ):
        return Question.objects.create(
            procurement=procurement, received_at=came, asked_by=asked_by.strip(), text=text.strip()
        )


@transaction.atomic
def answer(*, question_id: int, text: str, actor: User) -> Question:
    """Write the answer; nobody is shown it until all answers are published together."""
    access.ensure(actor, *access.TELLS)
    question = Question.objects.select_for_update(of=("self",)).get(pk=question_id)
    procurement = lock(question.procurement_id)
    in_phase(procurement, Phase.ANNOUNCED)
    if question.published_at is not None:
        raise Refused(
            _("The answer is published. Register what has to be added as a question of its own.")
        )
    if not says(text):
        raise Refused(_("Write the answer."))
    question.answer, question.answered_by = text.strip(), actor
    with operation("procurement.answer", actor=actor_of(actor), subject=procurement.record_number):
        question.save(update_fields=["answer", "answered_by"])
    return question


@transaction.atomic
def publish_answers(*, procurement_id: int, actor: User) -> list[Question]:
    """Show every written answer to everybody, with one and the same time stamp."""
    access.ensure(actor, *access.TELLS)
    procurement = lock(procurement_id)
    in_phase(procurement, Phase.ANNOUNCED)
    if timezone.now() > procurement.tenders_until:
        raise TooLate(procurement.tenders_until)
    written = list(
        Question.objects.select_for_update()
        .filter(procurement=procurement, published_at=None)
        .exclude(answer="")
    )
    if not written:
        raise Refused(_("No answer waits to be published."))
    at = timezone.now()
    for question in written:
        question.published_at = at
    with operation(
        "procurement.publish_answers", actor=actor_of(actor), subject=procurement.record_number
    ):
        for question in written:
            question.save(update_fields=["published_at"])
    return written
