"""What actions of this part answer when they refuse."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programme.errors import Refused


class AlreadyPlaced(Refused):
    """Someone else placed some of them meanwhile; nothing was written."""

    def __init__(self, number: int) -> None:
        super().__init__(
            ngettext(
                "%(n)d person has been given a group by someone else since you opened the page."
                " Nothing of yours was saved. Here is the state now.",
                "%(n)d persons have been given a group by someone else since you opened the"
                " page. Nothing of yours was saved. Here is the state now.",
                number,
            )
            % {"n": number}
        )


class ManagersFirst(Refused):
    """The wave refuses staff whose manager has not started (R-026)."""

    def __init__(self, units: list[str]) -> None:
        super().__init__(
            _(
                "In this wave managers go first. No manager has started in: %(units)s. Nothing was saved."
            )
            % {"units": ", ".join(units)}
        )


class NameTaken(Refused):
    """The course has a group of that name."""

    def __init__(self) -> None:
        super().__init__(_("The course already has a group of that name. Choose another name."))


class HasLeft(Refused):
    """Somebody whose employment has ended is given no group."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody's employment has ended, or ends before the first day. Nothing was saved.")
        )


class TooEarly(Refused):
    """A move from a day before the person was in the group that is left."""

    def __init__(self, earliest: datetime.date) -> None:
        super().__init__(
            _(
                "The first day in the new group can be %(day)s at the earliest: that is the first"
                " day in the group that is left. Nothing was changed. Choose that day or a later one."
            )
            % {"day": earliest.isoformat()}
        )


class TooLate(Refused):
    """A move from a day after the last on which the new group meets."""

    def __init__(self, last: datetime.date) -> None:
        super().__init__(
            _(
                "The first day in the new group can be %(day)s at the latest: that is the day of"
                " its last occasion. Nothing was changed. Choose that day or an earlier one, or"
                " another group."
            )
            % {"day": last.isoformat()}
        )


class AfterProgramme(Refused):
    """A move from a day after the last one of the programme."""

    def __init__(self, last: datetime.date) -> None:
        super().__init__(
            _(
                "The first day in the new group can be %(day)s at the latest: that is when the"
                " programme ends. Nothing was changed. Choose that day or an earlier one."
            )
            % {"day": last.isoformat()}
        )


class WrongCourse(Refused):
    """A participation belongs to its course's groups only."""

    def __init__(self) -> None:
        super().__init__(_("The group takes another course. Choose a group of the same course."))


class GroupClosed(Refused):
    """A finished or cancelled group takes nobody."""

    def __init__(self) -> None:
        super().__init__(_("The group is finished or cancelled. Choose another group."))


class BusyElsewhere(Refused):
    """Somebody is expected at something else while the group meets; says who and what."""

    NAMED = 5

    def __init__(self, clashes: Sequence[str]) -> None:
        shown = "; ".join(clashes[: self.NAMED])
        more = len(clashes) - self.NAMED
        if more > 0:
            shown += " " + _("and %(n)d more") % {"n": more}
        super().__init__(
            _(
                "The group meets while somebody is expected elsewhere: %(shown)s."
                " Choose another group, or change the other occasion first. Nothing was changed."
            )
            % {"shown": shown}
        )


class InUse(Refused):
    """What would be taken away or made into something else is in use; the words say by what."""
