"""The forms about who decides: deputies, and handing a step over."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Organisation, User
from workflows.kinds import all_kinds

DAY = {"type": "date"}


class DeputyForm(forms.Form):
    """When, in which cases and why someone decides for someone else."""

    valid_from = DayField(
        label=_("First day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    valid_to = DayField(
        label=_("Last day"),
        help_text=_("The deputy may decide on this day too. After it everything ends by itself."),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    case_kind = forms.ChoiceField(label=_("In which kind of cases?"), required=False)
    organisation = forms.ModelChoiceField(
        label=_("Where?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Everywhere"),
        help_text=_("Cases there and in everything below."),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("For example holiday. It is kept and can be read by those concerned."),
    )

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[int],
        today: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["case_kind"]
        kind.choices = [("", _("All kinds"))] + [(k.key, k.name) for k in all_kinds()]
        where: Any = self.fields["organisation"]
        where.queryset = Organisation.objects.below(list(organisations)).order_by("name")
        self.fields["valid_from"].initial = today


class EndForm(forms.Form):
    """Confirm that a deputy's time ends now; those it does not concern say why."""

    def __init__(self, *args: Any, reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason:
            self.fields["reason"] = forms.CharField(label=_("Why?"), max_length=200)


class PersonChoiceField(forms.ModelChoiceField[User]):
    """People by name, with where they hold a role."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and place."""
        where = getattr(obj, "where_words", "")
        return f"{obj.get_full_name()} – {where}" if where else obj.get_full_name()


class HandOverForm(forms.Form):
    """To whom a step is handed, and why."""

    step_key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    round = forms.IntegerField(min_value=1, max_value=9999, widget=forms.HiddenInput)
    to = PersonChoiceField(
        label=_("Who is to decide?"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose who is to decide.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the case and can be read there."),
        error_messages={"required": _("Write why you hand the step over.")},
    )
