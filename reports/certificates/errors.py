"""Refusals of this part."""

from django.utils.translation import gettext_lazy as _

from programme.errors import Refused


class NotIssuable(Refused):
    """A certificate asked for where nothing is checked, locked or completed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "There is nothing to certify yet. A month is certified when its hours are checked"
                " and the month is locked. No certificate was issued."
            )
        )


class AlreadyRevoked(Refused):
    """Someone else revoked it first."""

    def __init__(self) -> None:
        super().__init__(_("The certificate is already revoked. Nothing was changed."))


class AlreadyIssued(Refused):
    """A new certificate of what is not revoked by a person, or was issued anew meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("A new certificate is already issued. Nothing was changed."))
