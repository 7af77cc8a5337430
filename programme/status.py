"""Where a nomination or a place stands, in one word with a colour."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.display import name_of
from people.models import User
from programme.models import Nomination, Place
from workflows.models import Case


@dataclass(frozen=True)
class Status:
    """A word and the colour that repeats it."""

    text: str | Promise
    colour: str


PLACE_STATUS = {
    Place.State.RESERVE: Status(gettext_lazy("On the reserve list"), "amber"),
    Place.State.OFFERED: Status(gettext_lazy("Offered a place"), "teal"),
    Place.State.ACCEPTED: Status(gettext_lazy("Has accepted"), "green"),
    Place.State.DECLINED: Status(gettext_lazy("Has declined"), "grey"),
    Place.State.WITHDRAWN: Status(gettext_lazy("Place taken back"), "grey"),
}
CASE_STATUS = {
    Case.State.WAITING: Status(gettext_lazy("Waiting for a decision"), "teal"),
    Case.State.RETURNED: Status(gettext_lazy("Returned with questions"), "amber"),
    Case.State.APPROVED: Status(gettext_lazy("Approved"), "green"),
    Case.State.DECLINED: Status(gettext_lazy("Declined"), "red"),
    Case.State.WITHDRAWN: Status(gettext_lazy("Withdrawn"), "grey"),
}


def status_of(nomination: Nomination) -> Status:
    """The place's state once there is a place; until then the case's.

    Note: reads ``case`` and ``place``; select them in lists.
    """
    place: Place | None = getattr(nomination, "place", None)
    if place is not None:
        return PLACE_STATUS[Place.State(place.state)]
    return CASE_STATUS[Case.State(nomination.case.state)]


@dataclass(frozen=True)
class NominationRow:
    """One line of a list."""

    nomination: Nomination
    name: str
    status: Status
    waits: str


def nomination_rows(nominations: Iterable[Nomination], viewer: User) -> list[NominationRow]:
    """Lines for a list, named as the viewer may see them."""
    return [
        NominationRow(
            nomination,
            name_of(nomination.person, viewer),
            status_of(nomination),
            _waits(nomination),
        )
        for nomination in nominations
    ]


def _waits(nomination: Nomination) -> str:
    items = getattr(nomination.case, "waiting_items", [])
    if not items or nomination.case.state != Case.State.WAITING:
        return ""
    return _("Waits at “%(step)s”, due %(day)s") % {
        "step": items[0].step_name,
        "day": items[0].due_on.isoformat(),
    }


@dataclass(frozen=True)
class PlaceRow:
    """One line of the list of places."""

    place: Place
    name: str
    status: Status


def place_rows(places: Iterable[Place], viewer: User) -> list[PlaceRow]:
    """Lines for the list of places, named as the viewer may see them."""
    return [
        PlaceRow(
            place,
            name_of(place.nomination.person, viewer),
            PLACE_STATUS[Place.State(place.state)],
        )
        for place in places
    ]
