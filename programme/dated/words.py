"""What stands on the pages: themes, units, and values in words."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import figures
from programme.dated.rules import Holds
from programme.models import CategoryPlan, CompletionRule, HourRules, Rate
from programme.settings_catalogue import CATALOGUE
from programme.status import Status


class Area(StrEnum):
    """A theme of the page, in its order."""

    MONEY = "money"
    HOURS = "hours"
    COURSES = "courses"
    ATTENDANCE = "attendance"
    NOMINATION = "nomination"
    OTHER = "other"


AREAS: dict[Area, tuple[str | Promise, str | Promise]] = {
    Area.MONEY: (
        gettext_lazy("Money and plan"),
        gettext_lazy("What an hour is worth, and what the project has promised."),
    ),
    Area.HOURS: (
        gettext_lazy("Hours and months"),
        gettext_lazy("How time present becomes hours, and when months are closed."),
    ),
    Area.COURSES: (
        gettext_lazy("Courses and groups"),
        gettext_lazy("How the training is laid out, and when a course is completed."),
    ),
    Area.ATTENDANCE: (
        gettext_lazy("Occasions and check-in"),
        gettext_lazy("Invitations, reminders and how people check in."),
    ),
    Area.NOMINATION: (
        gettext_lazy("Nomination and figures"),
        gettext_lazy("Offers of places, gender balance and small numbers."),
    ),
    Area.OTHER: (gettext_lazy("Other"), gettext_lazy("What belongs to no theme above.")),
}
_KEYS: dict[Area, tuple[str, ...]] = {
    Area.MONEY: ("co_financing_alarm_percent", "forecast_least_seats"),
    Area.HOURS: (
        "attest_reminder_days",
        "correction_wait_days",
        "overlap_minutes_tolerated",
        "report_rows_most",
        "absence_kept_days",
        "job_kept_days",
    ),
    Area.COURSES: (
        "group_size",
        "group_size_lowest",
        "group_size_highest",
        "series_occasions",
        "series_months",
        "practice_days",
        "unit_reached_percent",
        "support_chain_scope",
        "coverage_alarm_days",
        "certificate_identity",
    ),
    Area.ATTENDANCE: (
        "working_day_from",
        "working_day_to",
        "invitation_days",
        "reminder_days",
        "join_minutes",
        "needs_kept_days",
        "check_in_step_seconds",
        "check_in_steps_accepted",
        "check_in_minutes_before",
        "check_in_minutes_after",
        "check_in_minutes_to_finish",
        "evidence_megabytes",
    ),
    Area.NOMINATION: (
        "women_share_percent",
        "workforce",
        "small_number_limit",
        "extract_minutes_step",
        "answer_days",
        "manager_digest",
    ),
}
AREA_OF = {key: area for area, keys in _KEYS.items() for key in keys}
CHOICES: Mapping[str, str | Promise] = {
    "unit": gettext_lazy("in the same unit"),
    "department": gettext_lazy("in the same department"),
    "week": gettext_lazy("every week"),
    "month": gettext_lazy("every month"),
    "never": gettext_lazy("never"),
    "none": gettext_lazy("does not stand on the certificate"),
    "masked": gettext_lazy("stands with the last four digits hidden"),
    "open": gettext_lazy("open to everyone who works here"),
    "frozen": gettext_lazy("frozen: everything can be read and nothing is changed"),
}
#: Settings that are hours of the day.
CLOCK = frozenset({"working_day_from", "working_day_to"})
RATES: Mapping[str, str | Promise] = {
    "participant": gettext_lazy("An hour of a participant employed by the city"),
}
HOLDS = {
    Holds.NOW: Status(gettext_lazy("Holds now"), "green"),
    Holds.COMING: Status(gettext_lazy("To come"), "teal"),
    Holds.PAST: Status(gettext_lazy("Earlier"), "grey"),
}


def setting(key: str, value: object) -> str:
    """A setting's value with its unit."""
    meaning = CATALOGUE.get(key)
    if meaning is None or meaning.choices:
        return str(CHOICES.get(str(value), value))
    if key in CLOCK:
        return _("%(hour)s.00 o'clock") % {"hour": value}
    if str(meaning.unit) == "%":
        return figures.percent(value, 0)
    return f"{figures.plain(value)} {meaning.unit}".strip()


def rate(row: Rate) -> str:
    """Kronor an hour."""
    decimals = 0 if row.amount == row.amount.to_integral_value() else 2
    return _("%(amount)s an hour") % {"amount": figures.kronor(row.amount, decimals)}


def plan(persons: int, hours: int) -> str:
    """Persons and the hours of each."""
    return _("%(persons)s persons, %(hours)s hours each, %(all)s hours in all") % {
        "persons": figures.plain(persons),
        "hours": figures.plain(hours),
        "all": figures.plain(persons * hours),
    }


def category_plan(row: CategoryPlan) -> str:
    """The decided plan."""
    return plan(row.planned_persons, row.planned_hours_each)


def completion(row: CompletionRule) -> str:
    """What completes the course."""
    return _("At least %(units)d learning units and %(percent)s of the time") % {
        "units": row.least_units,
        "percent": figures.percent(row.least_percent, 0),
    }


def hour_rules(row: HourRules) -> list[str]:
    """Each of the rules as a sentence."""
    return [
        _("Breaks count as time.") if row.breaks_count else _("Breaks are taken away."),
        _minutes(
            row.late_minutes_forgiven,
            _("Coming late or leaving early is always taken away."),
            _("Up to %(n)s late, or away before the end, is forgiven."),
        ),
        _minutes(
            row.gap_minutes_forgiven,
            _("Time away in between is always taken away."),
            _("Up to %(n)s away in between is forgiven, such as a lost connection."),
        ),
        _("Present without times counts the whole occasion.")
        if row.mark_counts_whole
        else _("Present without times counts nothing."),
        _("Who never checks out counts until the end.")
        if row.open_end_counts
        else _("Who never checks out counts nothing after the check-in."),
        _rounded(row.rounding, row.rounding_minutes, _("Each occasion")),
        _rounded(row.month_rounding, row.month_rounding_minutes, _("The month's sum")),
        _("At most %(time)s count for a person in one day.")
        % {"time": figures.hours(row.most_minutes_a_day)},
    ]


def _minutes(number: int, none: str, some: str) -> str:
    if not number:
        return none
    words = ngettext("%(n)d minute", "%(n)d minutes", number) % {"n": number}
    return some % {"n": words}


def _rounded(how: str, to: int, what: str) -> str:
    if how == HourRules.Rounding.NONE:
        return _("%(what)s is counted to the minute.") % {"what": what}
    if how == HourRules.Rounding.DOWN:
        return _("%(what)s is rounded down to whole %(to)s.") % {
            "what": what,
            "to": figures.hours(to),
        }
    return _("%(what)s is rounded to the nearest whole %(to)s.") % {
        "what": what,
        "to": figures.hours(to),
    }
