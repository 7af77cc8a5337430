"""One form for each kind of dated value; the day and the decision are the same in all."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from programme.dated.reading import Kind
from programme.dated.words import CHOICES
from programme.models import HourRules
from programme.settings_catalogue import CATALOGUE, SettingMeaning


class DatedForm(forms.Form):
    """From which day, and by which decision."""

    valid_from = DayField(
        label=_("Holds from"),
        help_text=_("The first day of the new value. Until then what holds now stays."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    decision = forms.CharField(
        label=_("Decision"),
        help_text=_("Who decided, and when: for instance the steering group's minutes."),
        max_length=120,
    )

    @property
    def values(self) -> dict[str, Any]:
        """What is decided, without the day and the decision."""
        kept = ("valid_from", "decision")
        return {key: value for key, value in self.cleaned_data.items() if key not in kept}


class SettingForm(DatedForm):
    """A number within its limits, or one of a few choices."""

    field_order = ["value", "valid_from", "decision"]

    def __init__(self, *args: Any, meaning: SettingMeaning, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _field(meaning)
        self.order_fields(self.field_order)


def _field(meaning: SettingMeaning) -> forms.Field:
    if meaning.choices:
        return forms.ChoiceField(
            label=_("New value"),
            choices=[(key, CHOICES.get(key, key)) for key in meaning.choices],
            widget=forms.RadioSelect,
        )
    return forms.IntegerField(
        label=_("New value"),
        help_text=_("A whole number, %(lowest)s to %(highest)s. Unit: %(unit)s.")
        % {
            "lowest": meaning.minimum,
            "highest": meaning.maximum,
            "unit": meaning.unit or "–",
        },
        min_value=meaning.minimum,
        max_value=meaning.maximum,
    )


class RateForm(DatedForm):
    """Kronor an hour."""

    # A field for numbers of the browser takes no comma everywhere; one for text does.
    amount = forms.DecimalField(
        label=_("Kronor an hour"),
        min_value=0,
        max_value=100_000,
        max_digits=8,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    field_order = ["amount", "valid_from", "decision"]


class PlanForm(DatedForm):
    """Planned persons and hours of a category."""

    planned_persons = forms.IntegerField(label=_("Planned persons"), min_value=0, max_value=100_000)
    planned_hours_each = forms.IntegerField(
        label=_("Planned hours for each"), min_value=0, max_value=1_000
    )
    field_order = ["planned_persons", "planned_hours_each", "valid_from", "decision"]


class CompletionForm(DatedForm):
    """When a course is completed."""

    least_units = forms.IntegerField(label=_("Least learning units"), min_value=0, max_value=100)
    least_percent = forms.IntegerField(
        label=_("Least share of the time, per cent"), min_value=0, max_value=100
    )
    field_order = ["least_units", "least_percent", "valid_from", "decision"]


ROUNDINGS = [
    (HourRules.Rounding.NONE, _("To the minute")),
    (HourRules.Rounding.DOWN, _("Down")),
    (HourRules.Rounding.NEAREST, _("To the nearest")),
]


class HourRulesForm(DatedForm):
    """How time present becomes hours."""

    breaks_count = forms.BooleanField(label=_("Breaks count as time"), required=False)
    late_minutes_forgiven = forms.IntegerField(
        label=_("Minutes late, or away before the end, that are forgiven"),
        min_value=0,
        max_value=120,
    )
    gap_minutes_forgiven = forms.IntegerField(
        label=_("Minutes away in between that are forgiven"),
        help_text=_("For instance when an online meeting loses somebody for a moment."),
        min_value=0,
        max_value=120,
    )
    mark_counts_whole = forms.BooleanField(
        label=_("Present without times counts the whole occasion"), required=False
    )
    open_end_counts = forms.BooleanField(
        label=_("Who never checks out counts until the end"), required=False
    )
    rounding = forms.ChoiceField(
        label=_("Rounding of each occasion"), choices=ROUNDINGS, widget=forms.RadioSelect
    )
    rounding_minutes = forms.IntegerField(
        label=_("Each occasion is rounded to whole parts of so many minutes"),
        min_value=1,
        max_value=480,
    )
    month_rounding = forms.ChoiceField(
        label=_("Rounding of the month's sum in the report"),
        choices=ROUNDINGS,
        widget=forms.RadioSelect,
    )
    month_rounding_minutes = forms.IntegerField(
        label=_("The month is rounded to whole parts of so many minutes"),
        min_value=1,
        max_value=480,
    )
    most_minutes_a_day = forms.IntegerField(
        label=_("Most minutes that count for a person in one day"), min_value=1, max_value=1_440
    )
    field_order = [
        "breaks_count",
        "late_minutes_forgiven",
        "gap_minutes_forgiven",
        "mark_counts_whole",
        "open_end_counts",
        "rounding",
        "rounding_minutes",
        "month_rounding",
        "month_rounding_minutes",
        "most_minutes_a_day",
        "valid_from",
        "decision",
    ]


class TakeBackForm(forms.Form):
    """Why a value to come is taken back."""

    reason = forms.CharField(label=_("Why is it taken back?"), max_length=300)


HOUR_FIELDS = [name for name in HourRulesForm.base_fields if name not in DatedForm.base_fields]


def form_for(kind: Kind, key: str, data: Any, *, first: datetime.date, latest: Any) -> DatedForm:
    """The form of the kind, filled with what holds and the first day that may be chosen.

    :param latest: the stored value that holds now or comes last; none before the first.
    """
    initial: dict[str, Any] = {"valid_from": first}
    if kind is Kind.SETTING:
        meaning = CATALOGUE[key]
        initial["value"] = latest.value if latest else meaning.default
        return SettingForm(data, meaning=meaning, initial=initial)
    form: type[DatedForm] = {
        Kind.RATE: RateForm,
        Kind.PLAN: PlanForm,
        Kind.COMPLETION: CompletionForm,
        Kind.HOURS: HourRulesForm,
    }[kind]
    if latest is not None:
        names = [name for name in form.base_fields if name not in DatedForm.base_fields]
        initial |= {name: getattr(latest, name) for name in names}
    return form(data, initial=initial)
