"""What registration refuses, and in which words."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programme.errors import Refused
from programme.models import SeatPlan
from programme.registrations.rules import Problem


class NotPossible(Refused):
    """The rules say no; holds every reason at once."""

    def __init__(self, found: Sequence[Problem], messages: Sequence[str]) -> None:
        self.problems = list(found)
        self.messages = list(messages)
        super().__init__(" ".join(messages))


class TooLate(Refused):
    """The seat can no longer be given up or changed by its holder."""

    def __init__(self, plan: SeatPlan) -> None:
        super().__init__(
            _(
                "Seats could be given up or changed until %(until)s. Tell on the occasion's page"
                " that you cannot come instead. Nothing was changed."
            )
            % {"until": moment(plan.change_until)}
        )


class OfferOver(Refused):
    """The offer is no longer there to answer."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no offer to answer any more. Look at how your registration stands now.")
        )


def moment(at: object) -> str:
    """A moment as 2026-03-02 kl. 9.00."""
    local = timezone.localtime(at)  # type: ignore[arg-type]
    return f"{date_format(local, 'Y-m-d')} kl. {local.hour}.{local:%M}"


def in_words(found: Sequence[Problem], plan: SeatPlan, elsewhere: str = "") -> list[str]:
    """What speaks against registering, as the person reads it."""
    facts = {
        "opens": moment(plan.opens_at),
        "closes": moment(plan.closes_at),
        "managers": moment(plan.managers_until) if plan.managers_until else "",
        "unit": str(plan.needs_unit.title) if plan.needs_unit else "",
        "other": elsewhere,
    }
    return [_WORDS[problem]() % facts for problem in found]


_WORDS = {
    Problem.CANCELLED: lambda: _("The occasion is cancelled."),
    Problem.OVER: lambda: _("The occasion has begun or is over."),
    Problem.NOT_YET: lambda: _("Registration opens %(opens)s."),
    Problem.CLOSED: lambda: _("Registration closed %(closes)s."),
    Problem.NOT_ADMITTED: lambda: _(
        "Only those who take part in the project can register. Ask your nearest manager."
    ),
    Problem.MANAGERS_FIRST: lambda: _("Until %(managers)s only managers can register."),
    Problem.NOT_REACHED: lambda: _("You need to have taken “%(unit)s” first."),
    Problem.LEFT: lambda: _("The employment has ended by then."),
    Problem.TWO_ROOMS: lambda: _(
        "You cannot be in two rooms: you are expected at “%(other)s” at the same time."
    ),
}
