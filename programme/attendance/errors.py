"""What attendance refuses; every message says what was kept."""

import datetime
from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programme.errors import Refused


class RowsRefused(Refused):
    """Some rows of a list cannot be saved; holds the words of each by the person's public id."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__(_("Nothing was saved. What you have filled in is still on the page."))
        self.problems = problems


class RowsStale(Refused):
    """Someone else has marked the same persons meanwhile; holds their public ids."""

    def __init__(self, persons: Sequence[str]) -> None:
        super().__init__(
            _(
                "Someone else has marked some of the same persons since you opened the page."
                " Nothing was saved. Compare and save again if yours is right."
            )
        )
        self.persons = list(persons)


class Cancelled(Refused):
    """The occasion is called off, so nobody can have been there."""

    def __init__(self) -> None:
        super().__init__(_("The occasion is cancelled. Nothing was changed."))


class NotBegun(Refused):
    """Presence cannot be marked before there is anything to be present at."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The occasion has not begun, so nobody can be marked as present yet."
                " Excused absence can be marked. Nothing was saved."
            )
        )


class NameLocked(Refused):
    """A name cannot be joined when its hours are reported: a correction for each of the two can."""

    def __init__(self, months: Iterable[datetime.date]) -> None:
        super().__init__(
            _(
                "%(months)s is locked and its hours are reported, so the name cannot be joined with"
                " anyone. Nothing was changed. The office proposes two corrections instead: one"
                " that the name was absent, and one for the right person, who need not be on the"
                " occasion's list."
            )
            % {"months": ", ".join(f"{month:%Y-%m}" for month in months)}
        )


class SameName(Refused):
    """Somebody of the same name is on the list already, and may be the same."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "%(name)s is on the list already. Mark that person there and clear the name, or"
                " tick that it is another person. Nothing was saved. What you have filled in is"
                " still on the page."
            )
            % {"name": name}
        )


class CodeRefused(Refused):
    """A check-in code that does not count."""


class ReportRefused(Refused):
    """A meeting report that is not read; nothing of it was written."""


class PaperRefused(Refused):
    """A scanned list that is not received."""


class MergeRefused(Refused):
    """Two persons that are not merged; nothing was changed."""


class DecisionRefused(Refused):
    """A row of a meeting report that keeps waiting."""


Words = str | Promise
