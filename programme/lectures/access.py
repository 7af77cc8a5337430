"""Who follows lectures, and who makes them."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404

from people.access import below, held_by
from people.models import Capability, Person, User
from programme.errors import NotAllowed
from programme.models import CountedTime, Followed, Lecture, Participation, Recording

ADMITTED = (
    Participation.State.ADMITTED,
    Participation.State.STARTED,
    Participation.State.COMPLETED,
)
PERSONS = (Capability.ARRANGE, Capability.CHECK_HOURS, Capability.AUDIT)
MAKERS = (Capability.MANAGE_CONTENT, Capability.MANAGE_PROGRAMME)


def participant(user: User | AnonymousUser | None) -> Person | None:
    """The person behind the account, when admitted to any course of the project (R-090)."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return (
        Person.objects.filter(user=user, participations__state__in=ADMITTED)
        .select_related("unit")
        .order_by("pk")
        .first()
    )


def took_part(lecture: Lecture, person: Person) -> bool:
    """Whether the person has followed the lecture, live or recorded; withdrawn recordings too."""
    return (
        Followed.objects.filter(recording__lecture=lecture, person=person).exists()
        or CountedTime.objects.filter(
            person=person, current=True, minutes__gt=0, occasion__unit=lecture.unit_id
        ).exists()
    )


def may_make(user: User | AnonymousUser | None) -> bool:
    """Communications and the project office make lectures."""
    held = held_by(user)
    return any(held.can(capability) for capability in MAKERS)


def may_read(user: User | AnonymousUser | None) -> bool:
    """Those who make lectures, and the auditor."""
    return may_make(user) or held_by(user).can(Capability.AUDIT)


def reaches_persons(user: User | AnonymousUser | None) -> bool:
    """Those who may read who has followed what, at least somewhere: arrangers, hours, audit."""
    held = held_by(user)
    return any(held.can(capability) for capability in PERSONS)


def persons_seen_by(user: User) -> Q:
    """Persons whose following the user may read, by where they work."""
    reach = Q(pk__in=[])
    for capability in PERSONS:
        reach |= below(user, capability, "unit")
    return reach


def ensure_makes(user: User) -> None:
    """Raise unless the user makes lectures."""
    if not may_make(user):
        raise NotAllowed


def lectures_for(user: User) -> QuerySet[Lecture]:
    """Lectures whose own page the user may open: staff see drafts, participants what is open.

    One that is closed stays with those who have followed it.
    """
    found = Lecture.objects.select_related("unit", "programme")
    if may_read(user):
        return found
    person = participant(user)
    if person is None:
        return found.none()
    followed = Followed.objects.filter(person=person).values("recording__lecture")
    return found.filter(Q(state=Lecture.State.OPEN) | Q(pk__in=followed))


def recording_for(user: User, recording: str) -> Recording:
    """The recording, if the user may play it; staff try it out before it is published.

    :raises Http404: for everyone else, whether it exists or not.
    """
    found = (
        Recording.objects.select_related("lecture__unit", "lecture__programme")
        .filter(public_id=recording)
        .first()
    )
    if found is None:
        raise Http404
    if may_read(user):
        return found
    is_open = found.state == Recording.State.IN_USE and found.lecture.state == Lecture.State.OPEN
    if not is_open or participant(user) is None:
        raise Http404
    return found
