"""The form that proposes another attendance."""

import datetime
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.models import Attendance

ONE = re.compile(r"^(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})$", re.ASCII)
# What somebody who never checked out has.
OPEN = re.compile(r"^\d{1,2}[.:]\d{2}\s*[-–]\s*\??$", re.ASCII)
MOST = 20


class CorrectionForm(forms.Form):
    """What should stand instead, and why."""

    mark = forms.ChoiceField(label=gettext_lazy("Mark"), widget=forms.RadioSelect)
    times = forms.CharField(
        label=gettext_lazy("Times present"),
        help_text=gettext_lazy(
            "One on each line, such as 9.00–11.30. Leave it empty when the whole occasion counts."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=400,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is the hours report wrong?"),
        help_text=gettext_lazy("Is kept with the correction. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, day: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        field = self.fields["mark"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (value, str(words).capitalize()) for value, words in Attendance.Mark.choices if value
        ]

    def clean_times(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        """The times as moments of the occasion's day in Stockholm."""
        lines = [line.strip() for line in self.cleaned_data["times"].splitlines() if line.strip()]
        if len(lines) > MOST:
            raise forms.ValidationError(_("Write at most twenty times."))
        return [self._span(line) for line in lines]

    def _span(self, line: str) -> tuple[datetime.datetime, datetime.datetime]:
        if OPEN.match(line):
            raise forms.ValidationError(_("Write when the person left: 14.00–16.30."))
        match = ONE.match(line)
        try:
            if match is None:
                raise ValueError(line)
            a, b, c, d = (int(part) for part in match.groups())
            zone = timezone.get_default_timezone()
            begin = datetime.datetime.combine(self.day, datetime.time(a, b), zone)
            end = datetime.datetime.combine(self.day, datetime.time(c, d), zone)
        except ValueError:
            raise forms.ValidationError(
                _("“%(line)s” is not a time. Write it like 9.00–11.30.") % {"line": line[:40]}
            ) from None
        if end <= begin:
            raise forms.ValidationError(
                _("“%(line)s” ends before it begins.") % {"line": line[:40]}
            )
        return begin, end


class DecisionForm(forms.Form):
    """Approval, or a no with its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for the decision"),
        help_text=gettext_lazy("Needed when you decline."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
