"""When an occasion is changed or cancelled: those who only stand in line are told as well.

Those registered are invited, and told as such. Nobody's registration is touched.
"""

from audit.operations import operation
from programme.models import Occasion, Registration
from programme.occasions.following import Change
from programme.registrations import notices

_IN_LINE = (
    Registration.State.ASKED,
    Registration.State.WAITING,
    Registration.State.OFFERED,
)


def tell_those_in_line(occasion: Occasion, change: Change) -> None:
    """One message each, once for each version of the occasion."""
    rows = list(
        Registration.objects.filter(plan__occasion=occasion, state__in=_IN_LINE)
        .select_related("person__user", "person__unit")
        .order_by("order")
    )
    if not rows:
        return
    say = notices.cancelled if change is Change.CANCELLED else notices.changed
    with operation("registration.tell", subject=occasion.public_id):
        for row in rows:
            say(row, occasion)
