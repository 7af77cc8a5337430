"""Times of the story: in Stockholm, and on rows whose time is otherwise the moment of writing."""

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import models
from django.utils import timezone

NAMES = frozenset({"recorded_at", "received_at", "created_at", "booked_at", "done_at", "made_at"})


def at(day: datetime.date, minute: int) -> datetime.datetime:
    """The moment so many minutes after midnight in Stockholm."""
    midnight = datetime.datetime.combine(day, datetime.time())
    return timezone.make_aware(midnight + datetime.timedelta(minutes=minute))


@contextmanager
def as_dated(*tables: type[models.Model]) -> Iterator[None]:
    """Keep the given times where the column would otherwise take the moment of writing.

    The story tells of the past. Its operations still say when they were written
    and that the demo wrote them.
    """
    with ExitStack() as stack:
        for model in tables:
            for field in model._meta.concrete_fields:
                if field.name in NAMES and getattr(field, "auto_now_add", False):
                    field.auto_now_add = False  # type: ignore[attr-defined]
                    stack.callback(setattr, field, "auto_now_add", True)
        yield
