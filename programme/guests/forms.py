"""Forms of the guests' pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programme.models import Municipality

MOMENT = "%Y-%m-%dT%H:%M"


class AskForm(forms.Form):
    """Who wants to come, and from where; nothing else is asked."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("You get a link there, to confirm."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality or organisation"),
        queryset=Municipality.objects.none(),
        to_field_name="code",
        empty_label=_("Choose"),
    )
    # People never see it; programs that fill in everything do.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Municipality.objects.filter(in_use=True)

    def clean_name(self) -> str:
        """One line, without what a mail program would take for something else."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if any(mark in name for mark in "<>@"):
            raise ValidationError(_("Write your name with letters."))
        return name


class ListForm(forms.Form):
    """How many guests, and when they may register."""

    seats = forms.IntegerField(label=_("Seats for guests"), min_value=1, max_value=5000)
    opens_at = forms.DateTimeField(
        label=_("Registration opens"),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    closes_at = forms.DateTimeField(
        label=_("Registration closes"),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept with the change. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            self.fields["reason"].required = False
            self.fields["reason"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Closing comes after opening."""
        clean = super().clean() or {}
        opens, closes = clean.get("opens_at"), clean.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Registration must close after it opens."))
        return clean


class CountForm(forms.Form):
    """How many came from each municipality."""

    # The page says that every field may be left empty.
    hide_optional = True

    def __init__(self, *args: Any, municipalities: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipalities = list(municipalities)
        for one in self.municipalities:
            self.fields[f"came_{one.code}"] = forms.IntegerField(
                label=one.name, min_value=0, max_value=5000, required=False
            )

    def attended(self) -> dict[Municipality, int | None]:
        """The answers by municipality."""
        return {one: self.cleaned_data[f"came_{one.code}"] for one in self.municipalities}
