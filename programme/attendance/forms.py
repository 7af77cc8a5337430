"""Forms of attendance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.words import says


class TemporaryForm(forms.Form):
    """Someone who came and is not in the register."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    another = forms.BooleanField(label=_("It is another person with the same name"), required=False)
    # The fields stand in the list's own form, which is saved without them.
    use_required_attribute = False

    def __init__(self, *args: Any, asks: bool = False, **kwargs: Any) -> None:
        """A form that asks whether it is another person only when told to."""
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["another"]

    def clean_first_name(self) -> str:
        """What no one can see is no name."""
        return self._visible("first_name")

    def clean_last_name(self) -> str:
        """What no one can see is no name."""
        return self._visible("last_name")

    def _visible(self, name: str) -> str:
        written: str = self.cleaned_data[name]
        if not says(written):
            raise forms.ValidationError(self.fields[name].error_messages["required"], "required")
        return written

    @property
    def is_started(self) -> bool:
        """Whether somebody's name stands in it."""
        return any(self[name].value() for name in ("first_name", "last_name"))


class MergeForm(forms.Form):
    """Who somebody written down by name is, and how that is known."""

    into = forms.CharField(
        label=_("Who is it?"), error_messages={"required": _("Choose who it is.")}
    )
    reason = forms.CharField(
        label=_("How do you know?"),
        max_length=500,
        error_messages={"required": _("Write how you know who it is.")},
    )

    def clean_reason(self) -> str:
        """What no one can see is no reason."""
        reason: str = self.cleaned_data["reason"]
        if not says(reason):
            raise forms.ValidationError(_("Write how you know who it is."))
        return reason


class CodeForm(forms.Form):
    """A code typed by hand."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )


class ReportForm(forms.Form):
    """A meeting report to read."""

    file = forms.FileField(
        label=_("Meeting report"),
        help_text=_(
            "The attendance report from Teams or the participants report from Zoom, as CSV."
        ),
    )


class PaperForm(forms.Form):
    """A scanned list."""

    file = forms.FileField(label=_("Scanned list"), help_text=_("PDF, JPEG or PNG."))
