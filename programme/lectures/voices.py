"""Writes of participants besides watching: own words, questions, and an anonymous evaluation."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from programme.errors import NotAllowed, Refused, Stale
from programme.lectures import access
from programme.lectures.making import lock
from programme.models import (
    EvaluationCount,
    EvaluationGiven,
    Lecture,
    LectureQuestion,
    Reflection,
)
from programme.queries import settings_on

MOST_LETTERS = 10_000
QUESTIONS: dict[str, str | Promise] = {
    "useful": gettext_lazy("I can use what I learnt in my work"),
    "clear": gettext_lazy("The lecture was easy to follow"),
    "principles": gettext_lazy("I know more about the theme than before"),
}
ANSWERS: dict[int, str | Promise] = {
    1: gettext_lazy("Not at all"),
    2: gettext_lazy("To a small extent"),
    3: gettext_lazy("To a large extent"),
    4: gettext_lazy("Completely"),
}


@transaction.atomic
def reflect(*, lecture: Lecture, person: Person, text: str) -> Reflection:
    """Keep the person's own words; an empty text takes them away."""
    words = text.strip()[:MOST_LETTERS]
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    with operation("reflection.write", subject=lecture.public_id):
        row, _made = Reflection.objects.update_or_create(
            lecture=lecture, person=person, defaults={"text": words}
        )
    return row


@transaction.atomic
def ask(*, lecture_id: int, person: Person, text: str) -> LectureQuestion:
    """A question to the lecturer; nobody but staff sees it before it is answered."""
    lecture = lock(lecture_id)
    words = text.strip()
    if not words:
        raise Refused(_("Write your question. Nothing was sent."))
    most = int(settings_on(lecture.programme, timezone.localdate())["lecture_most_questions"])
    asked = LectureQuestion.objects.filter(lecture=lecture, person=person)
    if asked.filter(text=words[:600]).exists():
        raise Refused(_("You have asked this already. It was not sent again."))
    if asked.count() >= most:
        raise Refused(_("You have asked %(most)d questions, which is the most.") % {"most": most})
    with operation("question.ask", subject=lecture.public_id):
        return LectureQuestion.objects.create(lecture=lecture, person=person, text=words[:600])


@transaction.atomic
def answer(*, question_id: int, text: str, actor: User) -> LectureQuestion:
    """Answer a question; question and answer are then shown to all, without a name."""
    access.ensure_makes(actor)
    question = LectureQuestion.objects.select_for_update().get(pk=question_id)
    if not says(text):
        raise Refused(_("Write an answer. Nothing was published."))
    question.answer, question.answered_by = text.strip()[:MOST_LETTERS], actor
    question.answered_at = timezone.now()
    with operation("question.answer", actor=actor_of(actor), subject=question.public_id):
        question.save(update_fields=["answer", "answered_by", "answered_at"])
    return question


@transaction.atomic
def evaluate(*, lecture_id: int, person: Person, answers: Mapping[str, int]) -> None:
    """Add the answers up, once for each person; what one person said is kept nowhere.

    What is shown follows a few answers at a time, as many as the least group that a
    share may be shown for: the difference between two readings never is one person.
    """
    lecture = lock(lecture_id)
    if set(answers) != set(QUESTIONS) or not set(answers.values()) <= set(ANSWERS):
        raise Refused(_("Answer all the questions. Nothing was kept."))
    if not access.took_part(lecture, person):
        raise NotAllowed
    _row, is_new = EvaluationGiven.objects.get_or_create(lecture=lecture, person=person)
    if not is_new:
        raise Stale
    # All rows at once and from the start, so that which rows there are says nothing.
    EvaluationCount.objects.bulk_create(
        [
            EvaluationCount(lecture=lecture, question=question, answer=answer)
            for question in QUESTIONS
            for answer in ANSWERS
        ],
        ignore_conflicts=True,
    )
    counts = EvaluationCount.objects.filter(lecture=lecture)
    for question, value in answers.items():
        counts.filter(question=question, answer=value).update(number=F("number") + 1)
    given = counts.filter(question=next(iter(QUESTIONS))).aggregate(n=Sum("number"))["n"]
    limit = int(settings_on(lecture.programme, timezone.localdate())["small_number_limit"])
    if given % limit == 0:
        counts.update(shown=F("number"))
