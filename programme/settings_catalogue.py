"""The settings a programme knows: what each means, its unit and its limits.

Values are rows with a date and a decision (`models.Setting`); this list says
what may stand there.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
        "small_number_limit",
        _("Fewest persons that a share may be shown for"),
        _PERSONS,
        5,
        minimum=2,
        maximum=50,
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
        "attest_reminder_days",
        _("Remind of hours to attest before the month is to be reported"),
        _("days"),
        7,
        0,
        27,
    ),
    SettingMeaning("evidence_megabytes", _("Largest file of evidence"), _("megabytes"), 10, 1, 50),
]
CATALOGUE = {meaning.key: meaning for meaning in _MEANINGS}
