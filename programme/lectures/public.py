"""What anyone may read about a lecture, in one question to the database."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery

from core.prepared import Prepared, Slot
from programme.lectures.captions import clock
from programme.lectures.queries import labels
from programme.models import Lecture, LectureTag, Module, Recording


@dataclass(frozen=True)
class Named:
    """A tag or a module by its name."""

    name: str


@dataclass(frozen=True)
class PublicLecture:
    """The lecture with its themes, and how long the recording that can be played is."""

    lecture: Lecture
    principles: list[str]
    tags: list[Named]
    modules: list[Named]
    # Minutes and seconds; empty when there is nothing to play.
    recorded: str


def _question() -> QuerySet[Lecture]:
    played = Recording.objects.filter(lecture=OuterRef("pk"), state=Recording.State.IN_USE)
    tags = LectureTag.objects.filter(lectures=OuterRef("pk"))
    modules = Module.objects.filter(units=OuterRef("unit_id"))
    return (
        Lecture.objects.filter(pk=Slot("lecture", BigIntegerField()))
        .select_related("unit")
        .annotate(
            played=Subquery(played.values("milliseconds")[:1]),
            tag_names=ArraySubquery(tags.values("name")),
            module_names=ArraySubquery(modules.values("name")),
        )
    )


_lectures = Prepared(_question)


def public_lecture(lecture_id: int) -> PublicLecture:
    """The lecture for its public page; never the recording's own words, which are long."""
    found: Any
    (found,) = _lectures(lecture=lecture_id)
    return PublicLecture(
        lecture=found,
        principles=labels(found),
        tags=[Named(name) for name in found.tag_names],
        modules=[Named(name) for name in found.module_names],
        recorded=clock(found.played // 1000) if found.played is not None else "",
    )
