"""Forms of governance: bodies, seats, meetings and decisions."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Organisation, Role
from programme.governance.actions import BodyFacts, ItemFacts, MeetingFacts, SeatFacts
from programme.governance.deciding import Correction, DecisionFacts
from programme.models import (
    AgendaItem,
    AgendaTopic,
    BodyKind,
    BodyRules,
    MeetingAttendance,
    Seat,
)
from programme.models.procurement import record_number

#: Days outside are slips of the keyboard, and months counted from them end outside the calendar.
FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)


def day(**more: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(
        widget=widget, validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)], **more
    )


def words(rows: int = 4, **more: Any) -> forms.CharField:
    """A longer text."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **more)


def capital(values: Iterable[models.Choices]) -> list[tuple[str, str]]:
    """Choices as they stand beside a button: with a capital letter, in the reader's language."""
    return [(str(one.value), str(one.label).capitalize()) for one in values]


def number(**more: Any) -> forms.CharField:
    """A record number of the city or the fund."""
    return forms.CharField(
        label=_("Record number"),
        help_text=_("For instance SOF 2026/114 or 25-021-S02."),
        max_length=30,
        required=False,
        validators=[record_number],
        **more,
    )


def organisations() -> "forms.ModelChoiceField[Organisation]":
    """The city's administrations."""
    return forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.filter(
            kind__in=[
                Organisation.Kind.CITY,
                Organisation.Kind.CITY_WIDE,
                Organisation.Kind.DISTRICT,
            ],
            valid_to=None,
        ).order_by("name"),
        required=False,
    )


