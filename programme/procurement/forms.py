"""Forms of the procurements' pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Role, User
from programme.models import BudgetLine, Criterion, FollowUp, Lecture, Occasion, Procurement
from programme.models.procurement import record_number
from programme.procurement.actions.contracts import Agreement, Chosen
from programme.procurement.actions.planning import Facts

MOST = 100_000_000


def day(**more: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(widget=widget, **more)


def moment(**more: Any) -> forms.DateTimeField:
    """A day and a time, in Swedish time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    return forms.DateTimeField(widget=widget, input_formats=formats, **more)


def words(rows: int = 4, **more: Any) -> forms.CharField:
    """A longer text."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **more)


class ProcurementForm(forms.Form):
    """What is known when a procurement is planned."""

    title = forms.CharField(label=_("Title"), max_length=160)
    record_number = forms.CharField(
        label=_("Record number"),
        max_length=30,
        validators=[record_number],
        help_text=_("The city's number, such as SOF 2026/114."),
    )
    budget_line = forms.ModelChoiceField(
        label=_("Budget line"), queryset=BudgetLine.objects.none(), to_field_name="public_id"
    )
    kind = forms.ChoiceField(label=_("What is bought"), choices=Procurement.Kind.choices)
    form = forms.ChoiceField(
        label=_("Procedure"),
        choices=Procurement.Form.choices,
        help_text=_("The procuring unit decides it; here it is written down."),
    )
    estimated_value = forms.IntegerField(
        label=_("Estimated value in kronor"), min_value=1, max_value=MOST
    )
    purpose = words(label=_("Purpose"), max_length=4000)
    contact_unit = forms.CharField(label=_("Procuring unit"), max_length=160)
    responsible = forms.ModelChoiceField(label=_("Responsible role"), queryset=Role.objects.all())
    questions_until = moment(label=_("Questions until"))
    tenders_until = moment(
        label=_("Tenders until"), help_text=_("Tenders are sealed until this moment.")
    )

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["budget_line"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = lines

    def facts(self) -> Facts:
        """The cleaned answers."""
        return Facts(**self.cleaned_data)


class CriterionForm(forms.Form):
    """A requirement or an award criterion."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Criterion.Kind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What is asked for"), max_length=400)
    weight = forms.IntegerField(
        label=_("Weight in per cent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Only for an award criterion."),
    )


class OpenersForm(forms.Form):
    """The two who open the tenders."""

    first = forms.ModelChoiceField(
        label=_("First person"), queryset=User.objects.none(), to_field_name="public_id"
    )
    second = forms.ModelChoiceField(
        label=_("Second person"), queryset=User.objects.none(), to_field_name="public_id"
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in self.fields.values():
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = people


class QuestionForm(forms.Form):
    """A question that has come in."""

    text = words(
        label=_("Question"),
        max_length=4000,
        help_text=_("Leave out everything that tells who asks."),
    )
    asked_by = forms.CharField(
        label=_("Who asks"), max_length=160, help_text=_("Never shown in public.")
    )
    received_at = moment(label=_("When it came"), initial=timezone.localtime)


class AnswerForm(forms.Form):
    """The answer to one question."""

    answer = words(label=_("Answer"), max_length=8000)


class TenderForm(forms.Form):
    """A tender that has come in."""

    supplier = forms.CharField(
        label=_("Supplier"), max_length=160, help_text=_("Sealed with the file.")
    )
    file = forms.FileField(label=_("File"), help_text=_("PDF, Word or Excel."))


class AwardForm(forms.Form):
    """The award decision."""

    supplier = forms.CharField(label=_("Supplier"), max_length=160)
    organisation_number = forms.RegexField(
        r"^\d{6}-\d{4}$",
        label=_("Organisation number"),
        error_messages={"invalid": _("Write it as 556000-0000.")},
    )
    amount = forms.IntegerField(label=_("Kronor"), min_value=1, max_value=MOST)
    reasons = words(label=_("Reasons"), max_length=4000, help_text=_("These become public."))
    decided_on = day(label=_("Decided"), initial=timezone.localdate)
    decided_by = forms.CharField(
        label=_("Who decided"), max_length=160, help_text=_("The post, not the person's name.")
    )

    def chosen(self) -> Chosen:
        """The cleaned answers."""
        return Chosen(**self.cleaned_data)


class ContractForm(forms.Form):
    """A contract that has been signed."""

    record_number = forms.CharField(
        label=_("Record number"), max_length=30, validators=[record_number]
    )
    ceiling = forms.IntegerField(label=_("Ceiling in kronor"), min_value=1, max_value=MOST)
    signed_on = day(label=_("Signed"))
    starts_on = day(label=_("Starts"))
    ends_on = day(label=_("Ends"))

    def agreement(self) -> Agreement:
        """The cleaned answers."""
        return Agreement(**self.cleaned_data)


class CallOffForm(forms.Form):
    """An order under a contract."""

    what = forms.CharField(label=_("What is ordered"), max_length=200)
    amount = forms.IntegerField(label=_("Kronor"), min_value=1, max_value=MOST)
    ordered_on = day(label=_("Ordered"), initial=timezone.localdate)
    decision = forms.CharField(
        label=_("Decision that allows more"),
        max_length=160,
        required=False,
        help_text=_("Only when the sum passes the ceiling or the budget line."),
    )
    lecture = forms.ModelChoiceField(
        label=_("Lecture that it is for"),
        queryset=Lecture.objects.none(),
        to_field_name="public_id",
        required=False,
    )

    def __init__(self, *args: Any, lectures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lecture"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lectures
        if not lectures.exists():
            del self.fields["lecture"]


class FollowUpForm(forms.Form):
    """How a delivery was."""

    on = day(label=_("Day"), initial=timezone.localdate)
    result = forms.ChoiceField(
        label=_("Result"), choices=FollowUp.Result.choices, widget=forms.RadioSelect
    )
    note = words(label=_("Note"), max_length=2000)
    occasion = forms.ModelChoiceField(
        label=_("Occasion"),
        queryset=Occasion.objects.none(),
        to_field_name="public_id",
        required=False,
    )

    def __init__(self, *args: Any, occasions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["occasion"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = occasions


class ReasonForm(forms.Form):
    """Why something is cancelled."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("Kept in the history."))
