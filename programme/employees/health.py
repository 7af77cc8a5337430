"""Those who have left and whom something still goes on for; for the daily check."""

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from core.health import Finding, Severity
from people.models import Person
from programme.models import Nomination, Participation, Place
from workflows.models import Case


def with_something_open(persons: QuerySet[Person]) -> QuerySet[Person]:
    """Those among the persons who still take part, have a place or wait for a decision."""
    ongoing = Participation.objects.ongoing().filter(person=OuterRef("pk"))
    waiting = Nomination.objects.live().filter(
        person=OuterRef("pk"), case__state__in=[Case.State.WAITING, Case.State.RETURNED]
    )
    places = Place.objects.filter(
        nomination__person=OuterRef("pk"), state__in=[Place.State.OFFERED, Place.State.RESERVE]
    )
    return persons.filter(Q(Exists(ongoing)) | Q(Exists(waiting)) | Q(Exists(places)))


def check(on: datetime.date) -> Iterator[Finding]:
    """Somebody has left and nobody has ended what they took part in; one query."""
    number = with_something_open(Person.objects.filter(last_day__lt=on)).count()
    if number:
        yield Finding(
            ngettext(
                "%(n)d person has left and still takes part, has a place or waits for a decision.",
                "%(n)d persons have left and still take part, have a place or wait for a decision.",
                number,
            )
            % {"n": number},
            Severity.WARNING,
            f"{reverse('employees:overview')}?visa=kvar",
        )
