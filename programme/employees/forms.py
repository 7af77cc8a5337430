"""Choosing a list, and one person's particulars."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Organisation, Person, RoleAssignment


class ListForm(forms.Form):
    """A file from the register of employees."""

    file = forms.FileField(
        label=_("File"), help_text=_("Excel (.xlsx) or CSV, at most 5 MB and 5 000 rows.")
    )


class LeaveForm(forms.Form):
    """The last day of employment."""

    last_day = DayField(
        label=_("Last day of employment"),
        help_text=_("The person counts as employed until this day and on it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Kept in the history. Nothing about health.")
    )


class StayForm(forms.Form):
    """Taking back a last day, and which of the roles that ended with it go on."""

    roles = forms.MultipleChoiceField(
        label=_("Roles to grant again"),
        help_text=_("They ended with the employment. Tick those that go on."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Kept in the history. Nothing about health.")
    )

    def __init__(self, *args: Any, roles: Sequence[RoleAssignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["roles"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [
            (one.public_id, f"{one.role.name}, {one.organisation.name}") for one in roles
        ]
        if not roles:
            del self.fields["roles"]


class UnitChoice(forms.ModelChoiceField[Organisation]):
    """Units share names, so each is shown with what it lies under."""

    names: dict[int, str]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.none(), **kwargs)
        self.names = {}

    def among(self, units: QuerySet[Organisation]) -> None:
        """Let these be chosen; one query for all their names."""
        self.queryset = units
        self.names = {one.pk: one.short_name for one in units}

    def label_from_instance(self, obj: Organisation) -> str:
        """The names from the administration down."""
        return " / ".join(self.names[key] for key in obj.lineage if key in self.names)


class PersonForm(forms.ModelForm[Person]):
    """What is written about an employee; the number goes to the vault and is never shown here."""

    unit = UnitChoice(label=_("Unit"), empty_label=_("Choose a unit"))
    identity = forms.CharField(
        label=_("Personal identity number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=200,
        help_text=_("Is kept in the history."),
    )

    class Meta:
        model = Person
        fields = (
            "first_name",
            "last_name",
            "email",
            "unit",
            "job_role",
            "is_manager",
            "sex",
            "publicly_employed",
            "protected",
        )

    def __init__(
        self, *args: Any, units: QuerySet[Organisation], has_number: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitChoice)
        field.among(units)
        self.fields["identity"].help_text = (
            _("A number is kept already. Write one only to replace it.")
            if has_number
            else _("Twelve digits. Is kept encrypted; it is needed for the report to SCB.")
        )

    def clean_email(self) -> str:
        """In lower case, as lists are matched."""
        return str(self.cleaned_data["email"]).strip().lower()
