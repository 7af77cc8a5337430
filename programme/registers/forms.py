"""Forms of the registers' pages; what an entry is asked is a form of its own."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from forms_app.models import FormDefinition, FormVersion
from forms_app.schema import FormSchema
from people.models import Role
from programme.models import Register
from programme.registers.defining import Facts
from programme.registers.targets import TARGETS, Stored
from programme.registers.words import link_heading

Choices = list[tuple[str, str]]
NEEDS_SAVING = _("Save first: then you can choose among the form's questions.")


def day(**more: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(widget=widget, **more)


def roles() -> Choices:
    """Every role that exists now."""
    return [(role.key, role.name) for role in Role.objects.order_by("name")]


class RegisterForm(forms.Form):
    """What a register is; its questions are chosen among those of its form."""

    name = forms.CharField(label=_("Name"), max_length=80)
    purpose = forms.CharField(
        label=_("What it is for"),
        help_text=_("Stands above the entries, so that whoever writes one knows why."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    form = forms.ModelChoiceField(
        label=_("Form"),
        help_text=_(
            "What an entry is asked. Forms are built and published under Forms, workflows and"
            " pages; the newest published version is used."
        ),
        queryset=FormDefinition.objects.none(),
        to_field_name="key",
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_("A routine or another text that belongs to the register. It is frozen too."),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20000,
        required=False,
    )
    readers = forms.MultipleChoiceField(
        label=_("Who may read"),
        help_text=_("Besides the project office, auditors and those who may write."),
        choices=roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    writers = forms.MultipleChoiceField(
        label=_("Who may write"),
        help_text=_("Besides the project office."),
        choices=roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    links = forms.MultipleChoiceField(
        label=_("Entries are linked to"),
        choices=[(one.value, one.label) for one in Register.Link],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    day_field = forms.ChoiceField(label=_("Question that gives the entry's day"), required=False)
    sum_field = forms.ChoiceField(label=_("Number to add up"), required=False)
    late_without = forms.ChoiceField(
        label=_("Late when the day has passed without a link to"),
        choices=[("", _("Never late")), *((one.value, one.label) for one in Register.Link)],
        required=False,
    )
    rhythm = forms.ChoiceField(
        label=_("How often an entry is needed"),
        help_text=_("A period without an entry is told of here and in the configuration check."),
        choices=Register.Rhythm.choices,
        widget=forms.RadioSelect,
        initial=Register.Rhythm.NONE,
    )
    rhythm_from = day(label=_("The rhythm holds from"), required=False)
    warn_days = forms.IntegerField(
        label=_("Tell of it so many days before the period ends"),
        min_value=0,
        max_value=366,
        initial=60,
    )
    rhythm_decision = forms.CharField(
        label=_("Decision that the rhythm follows"), max_length=120, required=False
    )
    in_use = forms.BooleanField(
        label=_("In use: entries can be added and changed"), required=False, initial=True
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["form"].queryset = (
            FormDefinition.objects.filter(versions__isnull=False).distinct().order_by("name")
        )
        schema = self._schema()
        for name, kinds in (("day_field", ("date",)), ("sum_field", ("number", "calculated"))):
            asked = [one for one in schema.fields() if one.kind in kinds] if schema else []
            fields[name].choices = [("", _("None")), *((one.key, one.label) for one in asked)]
            if schema is None:
                fields[name].help_text = NEEDS_SAVING

    def _schema(self) -> FormSchema | None:
        """The questions of the form that is chosen, as it is published."""
        chosen = self.data.get("form") if self.is_bound else self.initial.get("form")
        newest = (
            FormVersion.objects.filter(definition__key=str(chosen or "").replace("\x00", ""))
            .order_by("-number")
            .first()
        )
        return FormSchema.from_plain(newest.schema) if newest else None

    def facts(self) -> Facts:
        """The cleaned answers."""
        given = {name: one for name, one in self.cleaned_data.items() if name != "seen"}
        return Facts(**given)


class LinksForm(forms.Form):
    """What an entry is linked to: what is there can be kept, and one of each kind added."""

    # A question's key holds no hyphen, so the two forms of a page never mix.
    prefix = "lank"

    def __init__(self, *args: Any, kinds: Iterable[str], before: Stored, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = list(dict.fromkeys([*kinds, *(one["kind"] for one in before)]))
        for kind in self.kinds:
            kept = [(one["ref"], one["title"]) for one in before if one["kind"] == kind]
            heading = link_heading(kind)
            if kept:
                self.fields[f"keep_{kind}"] = forms.MultipleChoiceField(
                    label=heading,
                    help_text=_("Clear the box of what should no longer be linked."),
                    choices=kept,
                    initial=[ref for ref, _title in kept],
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
            left = [one for one in TARGETS[kind].choices() if one not in kept]
            self.fields[f"add_{kind}"] = forms.ChoiceField(
                label=_("Link one more") if kept else heading,
                choices=[("", _("None")), *left],
                required=False,
            )

    def chosen(self) -> list[tuple[str, str]]:
        """Kind and reference of everything that is linked."""
        found = []
        for kind in self.kinds:
            refs = [
                *self.cleaned_data.get(f"keep_{kind}", []),
                self.cleaned_data.get(f"add_{kind}", ""),
            ]
            found += [(kind, ref) for ref in refs if ref]
        return found


class WithdrawForm(forms.Form):
    """Why an entry is withdrawn."""

    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_("Is kept with the entry, which stays readable."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class FreezeForm(forms.Form):
    """The decision that a version is frozen by."""

    decided_on = day(label=_("Day of the decision"), initial=timezone.localdate)
    decision = forms.CharField(
        label=_("Decision"),
        help_text=_("For example the record number or the item of the minutes."),
        max_length=120,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
