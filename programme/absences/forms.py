"""Choosing the list."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    """A file from the register of employees."""

    file = forms.FileField(
        label=_("File"), help_text=_("Excel (.xlsx) or CSV, at most 5 MB and 5 000 rows.")
    )
