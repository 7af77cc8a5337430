"""When an event is moved or cancelled: its guests are told by mail, and nobody is lost."""

from programme.guests import actions
from programme.models import Guest, Occasion
from programme.occasions.following import Change


def tell_guests(occasion: Occasion, change: Change) -> int:
    """Queue a mail for each guest who is coming; how many."""
    if occasion.kind != Occasion.Kind.EVENT:
        return 0
    cancelled = change is Change.CANCELLED
    return actions.tell(occasion, Guest.Mail.CANCELLED if cancelled else Guest.Mail.CHANGED)
