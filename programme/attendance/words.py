"""The words of marks, problems and overlaps."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.attendance import rules
from programme.attendance.rules import Problem
from programme.models import Attendance, Occasion

#: Mark: its words, and the colour of its tag that repeats them.
MARKS: dict[str, tuple[str | Promise, str]] = {
    mark: (capfirst(Attendance.Mark(mark).label), colour)
    for mark, colour in (
        (rules.UNMARKED, "grey"),
        (rules.PRESENT, "green"),
        (rules.ABSENT, "red"),
        (rules.EXCUSED, "amber"),
    )
}
PROBLEMS: dict[Problem, str | Promise] = {
    Problem.REASON: gettext_lazy(
        "A time that is written down no longer counts. Write why: the old time is kept beside it."
    ),
    Problem.ORDER: gettext_lazy("The time out is before the time in."),
    Problem.NO_BEGINNING: gettext_lazy("Write a time in as well."),
    Problem.OUTSIDE: gettext_lazy("The time lies outside the occasion."),
    Problem.ABSENT_WITH_TIMES: gettext_lazy(
        "Someone who was not there cannot have a time. Choose “present” or clear the time."
    ),
    Problem.TWO_OPEN: gettext_lazy("Only the last time may lack a time out."),
    Problem.NOT_A_TIME: gettext_lazy("Write the time as 9.15 or 09:15."),
}


def clash(found: rules.Clash, here: Occasion) -> str:
    """An overlap as seen from one of its occasions."""
    there = found.other if found.one.occasion == here.public_id else found.one
    starts, ends = timezone.localtime(there.starts), timezone.localtime(there.ends)
    values = {
        "title": there.title,
        "from": f"{starts.hour}.{starts:%M}",
        "to": f"{ends.hour}.{ends:%M}",
        "minutes": found.minutes,
    }
    if found.blocking:
        return (
            _(
                "Already marked as present at “%(title)s” at %(from)s–%(to)s, %(minutes)d minutes at"
                " the same time. Correct the one that is wrong."
            )
            % values
        )
    if found.minutes:
        return _("%(minutes)d minutes at the same time as “%(title)s” at %(from)s–%(to)s.") % values
    return _("Invited to “%(title)s” at %(from)s–%(to)s at the same time.") % values
