"""Why something in governance is not carried out."""

from django.utils.translation import gettext_lazy as _

from programme.errors import Refused


class ChairTaken(Refused):
    """Another seat is the chair in that time."""

    def __init__(self) -> None:
        super().__init__(
            _("The body has a chair in that time. End the seat first, or choose another part.")
        )


class NotYetHeld(Refused):
    """Who was there is noted first, so that it is known whether the body could decide."""

    def __init__(self) -> None:
        super().__init__(_("Note who was at the meeting first. Then its decisions are recorded."))


class TooFew(Refused):
    """The body lacked the members it takes to decide."""

    def __init__(self, there: int, quorum: int) -> None:
        super().__init__(
            _("Only %(there)d members with a vote were there, and it takes %(quorum)d to decide.")
            % {"there": there, "quorum": quorum}
        )


class TooManyVotes(Refused):
    """More votes than members with a vote."""

    def __init__(self) -> None:
        super().__init__(
            _("That is more votes than there were members with a vote. Who presents has none.")
        )


class AlreadyCalled(Refused):
    """The body has another meeting at that time."""

    def __init__(self) -> None:
        super().__init__(_("The body has already been called to a meeting at that time."))
