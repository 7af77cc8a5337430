"""The days that the template proposes, and those that staff have changed by hand in the preview.

Whoever goes back from the preview takes the changed days along in hidden fields: the next
preview shows them again, and the other days as they are proposed anew.
"""

from collections.abc import Mapping, Sequence

from core.workdays import is_working_day
from programme.groups import rules
from programme.groups.forms import MakeForm
from programme.models import LearningUnit

# Which course the changed days are of: units of another are other units.
OF_COURSE = "days_of"
FIELDS = ("day-", "time-")


def laid_by(form: MakeForm, units: Sequence[LearningUnit]) -> dict[str, str]:
    """The days that the template proposes, as the second form takes them; of a valid form."""
    clean = form.cleaned_data
    weeks = clean["weeks"]
    gaps = [weeks * 7 if weeks else unit.days_after_previous for unit in units[1:]]
    days = rules.lay_days(clean["first_day"], gaps, is_working_day)
    laid = {}
    for unit, day in zip(units, days, strict=False):
        laid[f"day-{unit.number}"] = day.isoformat()
        laid[f"time-{unit.number}"] = f"{clean['time']:%H:%M}"
    return laid


def changed_by_hand(sent: Mapping[str, str], proposed: Mapping[str, str]) -> dict[str, str]:
    """What the preview holds besides what was proposed in it, and of which course."""
    changed = {
        name: sent[name] for name in proposed if name in sent and sent[name] != proposed[name]
    }
    return changed | {OF_COURSE: sent.get("course", "")} if changed else {}


def days_sent(sent: Mapping[str, str]) -> dict[str, str]:
    """What came along of an earlier preview, untouched."""
    if OF_COURSE not in sent:
        return {}
    return {
        name: value for name, value in sent.items() if name == OF_COURSE or name.startswith(FIELDS)
    }


def changed_before(sent: Mapping[str, str], proposed: Mapping[str, str]) -> dict[str, str]:
    """The days that were changed in an earlier preview of the same course."""
    if sent.get(OF_COURSE) != sent.get("course"):
        return {}
    return {name: sent[name] for name in proposed if name in sent}
