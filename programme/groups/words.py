"""States and findings of groups in words, with the colour that repeats them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programme.groups import rules
from programme.groups.capacity_rules import Coverage, Readiness
from programme.models import Group, Participation
from programme.status import Status

GROUP_STATUS = {
    Group.State.PLANNED: Status(gettext_lazy("Planned"), "teal"),
    Group.State.STARTED: Status(gettext_lazy("Started"), "green"),
    Group.State.FINISHED: Status(gettext_lazy("Finished"), "grey"),
    Group.State.CANCELLED: Status(gettext_lazy("Cancelled"), "red"),
}
PARTICIPATION_STATUS = {
    Participation.State.ADMITTED: Status(gettext_lazy("Admitted"), "teal"),
    Participation.State.STARTED: Status(gettext_lazy("Started"), "green"),
    Participation.State.COMPLETED: Status(gettext_lazy("Completed"), "green"),
    Participation.State.DROPPED: Status(gettext_lazy("Left early"), "grey"),
}
COVERAGE_STATUS = {
    Coverage.STARTED: Status(gettext_lazy("Has started"), "green"),
    Coverage.PLANNED: Status(gettext_lazy("Group planned"), "teal"),
    Coverage.NONE: Status(gettext_lazy("No group yet"), "amber"),
    Coverage.ALARM: Status(gettext_lazy("No group, little time left"), "red"),
}
READINESS_STATUS = {
    Readiness.DONE: Status(gettext_lazy("Done"), "green"),
    Readiness.TO_DO: Status(gettext_lazy("To do"), "grey"),
    Readiness.LATE: Status(gettext_lazy("Past its day"), "red"),
}


def in_words(warning: rules.Warning) -> str:
    """A finding as staff read it: what is so, and the limit it is held against."""
    finding, number, limit = warning.finding, warning.number, warning.limit
    if finding is rules.Finding.TOO_SMALL:
        return ngettext(
            "%(n)d member. Groups have at least %(limit)d.",
            "%(n)d members. Groups have at least %(limit)d.",
            number,
        ) % {"n": number, "limit": limit}
    if finding is rules.Finding.TOO_LARGE:
        return _("%(n)d members. Groups have at most %(limit)d.") % {"n": number, "limit": limit}
    if finding is rules.Finding.NO_OCCASIONS:
        return _("No occasions are planned yet.")
    if finding is rules.Finding.TOO_LONG:
        return _(
            "There are %(n)d days from the first occasion to the last."
            " The course should fit within %(limit)d months."
        ) % {"n": number, "limit": limit}
    if finding is rules.Finding.TOO_CLOSE:
        return ngettext(
            "Only %(n)d day between two occasions. There should be %(limit)d, to practise.",
            "Only %(n)d days between two occasions. There should be %(limit)d, to practise.",
            number,
        ) % {"n": number, "limit": limit}
    if finding is rules.Finding.UNIT_ORDER:
        return _("Learning unit %(later)d is planned before unit %(earlier)d.") % {
            "later": number,
            "earlier": limit,
        }
    if finding is rules.Finding.PASSED:
        return ngettext(
            "%(n)d of the occasions lies in the past. Whoever is placed is not invited to it.",
            "%(n)d of the occasions lie in the past. Whoever is placed is not invited to them.",
            number,
        ) % {"n": number}
    return _("No manager has started in: %(units)s. Managers should go first.") % {
        "units": ", ".join(warning.names)
    }


def held_in_words(held: int, planned: int) -> str:
    """How far a group has come, where whoever joins it has missed something."""
    return ngettext(
        "%(held)d of %(n)d occasion has been", "%(held)d of %(n)d occasions have been", planned
    ) % {"held": held, "n": planned}
