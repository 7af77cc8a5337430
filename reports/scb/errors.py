"""What the making and sending of files refuses."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programme.errors import Refused


class NotLocked(Refused):
    """Only a locked month has a file."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("The month is not locked yet, so no file was made."))


class StillUnfinished(Refused):
    """Hours changed after the lock are not attested and checked again."""

    def __init__(self, number: int, month: datetime.date) -> None:
        super().__init__(
            ngettext(
                "%(number)d person in %(month)s has hours that are not attested and checked"
                " as they stand now. No file was made.",
                "%(number)d persons in %(month)s have hours that are not attested and checked"
                " as they stand now. No file was made.",
                number,
            )
            % {"number": number, "month": f"{month:%Y-%m}"}
        )


class OtherReceipt(Refused):
    """The file is noted as sent already, with a receipt that stands."""

    def __init__(self, receipt: str) -> None:
        super().__init__(
            _("The file is noted as sent already, with the receipt “%(receipt)s”. That one stands.")
            % {"receipt": receipt}
        )


class MissingNumbers(Refused):
    """Someone has no number in the vault."""

    def __init__(self, number: int) -> None:
        super().__init__(
            ngettext(
                "%(number)d person has no personal identity number. Add the number, or choose"
                " to leave this person out. No file was made.",
                "%(number)d persons have no personal identity number. Add the numbers, or choose"
                " to leave these persons out. No file was made.",
                number,
            )
            % {"number": number}
        )


class EarlierFirst(Refused):
    """Statistics Sweden takes the months in order (B3)."""

    def __init__(self, month: datetime.date) -> None:
        super().__init__(
            _("The file of %(month)s is to be sent first. Nothing was changed.")
            % {"month": f"{month:%Y-%m}"}
        )


class ReceiptNeeded(Refused):
    """Sent without a receipt."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Write the receipt that Statistics Sweden gave."))


class Changed(Refused):
    """The bytes are no longer what they were."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "The file does not come out as it was: a number in the register has changed since."
                " Make a new version."
            )
        )
