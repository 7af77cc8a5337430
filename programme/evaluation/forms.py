"""Forms of the evaluation's pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Role
from programme.evaluation.actions import Answer, Facts
from programme.models import EvaluationFinding, Recommendation


def day(**more: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(widget=widget, **more)


def words(rows: int = 4, **more: Any) -> forms.CharField:
    """A longer text."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **more)


class ReportForm(forms.Form):
    """What a report is."""

    title = forms.CharField(label=_("Title"), max_length=160)
    evaluator = forms.CharField(
        label=_("Evaluator"), max_length=160, help_text=_("The firm, not a person's name.")
    )
    period = forms.CharField(label=_("What it covers"), max_length=120)
    dated_on = day(label=_("Date of the report"), initial=timezone.localdate)
    summary = words(8, label=_("Summary"), max_length=6000)

    def facts(self) -> Facts:
        """The cleaned answers."""
        return Facts(**self.cleaned_data)


class FindingForm(forms.Form):
    """A finding and its tags."""

    text = words(5, label=_("Finding"), max_length=4000)
    criterion = forms.ChoiceField(
        label=_("Criterion"),
        choices=EvaluationFinding.Criterion.choices,
        widget=forms.RadioSelect,
    )
    principles = forms.MultipleChoiceField(
        label=_("Horizontal principles that it touches"),
        choices=EvaluationFinding.Principle.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class RecommendationForm(forms.Form):
    """What is advised."""

    text = words(4, label=_("Recommendation"), max_length=2000)


class DayForm(forms.Form):
    """A day."""

    on = day(label=_("Day"), initial=timezone.localdate)


class AnswerForm(forms.Form):
    """The answer to a recommendation."""

    status = forms.ChoiceField(
        label=_("Will it be done?"),
        choices=[
            (status.value, status.label)
            for status in (
                Recommendation.Status.ACCEPTED,
                Recommendation.Status.PARTLY,
                Recommendation.Status.REJECTED,
            )
        ],
        widget=forms.RadioSelect,
    )
    owner = forms.ModelChoiceField(label=_("Who sees to it"), queryset=Role.objects.all())
    deadline = day(label=_("To be done by"))
    response = words(4, label=_("Answer"), max_length=4000, help_text=_("Becomes public."))

    def given(self) -> Answer:
        """The cleaned answers."""
        return Answer(**self.cleaned_data)
