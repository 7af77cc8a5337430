"""What documents refuse."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cms.documents.gate.findings import Finding


class Refused(Exception):
    """An action that is not carried out, with the words for the user."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class NotAllowed(Refused):
    """The actor lacks the role for it."""

    def __init__(self) -> None:
        super().__init__(_("You do not have a role that allows this."))


class Stopped(Refused):
    """The gate has found something that nobody has answered for."""

    def __init__(self, left: Sequence[Finding]) -> None:
        self.left = list(left)
        super().__init__(
            _("Nothing was published. This is left to put right or give a reason for: %(what)s.")
            % {"what": "; ".join(str(finding.kind.title) for finding in left)}
        )


class OwnRequest(Refused):
    """Nobody publishes a document alone."""

    def __init__(self) -> None:
        super().__init__(
            _("You have asked for this publishing yourself. A colleague has to look and approve.")
        )


class Stale(Refused):
    """Somebody was faster, or the file has been replaced."""

    def __init__(self) -> None:
        super().__init__(
            _("This has changed since you opened the page. Look at the new state and try again.")
        )
