"""Who looked at what: written by the views that show something sensitive."""

from audit.models import ReadEvent
from audit.operations import current_caller


def record_reading(name: str, subject: str, *, reason: str = "") -> ReadEvent:
    """Note that the caller reads about the subject; the row can never be taken away.

    A page that is only read runs outside a transaction, so the note stays
    whatever happens to the page afterwards.
    """
    caller = current_caller.get()
    return ReadEvent.objects.create(
        name=name,
        subject=subject,
        reason=reason,
        actor_id=caller.actor.id,
        actor_name=caller.actor.name,
        request_id=caller.request_id,
    )
