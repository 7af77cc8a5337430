"""What counting of hours refuses."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from programme.errors import Refused


class MonthLocked(Refused):
    """A write to a day whose month is locked: only a correction changes it."""

    def __init__(self, months: Iterable[datetime.date]) -> None:
        self.months = sorted(months)
        super().__init__(
            _(
                "%(months)s is locked and its hours are reported. Nothing was changed."
                " Propose a correction instead: whoever checks hours finds a link for it beside"
                " each person on the occasion's attendance list."
            )
            % {"months": ", ".join(f"{month:%Y-%m}" for month in self.months)}
        )


class NoRules(Refused):
    """No rule set for hours is valid on a day."""

    def __init__(self, day: datetime.date) -> None:
        super().__init__(
            _("No rules for hours are decided for %(day)s. Nothing was counted.")
            % {"day": day.isoformat()}
        )
