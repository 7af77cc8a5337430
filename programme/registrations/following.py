"""When an occasion is changed or cancelled: those who only stand in line are told as well.

Those registered are invited, and told as such. Nobody's registration is touched. When a public
page is taken down, everyone who is registered or in line is told that nothing else has changed.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from programme.models import Occasion, Registration
from programme.occasions.following import Change
from programme.registrations import notices

_IN_LINE = (
    Registration.State.ASKED,
    Registration.State.WAITING,
    Registration.State.OFFERED,
)


def tell_those_in_line(occasion: Occasion, change: Change) -> int:
    """One message each, once for each version of the occasion; how many."""
    rows = list(
        Registration.objects.filter(plan__occasion=occasion, state__in=_IN_LINE)
        .select_related("person__user", "person__unit")
        .order_by("order")
    )
    if not rows:
        return 0
    say = notices.cancelled if change is Change.CANCELLED else notices.changed
    with operation("registration.tell", subject=occasion.public_id):
        for row in rows:
            say(row, occasion)
    return len(rows)


@transaction.atomic
def tell_page_gone(occasions: Iterable[int], page: str) -> int:
    """One message to each who is registered for, or in line to, what is to come; how many.

    :param occasions: those that no public page tells of any more.
    :param page: the page that told of them, so that nobody is told twice of it.
    """
    rows = list(
        Registration.objects.live()
        .filter(plan__occasion__in=list(occasions), plan__occasion__starts_at__gt=timezone.now())
        .exclude(plan__occasion__state=Occasion.State.CANCELLED)
        .select_related("plan__occasion", "person__user", "person__unit")
        .order_by("plan__occasion", "order")
    )
    if not rows:
        return 0
    with operation("registration.tell_page"):
        for row in rows:
            notices.page_gone(row, row.plan.occasion, page)
    return len(rows)
