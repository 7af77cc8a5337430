"""Forms of registration's pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.display import name_of
from people.models import Organisation, Person, User
from programme.models import LearningUnit, Occasion, SeatPlan
from programme.registrations.asking import KIND
from programme.registrations.planning import WantedPlan
from workflows.models import WorkflowDefinition

MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept with the change. Write nothing about health."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )


class ColleagueForm(forms.Form):
    """Who gets my seat."""

    colleague = forms.ChoiceField(label=_("Who takes your seat?"))

    def __init__(
        self, *args: Any, colleagues: Sequence[Person], viewer: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _named(colleagues, viewer)


class StaffColleagueForm(ColleagueForm):
    """As the holder's, with the reason that staff give."""

    reason = _reason()


class AddForm(forms.Form):
    """Someone found by a search, and why staff enter them."""

    person = forms.ChoiceField(label=_("Who?"))
    reason = _reason()

    def __init__(self, *args: Any, found: Sequence[Person], viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _named(found, viewer)


class ReorderForm(forms.Form):
    """Another place in line, and why."""

    place = forms.IntegerField(label=_("Place in line"), min_value=1)
    reason = _reason()


class RemoveForm(forms.Form):
    """Why the registration is taken away."""

    reason = _reason()


def _named(persons: Sequence[Person], viewer: User) -> list[tuple[str, str]]:
    return [
        ("", _now("Choose")),
        *(
            (person.public_id, f"{name_of(person, viewer)}, {person.unit.short_name}")
            for person in persons
        ),
    ]


class PlanForm(forms.Form):
    """How an occasion is filled; a share for each district."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=5000)
    opens_at = _moment(_("Registration opens"))
    closes_at = _moment(_("Registration closes"))
    change_until = _moment(
        _("Seats can be given up or changed until"),
        _("After that whoever cannot come says so, and the seat stays theirs."),
    )
    release_at = _moment(
        _("The districts' unused seats go to all"),
        _("May be left empty: then the shares are kept to the end."),
        required=False,
    )
    managers_until = _moment(
        _("Only managers can register until"), _("May be left empty."), required=False
    )
    needs_unit = forms.ModelChoiceField(
        label=_("Learning unit that must be reached first"),
        queryset=LearningUnit.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("None"),
    )
    workflow = forms.ModelChoiceField(
        label=_("Who must approve a registration?"),
        help_text=_("The steps are drawn in the editor for workflows."),
        queryset=WorkflowDefinition.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("Nobody: whoever registers gets a seat"),
    )
    reason = _reason()

    def __init__(
        self,
        *args: Any,
        occasion: Occasion,
        districts: Sequence[Organisation],
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.districts = list(districts)
        units = LearningUnit.objects.filter(course__programme=occasion.programme_id, in_use=True)
        if occasion.unit_id is not None:
            units = units.exclude(pk=occasion.unit_id)
        published = WorkflowDefinition.objects.filter(
            case_kind=KIND, versions__retired_at=None, versions__isnull=False
        ).distinct()
        for name, rows in (("needs_unit", units), ("workflow", published)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        for district in self.districts:
            share = forms.IntegerField(
                label=district.short_name, min_value=0, max_value=5000, required=False
            )
            # Said once for all of them, above.
            share.hide_optional = True  # type: ignore[attr-defined]
            self.fields[f"share_{district.public_id}"] = share
        if is_new:
            self.fields["reason"].required = False
            self.fields["reason"].widget = forms.HiddenInput()

    @property
    def share_fields(self) -> list[forms.BoundField]:
        """The districts' fields, shown in a grid of their own."""
        return [self[f"share_{district.public_id}"] for district in self.districts]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All other visible fields."""
        return [field for field in self.visible_fields() if not field.name.startswith("share_")]

    def wanted(self) -> WantedPlan:
        """The cleaned answers as a plan."""
        clean = self.cleaned_data
        quotas = {
            district: clean[f"share_{district.public_id}"] or 0 for district in self.districts
        }
        return WantedPlan(
            **{
                name: clean[name]
                for name in (
                    "seats",
                    "opens_at",
                    "closes_at",
                    "change_until",
                    "release_at",
                    "managers_until",
                    "needs_unit",
                    "workflow",
                )
            },
            quotas={district: seats for district, seats in quotas.items() if seats},
        )


def initial_of(
    occasion: Occasion, plan: SeatPlan | None, quotas: Mapping[str, int]
) -> dict[str, Any]:
    """The form as the plan stands, or a reasonable new one."""
    if plan is None:
        return {
            "seats": 100,
            "opens_at": timezone.now(),
            "closes_at": occasion.starts_at,
            "change_until": occasion.starts_at,
        }
    return {
        "seats": plan.seats,
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        "change_until": plan.change_until,
        "release_at": plan.release_at,
        "managers_until": plan.managers_until,
        "needs_unit": plan.needs_unit.public_id if plan.needs_unit else "",
        "workflow": plan.workflow.key if plan.workflow else "",
        **{f"share_{public_id}": seats for public_id, seats in quotas.items()},
    }
