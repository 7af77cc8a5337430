"""The settings a programme knows: what each means, its unit and its limits.

Values are rows with a date and a decision (`models.Setting`); this list says
what may stand there.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class SettingMeaning:
    """One setting: its words and which values make sense."""

    key: str
    meaning: Promise
    unit: Promise | str
    default: int | str
    minimum: int = 0
    maximum: int = 1_000_000
    choices: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether the value may be set."""
        if self.choices:
            return value in self.choices
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return is_number and self.minimum <= int(str(value)) <= self.maximum


_PERSONS = _("persons")
_MEANINGS = [
    SettingMeaning(
        "women_share_percent", _("Share of women in the workforce"), "%", 78, maximum=100
    ),
    SettingMeaning(
        "workforce_under_30_percent",
        _("Share of the workforce under 30 years; 0 while it is not known"),
        "%",
        0,
        maximum=100,
    ),
    SettingMeaning(
        "workforce_from_55_percent",
        _("Share of the workforce of 55 years and older; 0 while it is not known"),
        "%",
        0,
        maximum=100,
    ),
    SettingMeaning(
        "small_number_limit",
        _("Fewest persons that a share may be shown for"),
        _PERSONS,
        5,
        minimum=2,
        maximum=50,
    ),
    SettingMeaning(
        "extract_minutes_step",
        _("Minutes in the evaluator's extract are rounded to this step"),
        _("minutes"),
        30,
        minimum=1,
        maximum=600,
    ),
    SettingMeaning("group_size", _("Planned size of a group"), _PERSONS, 20, 2, 100),
    SettingMeaning("group_size_lowest", _("Warn for smaller groups"), _PERSONS, 16, 1, 100),
    SettingMeaning("group_size_highest", _("Warn for larger groups"), _PERSONS, 24, 1, 100),
    SettingMeaning("series_occasions", _("Occasions in the series"), _("occasions"), 6, 1, 50),
    SettingMeaning("series_months", _("Longest time for the series"), _("months"), 12, 1, 36),
    SettingMeaning(
        "support_chain_scope",
        _("Where the supporting manager and key function must work"),
        "",
        "unit",
        choices=("unit", "department"),
    ),
    SettingMeaning("answer_days", _("Days to answer an offer of a place"), _("days"), 10, 1, 60),
    SettingMeaning("workforce", _("Employees in the target group"), _PERSONS, 13_000),
    # The application never says what completing is (T6); the rest of it is the completion rule.
    SettingMeaning(
        "unit_reached_percent",
        _("Least share of an occasion's time that reaches its learning unit"),
        "%",
        50,
        minimum=1,
        maximum=100,
    ),
    SettingMeaning(
        "manager_digest",
        _("How often managers are told how their staff are doing"),
        "",
        "month",
        choices=("week", "month", "never"),
    ),
    SettingMeaning(
        "certificate_identity",
        _("Personal identity number on certificates"),
        "",
        "none",
        choices=("none", "masked"),
    ),
    SettingMeaning("working_day_from", _("Ordinary working hours from"), _("o'clock"), 8, 0, 23),
    SettingMeaning("working_day_to", _("Ordinary working hours until"), _("o'clock"), 17, 1, 24),
    SettingMeaning(
        "practice_days", _("Least days of practice between occasions"), _("days"), 14, 0, 120
    ),
    SettingMeaning(
        "invitation_days", _("Invitations are sent before the occasion"), _("days"), 21, 1, 120
    ),
    SettingMeaning(
        "reminder_days", _("Reminders are sent before the occasion"), _("days"), 3, 0, 30
    ),
    SettingMeaning(
        "join_minutes", _("An online meeting opens before its start"), _("minutes"), 15, 0, 120
    ),
    SettingMeaning(
        "needs_kept_days",
        _("Adaptation needs are kept after the last occasion"),
        _("days"),
        30,
        0,
        365,
    ),
    SettingMeaning(
        "check_in_step_seconds",
        _("Seconds that a check-in code is shown"),
        _("seconds"),
        30,
        10,
        600,
    ),
    SettingMeaning(
        "check_in_steps_accepted",
        _("Earlier check-in codes that still count"),
        _("codes"),
        1,
        0,
        10,
    ),
    SettingMeaning(
        "check_in_minutes_before",
        _("Minutes before an occasion that check-in opens"),
        _("minutes"),
        30,
        0,
        240,
    ),
    SettingMeaning(
        "check_in_minutes_after",
        _("Minutes after an occasion that check-out closes"),
        _("minutes"),
        30,
        0,
        240,
    ),
    SettingMeaning(
        "check_in_minutes_to_finish",
        _("Minutes to sign in and check in after a code was read"),
        _("minutes"),
        10,
        1,
        60,
    ),
    SettingMeaning(
        "overlap_minutes_tolerated",
        _("Minutes at two occasions at once that only give a warning"),
        _("minutes"),
        10,
        0,
        120,
    ),
    SettingMeaning(
        "report_rows_most", _("Most rows of a meeting report"), _("rows"), 2_000, 10, 20_000
    ),
    SettingMeaning(
        "coverage_alarm_days",
        _("Days before the programme's end that a district without a group is alarming"),
        _("days"),
        365,
        0,
        1_500,
    ),
    SettingMeaning(
        "document_megabytes", _("Largest document to publish"), _("megabytes"), 20, 1, 50
    ),
    SettingMeaning("tender_megabytes", _("Largest file of a tender"), _("megabytes"), 50, 1, 50),
    SettingMeaning(
        "standstill_days", _("Days between an award and its contract"), _("days"), 10, 0, 60
    ),
    SettingMeaning(
        "opening_minutes",
        _("Minutes that the first person waits for the second at an opening of tenders"),
        _("minutes"),
        15,
        1,
        120,
    ),
    # Both follow the law's figures, which change every other year: values with a decision.
    SettingMeaning(
        "documentation_from_kronor",
        _("Direct awards above this are documented"),
        _("kronor"),
        100_000,
        0,
        10_000_000,
    ),
    SettingMeaning(
        "direct_award_kronor",
        _("Direct awards are made up to this value"),
        _("kronor"),
        700_000,
        0,
        100_000_000,
    ),
    SettingMeaning(
        "direct_award_social_kronor",
        _("Direct awards of training and social services are made up to this value"),
        _("kronor"),
        8_100_000,
        0,
        100_000_000,
    ),
    # 0 until the fund has paid for the last time; then the five years begin to count.
    SettingMeaning(
        "last_payment_year", _("Year of the fund's last payment"), _("year"), 0, 0, 2_200
    ),
    SettingMeaning(
        "retention_years", _("Years that the fund's documents are kept"), _("years"), 5, 1, 100
    ),
    SettingMeaning(
        "co_financing_alarm_percent",
        _("Alarm when the forecast of co-financing is so far below the plan"),
        "%",
        5,
        1,
        50,
    ),
    SettingMeaning(
        "forecast_least_seats",
        _("Fewest seats held that a course and category are forecast from by themselves"),
        _("seats"),
        40,
        1,
        2_000,
    ),
    SettingMeaning(
        "attest_reminder_days",
        _("Remind of hours to attest before the month is to be reported"),
        _("days"),
        7,
        0,
        27,
    ),
    SettingMeaning(
        "correction_wait_days",
        _("Days that a correction may wait for a second person"),
        _("days"),
        5,
        1,
        60,
    ),
    # The application leaves open whether lectures give hours; the strictest stands first.
    SettingMeaning(
        "lecture_hours",
        _("Which lectures give hours: only live ones, or recorded ones too"),
        "",
        "live",
        choices=("live", "recorded"),
    ),
    SettingMeaning(
        "viewing_threshold_percent",
        _("Least share of a recording that must be watched"),
        "%",
        90,
        1,
        100,
    ),
    SettingMeaning(
        "viewing_minutes_late",
        _("Minutes that what was watched may arrive late on a bad connection"),
        _("minutes"),
        10,
        1,
        60,
    ),
    SettingMeaning(
        "recording_megabytes", _("Largest file of a recording"), _("megabytes"), 700, 1, 4_000
    ),
    SettingMeaning(
        "material_megabytes", _("Largest file of a lecture's material"), _("megabytes"), 20, 1, 50
    ),
    SettingMeaning(
        "lecture_most_questions",
        _("Most questions of one person to one lecture"),
        _("questions"),
        5,
        1,
        50,
    ),
    SettingMeaning(
        "offer_hours",
        _("Hours to answer an offered seat"),
        pgettext_lazy("unit", "hours"),
        48,
        1,
        336,
    ),
    SettingMeaning("dissemination_events", _("Least dissemination events"), _("events"), 2, 1, 24),
    SettingMeaning(
        "dissemination_warn_days",
        _("Days before a dissemination event is due that its absence is a warning"),
        _("days"),
        180,
        1,
        730,
    ),
    SettingMeaning(
        "guest_kept_days", _("Guests' names are kept after the event"), _("days"), 90, 1, 730
    ),
    SettingMeaning(
        "guest_link_hours",
        _("Hours that a guest has to confirm"),
        pgettext_lazy("unit", "hours"),
        72,
        1,
        336,
    ),
    SettingMeaning(
        "absence_kept_days", _("Absences are kept after their last day"), _("days"), 400, 60, 2_000
    ),
    SettingMeaning(
        "job_kept_days", _("Work in the background is kept after it ended"), _("days"), 90, 1, 730
    ),
    # when the project is over the portal is kept to be read, and nothing is changed any more.
    SettingMeaning(
        "portal_state",
        _("The portal: open, or frozen to be read only"),
        "",
        "open",
        choices=("open", "frozen"),
    ),
    SettingMeaning("evidence_megabytes", _("Largest file of evidence"), _("megabytes"), 10, 1, 50),
]
CATALOGUE = {meaning.key: meaning for meaning in _MEANINGS}
