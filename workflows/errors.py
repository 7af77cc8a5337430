"""What the actions refuse, in words that the user can read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class WorkflowError(Exception):
    """An action was refused; ``message`` says why and what to do."""

    default: str | Promise = _("This cannot be done now.")

    def __init__(self, message: str | Promise | None = None) -> None:
        self.message = message or self.default
        super().__init__(str(self.message))


class CannotOpen(WorkflowError):
    """The case cannot start, for instance because nobody could decide it."""


class CannotDecide(WorkflowError):
    """This person may not give this verdict, or a rule of the kind forbids it."""

    default = _("You cannot decide this step.")


class StaleDecision(WorkflowError):
    """The case has moved on between the page and the click."""

    default = _("Someone has already decided this step. Here is where the case stands now.")


class UsedUp(WorkflowError):
    """The link in a mail has led to a decision already."""

    default = _("The link has been used already. Here is where the case stands now.")


class CannotComplete(WorkflowError):
    """The case has no open questions, or they are not this person's to answer."""

    default = _("The case is not waiting for your answers.")


class CannotWithdraw(WorkflowError):
    """Only an open case can be withdrawn, and only by whoever started it."""

    default = _("Only the person who started an open case can withdraw it.")


class CannotPostpone(WorkflowError):
    """The task is late, or the day lies beyond its due day."""

    default = _("The task cannot be put off.")


class CannotMove(WorkflowError):
    """The case must stay on the version it runs on; the reason is in the words."""


class FieldError(WorkflowError):
    """Refused because of one answer; ``field`` says which, for the form."""

    def __init__(self, message: str | Promise | None = None, field: str | None = None) -> None:
        self.field = field
        super().__init__(message)


class CannotReassign(FieldError):
    """This person may not hand the step over, or not to that person."""

    default = _("You cannot hand this step over.")


class CannotDelegate(FieldError):
    """That deputy cannot be appointed, or is not this person's to end."""

    default = _("You cannot end that.")


class CannotPublish(WorkflowError):
    """The definition has faults; ``problems`` lists them in words."""

    default = _("The workflow cannot be published yet.")

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems) or None)
