"""What procurements refuse."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programme.errors import Refused
from programme.procurement.rules import Over


def moment(at: datetime.datetime) -> str:
    """A time as 2026-03-02 kl. 9.00."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'Y-m-d')} kl. {local.hour}.{local:%M}"


class TooEarly(Refused):
    """The tenders are sealed until their last day has passed."""

    def __init__(self, opens: datetime.datetime) -> None:
        super().__init__(
            _("The tenders are sealed until %(time)s. Nothing was opened.")
            % {"time": moment(opens)}
        )


class TooLate(Refused):
    """What was sent came after its last moment."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(
            _("The last moment was %(time)s. Nothing was kept.") % {"time": moment(until)}
        )


class NotNamed(Refused):
    """Only those who are named open tenders."""

    def __init__(self) -> None:
        super().__init__(_("Only the two who are named for it can open these tenders."))


class SecondPersonNeeded(Refused):
    """The one who began cannot be the other one as well."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You have begun the opening. It takes the other named person, signed in as themselves."
            )
        )


class WrongPhase(Refused):
    """The procurement has not come so far, or is past it."""

    def __init__(self, phase: str) -> None:
        super().__init__(
            _("The procurement is in the phase “%(phase)s”, where this is not done.")
            % {"phase": phase}
        )


class AboveCeiling(Refused):
    """The sum passes the contract's ceiling or the budget line, and no decision is named."""

    def __init__(self, over: Over) -> None:
        self.over = over
        what = _("the contract's ceiling") if over.limit_of == "contract" else _("the budget line")
        super().__init__(
            _(
                "With this, %(sum)s kronor would be called off, and %(what)s is %(limit)s kronor. "
                "Nothing was called off. Lower the amount, or name the decision that allows more."
            )
            % {
                "sum": f"{over.total:,}".replace(",", "\u00a0"),
                "limit": f"{over.limit:,}".replace(",", "\u00a0"),
                "what": what,
            }
        )
