"""Forms of the months' pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PaperForm(forms.Form):
    """That the person has signed on paper."""

    note = forms.CharField(
        label=_("Where is the signed paper kept?"),
        help_text=_("For example: binder 3, March, or the record number of the scanned paper."),
        max_length=300,
    )


class LockForm(forms.Form):
    """Locking, with a reason for those who are left out."""

    left_out_reason = forms.CharField(
        label=_("Why are these persons left out?"),
        help_text=_("Is kept with the month. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
