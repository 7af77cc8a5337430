"""Forms of this room's own pages; the nomination forms themselves are data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Organisation
from programme.models import Category, NominationKind, Wave


class ReasonForm(forms.Form):
    """A change that must be explained."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept with the change. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class DeclineForm(forms.Form):
    """A no, with or without a why."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("You may leave this empty. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )


class ReorderForm(ReasonForm):
    """Another position on the reserve list."""

    position = forms.IntegerField(label=_("New position"), min_value=1)
    field_order = ["position", "reason"]


class ReplaceForm(ReasonForm):
    """Who takes the place over."""

    with_place = forms.ChoiceField(label=_("Who takes the place over?"))
    field_order = ["with_place", "reason"]

    def __init__(self, *args: Any, reserves: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["with_place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *reserves]


class MoveForm(ReasonForm):
    """Another wave or another administration's quota."""

    wave = forms.ModelChoiceField(
        label=_("Wave"), queryset=Wave.objects.all(), to_field_name="public_id"
    )
    district = forms.ModelChoiceField(
        label=_("Administration"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
    )
    field_order = ["wave", "district", "reason"]

    def __init__(self, *args: Any, districts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = districts


class WaveForm(forms.Form):
    """A wave's name, window and rule, and why."""

    name = forms.CharField(label=_("Name"), max_length=80)
    opens_on = DayField(
        label=_("Opens"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closes_on = DayField(
        label=_("Closes"),
        help_text=_("The last day for nominations."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    managers_first = forms.ChoiceField(
        label=_("When staff are nominated before their manager"),
        choices=Wave.ManagersFirst.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept with the change, for instance the decision it rests on."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class QuotaForm(forms.Form):
    """Places for one administration and category."""

    organisation = forms.ModelChoiceField(
        label=_("Administration"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
    )
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), to_field_name="key"
    )
    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=10_000)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("For instance the decision it rests on."), max_length=120
    )

    def __init__(self, *args: Any, organisations: Any, categories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("organisation", organisations), ("category", categories)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices


class ImportForm(forms.Form):
    """Rows for one wave and kind: a file, or text pasted from a spreadsheet."""

    wave = forms.ModelChoiceField(
        label=_("Wave"), queryset=Wave.objects.none(), to_field_name="public_id", empty_label=None
    )
    kind = forms.ModelChoiceField(
        label=_("What are they nominated to?"),
        queryset=NominationKind.objects.none(),
        to_field_name="public_id",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, at most 5 MB."),
        required=False,
        allow_empty_file=True,
    )
    pasted = forms.CharField(
        label=_("Or paste rows, with their headings"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        required=False,
        strip=False,
    )

    def __init__(self, *args: Any, waves: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("wave", waves), ("kind", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices

    def clean(self) -> dict[str, Any]:
        """One source of rows, not two and not none."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not (cleaned.get("pasted") or "").strip():
            self.add_error("file", _("Choose a file or paste rows."))
        elif cleaned.get("file") and (cleaned.get("pasted") or "").strip():
            self.add_error("pasted", _("Choose either a file or pasted rows, not both."))
        return cleaned
