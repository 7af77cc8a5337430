"""Forms of the occasions' pages."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.display import name_of
from people.models import Capability, Organisation, Person, RoleAssignment, User
from programme.models import Group, LearningUnit, Occasion, Participation, Venue
from programme.occasions.changing import Wanted
from programme.occasions.clock import breaks_from, breaks_in_words

_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def trainers_today(occasion: Occasion | None) -> Any:
    """Accounts that hold a trainer's role today, and those the occasion already has."""
    held = RoleAssignment.objects.on(timezone.localdate()).filter(
        role__capabilities__contains=[Capability.TEACH]
    )
    chosen = occasion.trainers.values("pk") if occasion else User.objects.none().values("pk")
    return User.objects.filter(Q(pk__in=held.values("user")) | Q(pk__in=chosen)).order_by(
        "first_name", "last_name"
    )


def units_of(occasion: Occasion | None) -> QuerySet[LearningUnit]:
    """What the occasion can teach: units of its group's course, else of the course it has."""
    if occasion is None or occasion.kind == Occasion.Kind.RECORDING:
        return LearningUnit.objects.none()
    if occasion.group is not None:
        course: int | None = occasion.group.course_id
    else:
        course = occasion.unit.course_id if occasion.unit else None
    return LearningUnit.objects.filter(
        Q(in_use=True) | Q(pk=occasion.unit_id), course=course
    ).select_related("course")


class UnitField(forms.ModelChoiceField[LearningUnit]):
    """A learning unit, or none; each is shown with its course."""

    def label_from_instance(self, obj: LearningUnit) -> str:
        """The course, number and title."""
        return f"{obj.course.name}: {obj}"


