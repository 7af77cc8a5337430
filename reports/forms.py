"""What the auditor searches by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit import registry
from core.days import DayField


class OperationSearch(forms.Form):
    """Every choice is optional; together they narrow."""

    hide_optional = True

    reference = forms.CharField(label=_("Reference"), required=False, max_length=80)
    person = forms.CharField(
        label=_("Whom it is about"),
        required=False,
        max_length=160,
        help_text=_("Names, or parts of them."),
    )
    actor = forms.CharField(label=_("Who"), required=False, max_length=160)
    name = forms.ChoiceField(label=_("What"), required=False)
    table = forms.ChoiceField(label=_("Kind of record"), required=False)
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[
            ("", _("All")),
            ("web", _("web")),
            ("task", _("background task")),
            ("command", _("command")),
            ("import", _("import")),
        ],
    )
    since = DayField(
        label=_("From and including"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = DayField(
        label=_("To and including"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: Any = self.fields["name"]
        names.choices = [("", _("All")), *registry.operation_names()]
        tables: Any = self.fields["table"]
        tables.choices = [
            ("", _("All")),
            *sorted(
                (
                    (m._meta.label_lower, str(m._meta.verbose_name).capitalize())
                    for m in registry.tracked_models()
                ),
                key=lambda choice: choice[1],
            ),
        ]
