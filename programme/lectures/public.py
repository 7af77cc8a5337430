"""What anyone may read about a lecture, in one question to the database."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

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


def public_lecture(lecture_id: int) -> PublicLecture:
    """The lecture for its public page; never the recording's own words, which are long."""
    played = Recording.objects.filter(lecture=OuterRef("pk"), state=Recording.State.IN_USE)
    found: Any = (
        Lecture.objects.select_related("unit")
        .annotate(
            played=Subquery(played.values("milliseconds")[:1]),
            tag_names=ArraySubquery(
                LectureTag.objects.filter(lectures=OuterRef("pk")).values("name")
            ),
            module_names=ArraySubquery(
                Module.objects.filter(units=OuterRef("unit_id")).values("name")
            ),
        )
        .get(pk=lecture_id)
    )
    return PublicLecture(
        lecture=found,
        principles=labels(found),
        tags=[Named(name) for name in found.tag_names],
        modules=[Named(name) for name in found.module_names],
        recorded=clock(found.played // 1000) if found.played is not None else "",
    )