class BodyForm(forms.Form):
    """What a body is."""

    kind = forms.ModelChoiceField(label=_("Kind of body"), queryset=BodyKind.objects.all())
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.RegexField(
        r"^[A-ZÅÄÖ]{1,6}$",
        label=_("Letters before the numbers of its decisions"),
        help_text=_("One to six capital letters, for instance SG."),
        max_length=6,
    )
    task = words(5, label=_("What it does"), max_length=2000)
    record_number = number()
    starts_on = day(label=_("First day"))
    ends_on = day(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first one."))
        return cleaned

    def facts(self) -> BodyFacts:
        """The cleaned answers."""
        return BodyFacts(**self.cleaned_data)


class RulesForm(forms.Form):
    """How often, how many, from which day and by which decision."""

    least_meetings = forms.IntegerField(
        label=_("At least so many meetings"), min_value=0, max_value=52
    )
    period_months = forms.TypedChoiceField(
        label=_("in each"),
        choices=BodyRules.Period.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    first_within_months = forms.IntegerField(
        label=_("First meeting within so many months of the project's start"),
        min_value=0,
        max_value=36,
        required=False,
    )
    quorum = forms.IntegerField(
        label=_("Members with a vote that it takes to decide"),
        help_text=_("0 when nothing is said of it. Whoever presents matters is not counted."),
        min_value=0,
        max_value=100,
    )
    valid_from = day(label=_("Holds from"))
    decision = forms.CharField(
        label=_("Decision"), help_text=_("Who decided, and when."), max_length=120
    )

    @property
    def values(self) -> dict[str, int | None]:
        """What is decided, without the day and the decision."""
        kept = ("valid_from", "decision")
        return {key: value for key, value in self.cleaned_data.items() if key not in kept}


class SeatForm(forms.Form):
    """A seat by role and organisation."""

    role = forms.CharField(
        label=_("Role"), max_length=120, help_text=_("The role, never the person's name.")
    )
    organisation = organisations()
    outside = forms.CharField(
        label=_("Organisation outside the city"),
        help_text=_("For instance a university, a union or an association."),
        max_length=120,
        required=False,
    )
    part = forms.ChoiceField(
        label=_("Part"),
        choices=lambda: capital(Seat.Part),
        widget=forms.RadioSelect,
        initial=Seat.Part.MEMBER,
    )
    valid_from = day(label=_("From"))
    valid_to = day(label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        """One organisation, and the days in order."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("organisation")) == bool(cleaned.get("outside")):
            self.add_error(
                "organisation",
                _("Choose an organisation of the city, or write the name of another one."),
            )
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first one."))
        return cleaned

    def facts(self) -> SeatFacts:
        """The cleaned answers."""
        return SeatFacts(**self.cleaned_data)


class DayForm(forms.Form):
    """A day."""

    on = day(label=_("Last day"), initial=timezone.localdate)


class MeetingForm(forms.Form):
    """When and where."""

    on = day(label=_("Day"))
    begins = forms.TimeField(
        label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(
        label=_("Place"), help_text=_("A room, or that it is held online."), max_length=160
    )

    def clean(self) -> dict[str, Any]:
        """The times in order."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The meeting ends before it begins. Check the times."))
        return cleaned

    def facts(self) -> MeetingFacts:
        """The cleaned answers, as moments of local time."""
        given = self.cleaned_data

        def at(time: datetime.time) -> datetime.datetime:
            return timezone.make_aware(datetime.datetime.combine(given["on"], time))

        return MeetingFacts(at(given["begins"]), at(given["ends"]), given["place"])


class ItemForm(forms.Form):
    """One matter of an agenda."""

    title = forms.CharField(label=_("Matter"), max_length=160)
    text = words(4, label=_("Background"), max_length=4000, required=False)
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=lambda: capital(AgendaItem.Purpose),
        widget=forms.RadioSelect,
        initial=AgendaItem.Purpose.DISCUSSION,
    )
    topic = forms.ModelChoiceField(
        label=_("Returning topic"),
        help_text=_("So that it can be seen when the topic has been dealt with."),
        queryset=AgendaTopic.objects.all(),
        required=False,
    )

    def facts(self) -> ItemFacts:
        """The cleaned answers."""
        return ItemFacts(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class AttendanceForm(forms.Form):
    """One question for each seat of the day."""

    def __init__(
        self, *args: Any, seats: Sequence[Seat], taken: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            label = f"{seat.role}, {seat.place}"
            self.fields[f"seat{seat.pk}"] = forms.ChoiceField(
                label=label if seat.votes else _("%(seat)s (no vote)") % {"seat": label},
                choices=capital(MeetingAttendance.Presence),
                widget=forms.RadioSelect,
                initial=taken.get(seat.pk),
            )

    @property
    def presences(self) -> dict[int, str]:
        """Presence by the seat's key."""
        return {seat.pk: self.cleaned_data[f"seat{seat.pk}"] for seat in self.seats}


class CorrectionForm(forms.Form):
    """What may be put right of a decision."""

    title = forms.CharField(label=_("About"), max_length=160)
    text = words(5, label=_("Decision"), max_length=4000)
    record_number = number()
    organisation = organisations()
    responsible = forms.ModelChoiceField(
        label=_("Responsible role"), queryset=Role.objects.all().order_by("name")
    )
    follow_up_on = day(label=_("Followed up by"), required=False)
    reason = forms.CharField(
        label=_("Why is it corrected?"),
        help_text=_("The earlier words and the reason can be read by everyone who reads this."),
        max_length=300,
    )
    # Which edition the page showed.
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].label = _("Decided for one organisation only")

    def facts(self) -> Correction:
        """The cleaned answers, without the reason and the edition."""
        beside = {"reason", "seen"}
        return Correction(
            **{key: value for key, value in self.cleaned_data.items() if key not in beside}
        )


class DecisionForm(CorrectionForm):
    """A decision as it enters the register."""

    decided_on = day(label=_("Decided"))
    votes_for = forms.IntegerField(
        label=_("Votes for"),
        help_text=_("Only when there was a vote."),
        min_value=0,
        max_value=100,
        required=False,
    )
    votes_against = forms.IntegerField(
        label=_("Votes against"), min_value=0, max_value=100, required=False
    )
    reason = None  # type: ignore[assignment]
    seen = None  # type: ignore[assignment]
    field_order = [
        "title",
        "text",
        "decided_on",
        "record_number",
        "organisation",
        "responsible",
        "follow_up_on",
    ]

    def recorded(self) -> DecisionFacts:
        """The cleaned answers."""
        return DecisionFacts(**self.cleaned_data)


class MeetingDecisionForm(DecisionForm):
    """A decision of a meeting: the day is the meeting's, and it may belong to a matter."""

    decided_on = None  # type: ignore[assignment]
    item = forms.ModelChoiceField(
        label=_("Matter on the agenda"), queryset=AgendaItem.objects.none(), required=False
    )
    field_order = ["item", *DecisionForm.field_order]

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["item"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = items


class FollowUpForm(forms.Form):
    """What became of a decision."""

    on = day(label=_("Followed up"), initial=timezone.localdate)
    result = words(4, label=_("Result"), max_length=4000)
