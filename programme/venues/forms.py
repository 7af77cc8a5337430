"""Forms of the venues' pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Organisation
from programme.models import AccessibilityPoint
from programme.venues.actions import Facts, Found
from programme.venues.rules import Reply

REPLIES = [(Reply.YES, _("Yes")), (Reply.NO, _("No")), (Reply.UNKNOWN, _("Don't know"))]


class VenueForm(forms.Form):
    """What is known of a venue."""

    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(label=_("Address"), max_length=200)
    district = forms.ModelChoiceField(
        label=_("Administration"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
    )
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=5000)
    cost_a_day = forms.IntegerField(
        label=_("Kronor a day"), min_value=0, max_value=1_000_000, initial=0
    )
    directions = forms.CharField(
        label=_("How to find it"),
        help_text=_("Entrance, floor, door code by telephone, nearest stop."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=2000,
    )
    in_use = forms.BooleanField(label=_("May be booked"), required=False, initial=True)

    def __init__(self, *args: Any, districts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = districts

    def facts(self) -> Facts:
        """The cleaned answers."""
        return Facts(**self.cleaned_data)


class CheckForm(forms.Form):
    """The checklist, one question after the other; what is not answered is not known."""

    checked_on = DayField(
        label=_("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def __init__(self, *args: Any, points: list[AccessibilityPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            self.fields[f"reply_{point.pk}"] = forms.ChoiceField(
                label=point.text,
                help_text=_("Needed for booking.") if point.needed else "",
                choices=REPLIES,
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{point.pk}"] = forms.CharField(
                label=_("Remark"), required=False, max_length=200
            )

    def found(self) -> dict[int, Found]:
        """The cleaned answers by the question's key."""
        clean = self.cleaned_data
        return {
            point.pk: Found(clean[f"reply_{point.pk}"], clean[f"note_{point.pk}"])
            for point in self.points
        }
