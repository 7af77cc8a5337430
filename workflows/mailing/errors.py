"""What is refused about messages, in words for whoever tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CannotSend(Exception):
    """The message is as it was; ``message`` says why and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


NOT_A_DRAFT = _("This message has already been sent or thrown away. Nothing was changed.")
CHANGED = _(
    "Somebody has changed the draft since you looked. Nothing was sent. Read it again, then send."
)
NOBODY = _("Nobody belongs to the readers now, so nothing was sent. The draft is kept.")
ASK_A_COLLEAGUE = _(
    "So many readers need a second pair of eyes: somebody else than the one who wrote the draft"
    " must send it. The draft is kept."
)
NO_DECISION = _("Only messages that tell of a decision can wait as drafts. Nothing was changed.")
NOT_A_COLLEAGUE = _(
    "Somebody else than the one who decided, and than the one who is told, must read the message"
    " and send it. The draft is kept."
)
NOT_SENT = _("This message has not been sent, so there is nothing to stop.")
NOT_YOURS = _("You may not write to these readers. Nothing was sent and the draft is kept.")
