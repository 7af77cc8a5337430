"""The form that a case type is edited with: choices come from what exists now."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from core.keys import unique
from forms_app.building import schema_of
from forms_app.models import FormDefinition
from forms_app.schema import FormSchema
from people.models import Role
from programme.case_types.rules import NAMING
from programme.models import CaseType
from workflows.kinds import all_kinds, collisions, forget_sources

Choices = list[tuple[str, str]]
ANY_KIND: dict[str, frozenset[str]] = {
    "title_field": NAMING,
    "subtitle_field": NAMING,
    "person_field": frozenset({"person"}),
    "organisation_field": frozenset({"organisation"}),
}
NEEDS_SAVING = gettext_lazy("Save first: then you can choose among the form's questions.")


def roles() -> Choices:
    """Every role that exists now."""
    return [(role.key, role.name) for role in Role.objects.order_by("name")]


class CaseTypeForm(WagtailAdminModelForm):
    """Everything about a type except whether it is in use, which has a page of its own."""

    starters = forms.MultipleChoiceField(
        label=gettext_lazy("Who may start"),
        help_text=gettext_lazy(
            "Those who hold one of the roles, for the organisation of the role."
        ),
        choices=roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    readers = forms.MultipleChoiceField(
        label=gettext_lazy("Who may also read"),
        help_text=gettext_lazy(
            "Besides whoever starts and decides, and those who see cases in the organisation."
        ),
        choices=roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if self.instance.pk:
            # References bear them; the database refuses a change.
            fields["prefix"].disabled = True
        if "workflow" in fields:
            own = fields["workflow"].queryset.filter(case_kind=self.instance.key or "")
            fields["workflow"].queryset = own
        schema = self._schema()
        for name, kinds in ANY_KIND.items():
            if name in fields:
                fields[name] = _question(fields[name], schema, kinds)

    def _schema(self) -> FormSchema | None:
        """The questions of the form that is chosen, as they are being built."""
        chosen: Any = self.data.get("form") if self.is_bound else self.instance.form_id
        if not str(chosen or "").isdecimal():
            return None
        definition = FormDefinition.objects.filter(pk=int(chosen)).first()
        return schema_of(definition) if definition else None

    def clean(self) -> dict[str, Any]:
        """A key made of the name, and nothing that another kind of case already has."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.pk:
            self.instance.key = free_key(cleaned.get("name") or "")
            taken = collisions(self.instance.key, cleaned.get("prefix") or "")
            if "prefix" in taken and not self.errors.get("prefix"):
                self.add_error("prefix", taken["prefix"])
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day comes before the first."))
        belongs = cleaned.get("belongs_to")
        if belongs == CaseType.BelongsTo.FIXED and not cleaned.get("organisation"):
            self.add_error("organisation", _("Choose which organisation."))
        return cleaned

    def save(self, commit: bool = True) -> CaseType:
        """Save, and let the rest of this request see it."""
        saved: CaseType = super().save(commit=commit)
        forget_sources()
        return saved


def free_key(name: str) -> str:
    """A key made of the name, which no other kind of case has, in use or not."""
    taken = set(CaseType.objects.values_list("key", flat=True)) | {one.key for one in all_kinds()}
    return unique(slugify(name) or "arende", taken, length=40, joint="-")


def _question(
    field: forms.Field, schema: FormSchema | None, kinds: frozenset[str]
) -> forms.ChoiceField:
    """A choice among the form's questions of some kinds."""
    asked = [one for one in schema.fields() if one.kind in kinds] if schema else []
    return forms.ChoiceField(
        label=field.label,
        help_text=field.help_text if schema else str(NEEDS_SAVING),
        required=False,
        choices=[("", _("None")), *((one.key, one.label) for one in asked)],
    )


def ensure_free(key: str, prefix: str) -> None:
    """Refuse a new type whose key or letters another kind has.

    :raises ValidationError: with the reasons by field.
    """
    taken = collisions(key, prefix)
    if taken:
        raise ValidationError(taken)
