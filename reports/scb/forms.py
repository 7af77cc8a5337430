"""Forms of the files' pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programme.months import rules
from reports.scb.columns import FIELDS


class MakeForm(forms.Form):
    """Making a version."""

    reason = forms.CharField(label=_("Why is a new version made?"), max_length=300, required=False)
    leave_out_missing = forms.BooleanField(
        label=_("Leave out persons without a personal identity number"), required=False
    )


class ReceiptForm(forms.Form):
    """The receipt of the sent file."""

    receipt = forms.CharField(
        label=_("Receipt from Statistics Sweden"),
        help_text=_("The number or text that the web page showed after the upload."),
        max_length=200,
    )


class ReceivedForm(forms.Form):
    """What the receipt says arrived."""

    # One row a person: nobody receives more, and a slip of the finger is caught here.
    rows = forms.IntegerField(label=_("Rows received"), min_value=0, max_value=1_000_000)
    hours = forms.DecimalField(
        label=_("Hours received"), min_value=0, max_digits=9, decimal_places=2, localize=True
    )


class CompareForm(forms.Form):
    """The receipt as a table, compared row by row and not kept."""

    file = forms.FileField(
        label=_("Receipt as a file (.xlsx or .csv)"),
        help_text=_(
            "With the personal identity number, the hours, and what was refused. It is compared"
            " and thrown away: nothing is changed."
        ),
    )


class CascadeForm(forms.Form):
    """All new versions in one go."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ColumnsForm(forms.Form):
    """The columns in their order: one line each, field and heading."""

    valid_from = forms.CharField(
        label=_("From the month"), help_text=_("Such as 2026-03."), max_length=7
    )
    columns = forms.CharField(
        label=_("Columns in their order"),
        help_text=_("One on each line: the field's name, a colon and the heading."),
        widget=forms.Textarea(attrs={"rows": 9}),
        max_length=2000,
    )
    decision = forms.CharField(
        label=_("Decision"), help_text=_("What the columns rest on."), max_length=120
    )

    def clean_valid_from(self) -> Any:
        """The month's first day."""
        month = rules.month_of(self.cleaned_data["valid_from"])
        if month is None:
            raise forms.ValidationError(_("Write the month like 2026-03."))
        return month

    def clean_columns(self) -> list[dict[str, str]]:
        """Field and heading of each line."""
        found = []
        for line in self.cleaned_data["columns"].splitlines():
            if not line.strip():
                continue
            field, colon, heading = line.partition(":")
            if not colon or field.strip() not in FIELDS:
                raise forms.ValidationError(
                    _("“%(line)s” does not begin with a known field and a colon.")
                    % {"line": line[:40]}
                )
            found.append({"field": field.strip(), "heading": heading.strip()[:80]})
        return found
