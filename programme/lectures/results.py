"""Reads for those who make lectures: how they are followed, and what may be shown of the evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from programme.lectures import voices
from programme.models import EvaluationCount, Lecture, Recording
from programme.queries import settings_on


@dataclass(frozen=True)
class Answers:
    """One question of the evaluation as it may be shown."""

    question: str
    rows: Sequence[tuple[str, int]]
    number: int


@dataclass(frozen=True)
class Evaluation:
    """What may be shown of the evaluation, and what is still missing until something may."""

    answers: Sequence[Answers] = ()
    limit: int = 0

    @property
    def number(self) -> int:
        """How many answers are shown."""
        return self.answers[0].number if self.answers else 0


def evaluation_of(lecture: Lecture) -> Evaluation:
    """The answers, added up; nothing below the limit."""
    values = settings_on(lecture.programme, timezone.localdate())
    limit = int(values["small_number_limit"])
    shown = {
        (row.question, row.answer): row.shown
        for row in EvaluationCount.objects.filter(lecture=lecture)
    }
    found = []
    for key, words in voices.QUESTIONS.items():
        rows = [(str(text), shown.get((key, value), 0)) for value, text in voices.ANSWERS.items()]
        found.append(Answers(str(words), rows, sum(number for _text, number in rows)))
    if found[0].number < limit:
        return Evaluation(limit=limit)
    return Evaluation(found, limit)


def staff_list() -> QuerySet[Lecture]:
    """Every lecture with how many have followed it and what waits."""
    return (
        Lecture.objects.select_related("unit")
        .annotate(
            followers=Count("recordings__followed__person", distinct=True),
            waiting=Count("questions", filter=Q(questions__answered_at=None), distinct=True),
            in_use=Exists(
                Recording.objects.filter(lecture=OuterRef("pk"), state=Recording.State.IN_USE)
            ),
        )
        .order_by("unit__number")
    )
