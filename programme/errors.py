"""What actions of this room answer when they refuse."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An action that is not carried out, with the words for the user."""

    # The field of the action's form that it is about, where it is about one.
    field: str | None = None

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class NotAllowed(Refused):
    """The actor lacks the role for it; pages answer as if the thing did not exist."""

    def __init__(self) -> None:
        super().__init__(_("You do not have a role that allows this."))


class ReasonNeeded(Refused):
    """A change that must be explained came without a reason."""

    def __init__(self) -> None:
        super().__init__(_("Write a reason. It is kept with the change and can be read later."))


class Stale(Refused):
    """Someone else was faster, so what the page showed is no longer so."""

    def __init__(self) -> None:
        super().__init__(
            _("This has changed since you opened the page. Look at the new state and try again.")
        )


class Full(Refused):
    """No place is left where one was asked for."""

    def __init__(self) -> None:
        super().__init__(
            _("All places in that quota are taken. Choose the reserve list or another wave.")
        )


class NominationRefused(Refused):
    """The rules for nominating say no; holds every reason at once."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages
