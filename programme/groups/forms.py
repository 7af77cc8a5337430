"""Forms of groups: one to make or copy, one to change, and the short ones on the group's page."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Organisation
from programme.forms import ReasonForm
from programme.groups.day_rules import Laid, at_once, past_midnight
from programme.groups.making import Settings
from programme.hours.closed import locked_among
from programme.models import Course, Group, LearningUnit, LeavingReason, Venue, Wave


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _time() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "class": "govuk-input--width-10"}, format="%H:%M")


class SettingsForm(forms.Form):
    """What staff decide about a group."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    district = forms.ModelChoiceField(
        label=_("Administration"),
        help_text=_("Where the group meets. Its members may come from several."),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
    )
    wave = forms.ModelChoiceField(
        label=_("Wave"), queryset=Wave.objects.none(), to_field_name="public_id", required=False
    )
    seats = forms.IntegerField(label=_("Planned size"), min_value=1, max_value=500)
    note = forms.CharField(
        label=_("Short note"),
        help_text=_("For those who arrange. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, districts: Any, waves: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "district", districts)
        _offer(self, "wave", waves)

    def settings(self) -> Settings:
        """What was decided; only for a valid form."""
        clean = self.cleaned_data
        return Settings(
            name=clean["name"],
            district=clean["district"],
            seats=clean["seats"],
            wave=clean["wave"],
            note=clean["note"],
        )


def _offer(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    if field.empty_label is not None:
        field.empty_label = _("Choose") if field.required else _("None chosen")
    field.queryset = choices


class MakeForm(SettingsForm):
    """A group with its occasions, from a course's template."""

    course = forms.ModelChoiceField(
        label=_("Course"), queryset=Course.objects.none(), to_field_name="key", empty_label=None
    )
    first_day = DayField(
        label=_("First occasion"),
        help_text=_("The others fall on the same weekday. Public holidays are skipped."),
        widget=_date(),
    )
    time = forms.TimeField(label=_("Begins at"), widget=_time())
    weeks = forms.IntegerField(
        label=_("Weeks between the occasions"),
        help_text=_("Leave empty to use what each learning unit says."),
        min_value=1,
        max_value=52,
        required=False,
    )
    venue = forms.ModelChoiceField(
        label=_("Venue"),
        help_text=_("Is booked for every occasion. May be chosen later, for each occasion."),
        queryset=Venue.objects.none(),
        to_field_name="public_id",
        required=False,
    )
    exception_reason = forms.CharField(
        label=_("Why the venue may be used without a good accessibility check"),
        help_text=_("Only when its checklist is missing or says no."),
        max_length=200,
        required=False,
    )
    field_order = [
        "course",
        "name",
        "district",
        "wave",
        "seats",
        "first_day",
        "time",
        "weeks",
        "venue",
        "exception_reason",
        "note",
    ]

    def clean_first_day(self) -> datetime.date:
        """Within the programme: the days that follow are laid out from it."""
        day: datetime.date = self.cleaned_data["first_day"]
        course = self.cleaned_data.get("course")
        if course is not None:
            first, last = course.programme.starts_on, course.programme.ends_on
            if not first <= day <= last:
                raise forms.ValidationError(
                    _("Choose a day within the programme, %(first)s to %(last)s."),
                    params={"first": first.isoformat(), "last": last.isoformat()},
                )
        return day

    def __init__(self, *args: Any, courses: Any, venues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "course", courses)
        _offer(self, "venue", venues)


class DaysForm(forms.Form):
    """The laid days, one row for each learning unit, as staff may change them before saving."""

    def __init__(
        self, *args: Any, units: Sequence[LearningUnit], programme_id: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        self.programme_id = programme_id
        for unit in units:
            self.fields[f"day-{unit.number}"] = DayField(
                label=_("Day of %(title)s") % {"title": unit.title}, widget=_date()
            )
            self.fields[f"time-{unit.number}"] = forms.TimeField(
                label=_("Time of %(title)s") % {"title": unit.title}, widget=_time()
            )

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be held, or not be changed once it was saved."""
        clean = super().clean() or self.cleaned_data
        laid = [
            Laid(unit.number, unit.title, day, time, unit.minutes)
            for unit in self.units
            if (day := clean.get(f"day-{unit.number}")) is not None
            and (time := clean.get(f"time-{unit.number}")) is not None
        ]
        for one in past_midnight(laid):
            self._refuse(
                f"time-{one.number}",
                _(
                    "“%(title)s” would go on past midnight. Choose an earlier time:"
                    " an occasion ends on the day it begins."
                ),
                title=one.title,
            )
        for earlier, later in at_once(laid):
            self._refuse(
                f"time-{later.number}",
                _(
                    "“%(title)s” begins before “%(other)s” has ended on %(day)s. Members cannot"
                    " be at both. Choose another day or another time."
                ),
                title=later.title,
                other=earlier.title,
                day=later.day.isoformat(),
            )
        self._ensure_open(clean)
        return clean

    def _ensure_open(self, clean: dict[str, Any]) -> None:
        """Nothing new is laid in a month whose hours are reported."""
        days = {unit.number: clean.get(f"day-{unit.number}") for unit in self.units}
        chosen = {number: day for number, day in days.items() if day is not None}
        locked = locked_among(programme_id=self.programme_id, days=chosen.values())
        for number, day in chosen.items():
            if day in locked:
                self._refuse(
                    f"day-{number}",
                    _(
                        "%(day)s lies in a month that is locked, and its hours are reported."
                        " Choose another day."
                    ),
                    day=day.isoformat(),
                )

    def _refuse(self, field: str, words: Any, **params: str) -> None:
        self.add_error(field, forms.ValidationError(words, params=params))


class ChangeForm(SettingsForm, ReasonForm):
    """Another name, place, wave or size, and why."""

    field_order = ["name", "district", "wave", "seats", "note", "reason"]


class ParticipationReasonForm(ReasonForm):
    """Whom in the group it is about, and why."""

    participation = forms.ChoiceField(label=_("Who?"))
    field_order = ["participation", "reason"]

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *members]


class LeaveForm(ParticipationReasonForm):
    """Who leaves the course, what it is counted as, and more words."""

    kind = forms.ModelChoiceField(
        label=_("Reason for leaving"),
        help_text=_(
            "Is counted by sex and age, to see whether everyone takes part on equal terms."
        ),
        queryset=LeavingReason.objects.none(),
        to_field_name="key",
    )
    field_order = ["participation", "kind", "reason"]

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "kind", kinds)
        self.fields["reason"].label = _("In your own words")


class MoveForm(ParticipationReasonForm):
    """Whom, where to and from when."""

    group = forms.ModelChoiceField(
        label=_("To which group?"), queryset=Group.objects.none(), to_field_name="public_id"
    )
    from_date = DayField(label=_("First day in the new group"), widget=_date())
    field_order = ["participation", "group", "from_date", "reason"]

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "group", groups)
