"""What venues refuse."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from programme.errors import Refused


class VenueTaken(Refused):
    """Something else is booked in the venue at that time."""

    def __init__(self, venue: str, by: str) -> None:
        super().__init__(
            _(
                "%(venue)s is taken: %(by)s is booked there then. Nothing was changed."
                " Choose another time or another venue."
            )
            % {"venue": venue, "by": by}
        )


class NotAccessible(Refused):
    """The checklist is missing or says no, and no exception is recorded."""

    def __init__(self, venue: str, lacking: Sequence[str]) -> None:
        self.lacking = list(lacking)
        super().__init__(
            _(
                "%(venue)s cannot be booked yet. The accessibility checklist does not say yes to:"
                " %(lacking)s. Nothing was booked. Fill in the checklist, choose another venue,"
                " or write why it may be used all the same."
            )
            % {"venue": venue, "lacking": "; ".join(lacking) or _("anything")}
        )


class NotInUse(Refused):
    """The venue has been taken out of use."""

    def __init__(self, venue: str) -> None:
        super().__init__(
            _("%(venue)s is no longer in use. Nothing was booked. Choose another venue.")
            % {"venue": venue}
        )


class SameVenue(Refused):
    """Another venue in use has the name and the address; collisions are kept for each venue."""

    field = "name"

    def __init__(self, name: str, address: str) -> None:
        super().__init__(
            _(
                "%(name)s, %(address)s is in the register already and in use. Nothing was saved."
                " Use that venue, or write another name or another address."
            )
            % {"name": name, "address": address}
        )


class NoNeed(Refused):
    """A need of adaptation without words, or one that has been erased."""

    def __init__(self) -> None:
        super().__init__(_("Write what you need. Nothing was kept."))
