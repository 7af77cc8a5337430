"""What planning of occasions refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from programme.errors import Refused


class NotPossible(Refused):
    """The schedule checks say no; holds every reason at once."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = list(messages)
        super().__init__(" ".join([*messages, _("Nothing was changed.")]))


class Unconfirmed(Refused):
    """The schedule checks warn, and nobody has said that it may be so."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = list(messages)
        super().__init__(
            " ".join([*messages, _("Nothing is changed until you confirm that it may be so.")])
        )


class OtherCourse(Refused):
    """A group's occasion teaches units of the group's own course."""

    def __init__(self) -> None:
        super().__init__(
            _("The learning unit belongs to another course than the group's. Choose another unit.")
        )


class HasTime(Refused):
    """Time is recorded at the occasion, so it took place."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Attendance is recorded at this occasion, so it cannot be cancelled."
                " Nothing was changed. Take the attendance back first if it is wrong."
            )
        )


class Over(Refused):
    """The occasion is over or cancelled."""

    def __init__(self) -> None:
        super().__init__(_("The occasion is over or cancelled. Nothing was changed."))


class NotExpected(Refused):
    """The seat has been given to somebody else, or the person has left the group."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You are no longer expected at this occasion, so your answer was not noted."
                " Ask the project office if that is wrong."
            )
        )


class NoSeat(Refused):
    """The group or its room is full."""

    def __init__(self) -> None:
        super().__init__(
            _("Every seat here is taken. Choose another occasion, or a larger room or group.")
        )


class TwoRooms(Refused):
    """Someone cannot be in two rooms at once."""

    def __init__(self, other: str) -> None:
        super().__init__(
            _(
                "You have already said that you are coming to “%(other)s” at the same time."
                " Your answer there stands. Change it first if you would rather come here."
            )
            % {"other": other}
        )