class OccasionForm(forms.Form):
    """When, where and by whom; a reason goes with every change."""

    title = forms.CharField(label=_("Title"), max_length=160)
    unit = UnitField(
        label=_("Learning unit"),
        help_text=_("Whoever attends has taken the unit. Only units of the group's own course."),
        queryset=LearningUnit.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("No learning unit"),
    )
    day = DayField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(label=_("Starts"), widget=_TIME)
    ends = forms.TimeField(label=_("Ends"), widget=_TIME)
    breaks = forms.CharField(
        label=_("Breaks"),
        help_text=_("As clock times, for instance 10.15–10.30, 12.00–13.00."),
        required=False,
        max_length=200,
    )
    district = forms.ModelChoiceField(
        label=_("Administration"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
    )
    venue = forms.ModelChoiceField(
        label=_("Venue"),
        queryset=Venue.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("No venue yet"),
    )
    exception_reason = forms.CharField(
        label=_("Why may the venue be used though its checklist does not say yes?"),
        help_text=_("Only needed when the venue's accessibility is not confirmed."),
        required=False,
        max_length=500,
    )
    online = forms.BooleanField(label=_("The occasion is held online"), required=False)
    join_address = forms.URLField(
        label=_("Address of the online meeting"),
        help_text=_("Participants are led there from a page of their own, shortly before."),
        required=False,
        assume_scheme="https",
    )
    deviation_reason = forms.CharField(
        label=_("Why is it not held on site?"),
        help_text=_("On site in the districts is the rule."),
        required=False,
        max_length=500,
    )
    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept with the change. Those invited can read it. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    despite_warnings = forms.BooleanField(
        label=_("I have read the warnings: do it all the same"), required=False
    )

    def __init__(
        self,
        *args: Any,
        districts: Any,
        venues: Any,
        occasion: Occasion | None = None,
        warned: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kept_unit = occasion.unit if occasion else None
        units = units_of(occasion)
        choices = {
            "district": districts,
            "venue": venues,
            "trainers": trainers_today(occasion),
            "unit": units,
        }
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        if occasion is not None and not units.exists():
            # What the page does not ask about stays as it is.
            del self.fields["unit"]
        if not warned:
            self.fields["despite_warnings"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Breaks as minutes, and an address for what is online."""
        clean = super().clean() or {}
        if clean.get("starts") and "breaks" in clean:
            try:
                clean["minutes"] = breaks_from(clean["breaks"], clean["starts"])
            except ValueError as error:
                self.add_error(
                    "breaks",
                    ValidationError(
                        _("This is no break after the start: %(text)s"),
                        params={"text": str(error)},
                    ),
                )
        if clean.get("online") and clean.get("venue"):
            self.add_error("venue", _("What is held online needs no venue."))
        return clean

    def wanted(self) -> Wanted:
        """The cleaned answers as an occasion."""
        clean = self.cleaned_data
        return Wanted(
            title=clean["title"].strip(),
            starts_at=_moment(clean["day"], clean["starts"]),
            ends_at=_moment(clean["day"], clean["ends"]),
            breaks=clean["minutes"],
            district=clean["district"],
            unit=clean["unit"] if "unit" in self.fields else self.kept_unit,
            venue=clean["venue"],
            online=clean["online"],
            join_address=clean["join_address"],
            deviation_reason=clean["deviation_reason"].strip(),
            exception_reason=clean["exception_reason"],
            trainers=tuple(clean["trainers"]),
        )


class NewOccasionForm(OccasionForm):
    """An occasion besides those a group gets from its course."""

    group = forms.ModelChoiceField(
        label=_("Group"),
        queryset=Group.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("No group"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        help_text=_("A group only has training occasions."),
        choices=[
            (kind.value, kind.label) for kind in Occasion.Kind if kind != Occasion.Kind.RECORDING
        ],
        initial=Occasion.Kind.TRAINING,
        required=False,
    )
    field_order = ["group", "unit", "kind", "title"]

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = groups
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = LearningUnit.objects.filter(
            in_use=True, course__in=groups.order_by().values("course")
        ).select_related("course")
        self.fields["reason"].required = False
        # It has a value from the start, so there is nothing to leave empty.
        self.fields["kind"].hide_optional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is open to more than a group is registered for, and has no group."""
        clean = super().clean()
        clean["kind"] = clean.get("kind") or Occasion.Kind.TRAINING
        group, unit = clean.get("group"), clean.get("unit")
        if unit and "group" not in self.errors and (not group or group.course_id != unit.course_id):
            self.add_error("unit", _("Choose a unit of the group's own course, or none."))
        if clean.get("group") and clean["kind"] != Occasion.Kind.TRAINING:
            self.add_error("kind", _("Choose no group: those who want to come register."))
        return clean


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def initial_of(occasion: Occasion, venue: Venue | None) -> dict[str, Any]:
    """The form as the occasion stands."""
    start, end = timezone.localtime(occasion.starts_at), timezone.localtime(occasion.ends_at)
    return {
        "title": occasion.title,
        "unit": occasion.unit.public_id if occasion.unit else "",
        "day": start.date(),
        "starts": start.time(),
        "ends": end.time(),
        "breaks": breaks_in_words(occasion.breaks, start),
        "district": occasion.district.public_id,
        "venue": venue.public_id if venue else "",
        "online": occasion.online,
        "join_address": occasion.join_address,
        "deviation_reason": occasion.deviation_reason,
        "trainers": [user.public_id for user in occasion.trainers.all()],
        "sequence": occasion.sequence,
    }


class CancelForm(forms.Form):
    """Why it is cancelled."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Those invited can read it. Name nobody, and write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class SubstituteForm(forms.Form):
    """A colleague of the same unit, and why."""

    colleague = forms.ChoiceField(label=_("Who takes the seat?"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept with the change. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, colleagues: list[Person], viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _now("Choose")),
            *((person.public_id, name_of(person, viewer)) for person in colleagues),
        ]


class SeatForm(forms.Form):
    """Someone who takes the same course, and why they get a seat here."""

    participant = forms.ChoiceField(
        label=_("Who gets the seat?"),
        help_text=_("Those who take the course and are not invited here."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept with the change. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(
        self, *args: Any, candidates: Iterable[Participation], viewer: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participant"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _now("Choose")),
            *((one.public_id, name_of(one.person, viewer)) for one in candidates),
        ]
