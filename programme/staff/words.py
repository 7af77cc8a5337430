"""Progress in words: what is missing, and how hours are written."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.figures import hours
from programme.models import Participation
from programme.staff.rules import Kind, Lack, Progress, Standing, Unit


@dataclass(frozen=True)
class Word:
    """A word and the colour that repeats it."""

    text: str | Promise
    colour: str


STANDINGS = {
    Standing.REACHED: Word(gettext_lazy("Done"), "green"),
    Standing.BOOKED: Word(gettext_lazy("Booked"), "teal"),
    Standing.UNPLANNED: Word(gettext_lazy("Not planned yet"), "grey"),
    Standing.MISSED: Word(gettext_lazy("Missing"), "amber"),
}
STATES = {
    Participation.State.ADMITTED: Word(gettext_lazy("Admitted"), "grey"),
    Participation.State.STARTED: Word(gettext_lazy("Started"), "teal"),
    Participation.State.COMPLETED: Word(gettext_lazy("Completed"), "green"),
    Participation.State.DROPPED: Word(gettext_lazy("Left early"), "grey"),
}


def numbered(units: Sequence[Unit]) -> str:
    """The units by number: «tillfälle 4» or «tillfälle 2, 4 eller 5»."""
    return ngettext("occasion %(numbers)s", "occasions %(numbers)s", len(units)) % {
        "numbers": _listed([str(unit.number) for unit in units])
    }


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def lacking(lack: Lack) -> str:
    """One thing that is missing, as a sentence."""
    if lack.kind is Kind.NEEDED:
        return _("Missing: %(units)s, which is needed to complete the course.") % {
            "units": numbered(lack.units)
        }
    if lack.kind is Kind.TIME:
        return _("Missing: %(time)s of the course's time.") % {"time": hours(lack.number)}
    if len(lack.units) <= lack.number:
        return _("Missing: %(units)s.") % {"units": numbered(lack.units)}
    return ngettext(
        "Missing: %(number)d more occasion of %(units)s.",
        "Missing: %(number)d more occasions of %(units)s.",
        lack.number,
    ) % {"number": lack.number, "units": _listed([str(unit.number) for unit in lack.units])}


def lackings(progress: Progress) -> list[str]:
    """Everything that is missing, a sentence each."""
    return [lacking(each) for each in progress.lacks]


def reopening(progress: Progress) -> str:
    """Why a completed participation is open again."""
    return _("The counted hours have changed. %(missing)s") % {
        "missing": " ".join(lackings(progress))
        or _("No completion rule is in force for the course.")
    }
