"""What the closing of months refuses."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.errors import Refused
from programme.models import Statement


class MonthNotOver(Refused):
    """The month has days left."""

    def __init__(self, month: datetime.date) -> None:
        super().__init__(
            _("%(month)s is not over yet. It can be locked from the first day of the next month.")
            % {"month": f"{month:%Y-%m}"}
        )


class OutOfOrder(Refused):
    """An earlier month is still open; Statistics Sweden takes the months in order (B3)."""

    def __init__(self, earlier: datetime.date) -> None:
        super().__init__(
            _("%(month)s is still open. The months are locked in order, so begin there.")
            % {"month": f"{earlier:%Y-%m}"}
        )


class Unfinished(Refused):
    """Some hours are not attested and checked, and no reason was given for leaving them out."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _(
                "%(number)d persons are not attested and checked. Finish them, or write why"
                " they are left out of the report. Nothing was locked."
            )
            % {"number": number}
        )


class NothingToAttest(Refused):
    """No counted hours."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("There are no hours to attest in this month."))


class AlreadyAttested(Refused):
    """A signed paper of hours that stand attested: the note would be kept nowhere."""

    def __init__(self, standing: Statement) -> None:
        attested = standing.attested_at
        super().__init__(
            _(
                "These hours are already attested: %(day)s, %(how)s. The hours have not changed"
                " since, so nothing was saved."
            )
            % {
                "day": timezone.localdate(attested).isoformat() if attested else "–",
                "how": standing.get_channel_display(),
            }
        )


class NotAttested(Refused):
    """Nothing to check: the hours are not attested, or have changed since."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("The hours are not attested as they stand now, so they cannot be checked.")
        )


class OwnHours(Refused):
    """Nobody checks or corrects their own hours (D7)."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("These are your own hours. Someone else must do this."))


class Registrar(Refused):
    """Whoever registered the attendance does not check it (R-076)."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "You have registered some of this person's attendance in the month, so someone"
                " else must check it."
            )
        )


class AttestedByYou(Refused):
    """Whoever noted the attestation on paper does not check it."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("You noted the signed paper yourself, so someone else must check it.")
        )


class ImpossibleHours(Refused):
    """Hours on a day of absence, at two places at once, or of more than a day (4.10)."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(
            _("The hours cannot be right: %(what)s Correct the attendance, or the absence.")
            % {"what": " ".join(sentences)}
        )


class SamePerson(Refused):
    """Proposer and approver are the same (4.9, D7)."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("You proposed this correction, so someone else must decide about it.")
        )
