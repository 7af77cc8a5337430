"""A few who left their course because they left the city: their last day is the course's."""

from django.db.models import Exists, OuterRef

from people.models import Person
from programme.models import CountedTime, Participation, Programme

#: The kind of reason that tells of it.
KIND = "arbete"
MOST = 4


def leave(programme: Programme) -> int:
    """Write down the last days, inside the caller's operation; how many.

    Nobody who holds a role, takes another course or was anywhere afterwards, so that no other
    figure changes.
    """
    person = OuterRef("person")
    others = Participation.objects.filter(person=person).exclude(pk=OuterRef("pk"))
    afterwards = CountedTime.objects.filter(
        person=person, occasion__starts_at__date__gt=OuterRef("ended_on")
    )
    rows = Participation.objects.filter(
        ~Exists(others),
        ~Exists(afterwards),
        course__programme=programme,
        state=Participation.State.DROPPED,
        leaving_reason__key=KIND,
        person__user__assignments=None,
    ).order_by("pk")[:MOST]
    return sum(
        Person.objects.filter(pk=row.person_id, last_day=None).update(last_day=row.ended_on)
        for row in rows
    )
