"""The corrections that stand in for joining a name whose hours are reported already."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from people.access import held_by
from people.models import Capability, Person, User
from programme.attendance.merging import locked_occasions


@dataclass(frozen=True)
class Instead:
    """An occasion in a locked month, with the addresses that the viewer may propose at."""

    title: str
    month: str
    of_name: str
    of_person: str


def corrections_instead(name: Person, person: Person | None, viewer: User) -> list[Instead]:
    """What is proposed where someone who is only a name can no longer be joined with anyone.

    :param person: the right person, with the unit; nobody until one is chosen.
    """
    return [
        Instead(
            occasion.title,
            f"{timezone.localdate(occasion.starts_at):%Y-%m}",
            _address(occasion.public_id, name, viewer),
            _address(occasion.public_id, person, viewer) if person else "",
        )
        for occasion in locked_occasions(name)
    ]


def _address(occasion: str, person: Person, viewer: User) -> str:
    """Where the correction is proposed; nowhere for who may not, or of their own."""
    checks = held_by(viewer).covers(Capability.CHECK_HOURS, person.unit)
    if not checks or person.user_id == viewer.pk:
        return ""
    return reverse("months:propose", args=[occasion, person.public_id])
