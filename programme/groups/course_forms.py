"""Forms for courses, learning units, material and when a course is completed."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from programme.forms import ReasonForm
from programme.models import Module, NominationKind

_PAIR = re.compile(r"^\s*(\d+)\s*[-–]\s*(\d+)\s*$")


class BreaksField(forms.CharField):
    """Breaks as text, one a line: «150–190» are minutes after the start."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Pairs from the database as the lines that staff write."""
        if isinstance(value, list):
            return "\n".join(f"{start}–{stop}" for start, stop in value)
        return value

    def to_python(self, value: Any) -> Any:
        """The lines as pairs of minutes."""
        pairs = []
        for line in str(value or "").splitlines():
            if not line.strip():
                continue
            found = _PAIR.match(line)
            if found is None:
                raise forms.ValidationError(_("Write each break as two numbers, like 150–190."))
            pairs.append([int(found[1]), int(found[2])])
        return pairs


class CourseForm(ReasonForm):
    """What a course is called and says."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    counts_towards_plan = forms.BooleanField(
        label=_("Its hours are part of the planned 26 or 18"), required=False
    )
    in_use = forms.BooleanField(label=_("In use"), required=False)
    needs_change_application = forms.BooleanField(
        label=_("The change must be applied for at the ESF council first"), required=False
    )
    field_order = [
        "name",
        "description",
        "counts_towards_plan",
        "in_use",
        "needs_change_application",
        "reason",
    ]


class NewCourseForm(ReasonForm):
    """A course that is not there yet; its learning units come after."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    kind = forms.ModelChoiceField(
        label=_("Nominated as"),
        help_text=_("Those nominated this way come to the course. Open to all: leave it empty."),
        queryset=NominationKind.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("open to all"),
    )
    counts_towards_plan = forms.BooleanField(
        label=_("Its hours are part of the planned 26 or 18"), required=False
    )
    needs_change_application = forms.BooleanField(
        label=_("The change must be applied for at the ESF council first"), required=False
    )
    field_order = [
        "name",
        "description",
        "kind",
        "counts_towards_plan",
        "needs_change_application",
        "reason",
    ]

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = kinds


class ModuleForm(ReasonForm):
    """A subject of the training, and where it stands in the list."""

    name = forms.CharField(label=_("Name"), max_length=120)
    order = forms.IntegerField(label=_("Order in the list"), min_value=0, max_value=999)
    field_order = ["name", "order", "reason"]


class PointForm(ReasonForm):
    """One thing that each district does before its first group opens."""

    text = forms.CharField(label=_("What is to be done"), max_length=200)
    days_before = forms.IntegerField(
        label=_("Days before the first occasion"), min_value=0, max_value=365
    )
    in_use = forms.BooleanField(label=_("In use"), required=False)
    field_order = ["text", "days_before", "in_use", "reason"]


class LeavingReasonForm(ReasonForm):
    """One kind of reason for leaving a course."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Coarse, and never about health: nobody is to be asked about illness."),
        max_length=80,
    )
    order = forms.IntegerField(label=_("Order"), min_value=1, max_value=999)
    in_use = forms.BooleanField(label=_("In use"), required=False)
    field_order = ["name", "order", "in_use", "reason"]


class UnitForm(ReasonForm):
    """One learning unit: how long, which breaks, what must be done."""

    title = forms.CharField(label=_("Title"), max_length=160)
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    modules = forms.ModelMultipleChoiceField(
        label=_("Modules"),
        queryset=Module.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    minutes = forms.IntegerField(label=_("Minutes, breaks included"), min_value=15, max_value=900)
    breaks = BreaksField(
        label=_("Breaks"),
        help_text=_("One a line, in minutes after the start: 150–190 is forty minutes' lunch."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    days_after_previous = forms.IntegerField(
        label=_("Days after the previous occasion"), min_value=0, max_value=365
    )
    must_have = forms.BooleanField(label=_("Needed to complete the course"), required=False)
    homework = forms.CharField(
        label=_("Homework"),
        help_text=_("What is to be done before the next occasion. Never about clients."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    homework_days_before = forms.IntegerField(
        label=_("Homework is due so many days before the next occasion"),
        min_value=0,
        max_value=60,
    )
    in_use = forms.BooleanField(label=_("In use"), required=False)
    field_order = [
        "title",
        "description",
        "modules",
        "minutes",
        "breaks",
        "days_after_previous",
        "must_have",
        "homework",
        "homework_days_before",
        "in_use",
        "reason",
    ]

    def __init__(self, *args: Any, modules: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["modules"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = modules


class MaterialForm(ReasonForm):
    """Something to read or watch."""

    title = forms.CharField(label=_("Title"), max_length=160)
    address = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    in_use = forms.BooleanField(label=_("In use"), required=False, initial=True)
    field_order = ["title", "address", "text", "in_use", "reason"]


class CompletionForm(forms.Form):
    """When a course is completed, from a day on."""

    valid_from = DayField(
        label=_("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    least_units = forms.IntegerField(label=_("Least learning units"), min_value=0, max_value=100)
    least_percent = forms.IntegerField(
        label=_("Least share of the time, per cent"), min_value=0, max_value=100
    )
    decision = forms.CharField(
        label=_("Decision"),
        help_text=_("Who decided, and when: for instance the steering group's minutes."),
        max_length=120,
    )
