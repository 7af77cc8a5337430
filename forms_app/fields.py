"""Form fields that Django does not have: their messages say what to do, not only what is wrong."""

import datetime
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from core.days import NO_SUCH_DAY, is_no_day
from forms_app.files import DEFAULT_EXTENSIONS, DEFAULT_MEGABYTES
from forms_app.schema import FieldSchema
from people import display
from people.models import Organisation, Person, User

if TYPE_CHECKING:
    from forms_app.models import StoredFile

    Persons = forms.ModelChoiceField[Person]
    Organisations = forms.ModelChoiceField[Organisation]
else:
    Persons = Organisations = forms.ModelChoiceField

#: Sent by the «remove» button of a file question.
REMOVE = "remove-file"
# The page's script reads answers by the same patterns (static/js/questions.js).
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
DAY = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})|(\d{4})(\d\d)(\d\d)", re.ASCII)


def person_label(person: Person, viewer: User | None) -> str:
    """Name and unit; a protected person has neither for those who may not see them."""
    name = display.name_of(person, viewer)
    return f"{name}, {person.unit.name}" if display.may_see(person, viewer) else name


class YesNoField(forms.TypedChoiceField):
    """Two radios; also understands what people write in a spreadsheet."""

    default_error_messages = {"required": _("Answer yes or no.")}
    words = {"ja": "yes", "true": "yes", "1": "yes", "nej": "no", "false": "no", "0": "no"}

    def __init__(self) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
        )

    def prepare_value(self, value: Any) -> Any:
        """Show a stored true or false as its radio."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def to_python(self, value: Any) -> str:
        """«yes» or «no» from a radio, a cell or a stored value."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        text = str(super().to_python(value)).strip().casefold()
        return self.words.get(text, text)


class NumberField(forms.DecimalField):
    """A number written with comma or point, with or without spaces."""

    default_error_messages = {"invalid": _("Write a number with digits, for example 12.")}

    def __init__(self, *, min_value: Any, max_value: Any, decimal_places: int) -> None:
        super().__init__(
            min_value=min_value,
            max_value=max_value,
            max_digits=15,
            decimal_places=decimal_places,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "decimal" if decimal_places else "numeric",
                    "class": "govuk-input--width-5",
                    "autocomplete": "off",
                }
            ),
        )

    def to_python(self, value: Any) -> Any:
        """Accept «1 234,5»."""
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
            if value and not NUMBER.fullmatch(value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No browser limits: the server's message says which number is too large."""
        return {}


class IsoDateField(forms.DateField):
    """A day, typed; a calendar is slower and harder for many."""

    default_error_messages = {
        "invalid": _("Write the date with year, month and day, for example 2027-03-09."),
        "too_early": _("The date must be %(day)s or later."),
        "too_late": _("The date must be %(day)s or earlier."),
    }

    def __init__(self, *, earliest: str | None = None, latest: str | None = None) -> None:
        super().__init__(
            help_text=_("Written YYYY-MM-DD"),
            widget=forms.DateInput(
                format="%Y-%m-%d",
                attrs={
                    "inputmode": "numeric",
                    "autocomplete": "off",
                },
            ),
        )
        self.earliest = datetime.date.fromisoformat(earliest) if earliest else None
        self.latest = datetime.date.fromisoformat(latest) if latest else None

    def to_python(self, value: Any) -> datetime.date | None:
        """A day written 2027-03-09, 2027/3/9 or 20270309."""
        if value in self.empty_values or isinstance(value, datetime.date):
            return value or None
        found = DAY.fullmatch(str(value).strip())
        try:
            parts = [int(one) for one in found.group(1, 3, 4, 5, 6, 7) if one] if found else []
            return datetime.date(*parts)
        except (TypeError, ValueError):
            if is_no_day(value):
                raise ValidationError(NO_SUCH_DAY, code="no_such_day") from None
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: Any) -> None:
        """Also the limits that staff have set."""
        super().validate(value)
        if value is None:
            return
        for code, broken, day in (
            ("too_early", self.earliest and value < self.earliest, self.earliest),
            ("too_late", self.latest and value > self.latest, self.latest),
        ):
            if broken:
                raise ValidationError(
                    self.error_messages[code], code=code, params={"day": str(day)}
                )


class PersonSelect(forms.Select):
    """A list in which some stand with the reason why they cannot be chosen."""

    hindered: Mapping[str, str] = MappingProxyType({})

    def create_option(
        self, name: str, value: Any, label: Any, selected: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """The alternative; one already chosen stays so, and the check says what is wrong with it."""
        option: Any = super().create_option(name, value, label, selected, *args, **kwargs)
        why = self.hindered.get(str(value))
        if why:
            option["label"] = f"{label} – {why}"
            if not selected:
                option["attrs"]["disabled"] = True
        return option


class PersonField(Persons):
    """One person among those the viewer may choose; anyone else is refused by name or number."""

    default_error_messages = {
        "invalid_choice": _("Choose a person in the list. This person is not one you can choose."),
        "required": _("Choose a person."),
    }

    def __init__(
        self,
        *,
        queryset: QuerySet[Person],
        viewer: User,
        hindered: Mapping[str, str] | None = None,
    ) -> None:
        widget = PersonSelect()
        widget.hindered = hindered or {}
        super().__init__(
            queryset=queryset.select_related("unit"),
            to_field_name="public_id",
            empty_label=str(_("Choose a person")),
            widget=widget,
        )
        self.viewer = viewer

    def label_from_instance(self, obj: Person) -> str:
        """Name and unit, masked when the person is protected."""
        return person_label(obj, self.viewer)


class OrganisationField(Organisations):
    """One organisation among those the viewer may choose."""

    default_error_messages = {
        "invalid_choice": _("Choose an organisation in the list."),
        "required": _("Choose an organisation."),
    }

    def __init__(self, *, queryset: QuerySet[Organisation]) -> None:
        super().__init__(
            queryset=queryset,
            to_field_name="public_id",
            empty_label=str(_("Choose an organisation")),
        )


class CalculatedOutput(forms.Widget):
    """Shows a value that the form works out; nothing can be typed and nothing is sent."""

    template_name = "forms_app/widgets/calculated.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        """Nothing: what a page sends under the name is not looked at."""


class CalculatedField(forms.Field):
    """A value worked out from other answers."""

    widget = CalculatedOutput

    #: In words, as it stands now.
    words = ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Never what was sent."""
        return self.words

    def prepare_value(self, value: Any) -> str:
        """Never what was sent."""
        return self.words


class GroupRows(forms.Widget):
    """The rows of a group, each a small form, with buttons to add and to remove."""

    template_name = "forms_app/widgets/group.html"
    use_fieldset = True
    #: Forms of the rows; typed as their own class where they are made.
    rows: "list[Any]"
    schema: FieldSchema

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the template shows."""
        context = super().get_context(name, value, attrs)
        locked = bool(self.attrs.get("disabled"))
        least, most = self.schema.min_rows or 0, self.schema.max_rows
        return {
            **context,
            "group": self.schema,
            "rows": self.rows,
            "may_add": not locked and (most is None or len(self.rows) < most),
            "may_remove": not locked and len(self.rows) > max(least, 1),
        }

    def id_for_label(self, id_: str) -> str:
        """The first control that something is wrong with, or the first of all."""
        bounds = [bound for row in self.rows for bound in row]
        wrong = [bound for bound in bounds if bound.errors]
        first = next(iter(wrong or bounds), None)
        return str(first.id_for_label or first.auto_id) if first else id_


class GroupField(forms.Field):
    """Rows of questions; StepForm checks them."""

    widget = GroupRows


class StoredFileInput(forms.Widget):
    """Shows the file that is already kept, a way to remove it, and a way to give one."""

    template_name = "forms_app/widgets/file.html"
    needs_multipart_form = True
    stored: "StoredFile | None" = None
    accept = ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the template shows besides the input."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["class"] = "govuk-file-upload"
        context["widget"]["stored"] = self.stored
        context["widget"]["accept"] = self.accept
        context["widget"]["remove"] = REMOVE
        return context

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Any:
        """The public reference of the kept file; the upload itself is stored before the form."""
        return data.get(name)


class StoredFileField(forms.Field):
    """A file that is already stored; the answer is its public reference."""

    widget = StoredFileInput
    default_error_messages = {
        "required": _("Choose a file."),
        "missing": _("The file is no longer here. Choose it again."),
    }

    def __init__(self, *, queryset: "QuerySet[StoredFile]", schema: FieldSchema) -> None:
        super().__init__(help_text=_limits_in_words(schema))
        self.queryset = queryset.filter(field_key=schema.key)
        if isinstance(self.widget, StoredFileInput):
            self.widget.accept = ",".join(f".{one}" for one in (*_extensions(schema), "jpeg"))

    def show(self, public_id: Any) -> None:
        """Let the widget show the file that is already kept."""
        if isinstance(self.widget, StoredFileInput):
            self.widget.stored = self.queryset.filter(public_id=str(public_id or "")).first()

    def clean(self, value: Any) -> "StoredFile | None":
        """The stored file, when it is one of this draft's or of the answer it replaces."""
        if value in self.empty_values:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        stored = self.queryset.filter(public_id=str(value)).first()
        if stored is None:
            raise ValidationError(self.error_messages["missing"], code="missing")
        return stored


def _extensions(schema: FieldSchema) -> tuple[str, ...]:
    return schema.extensions or DEFAULT_EXTENSIONS


def _limits_in_words(schema: FieldSchema) -> str:
    return _("%(extensions)s, at most %(megabytes)s MB.") % {
        "extensions": ", ".join(_extensions(schema)),
        "megabytes": schema.max_megabytes or DEFAULT_MEGABYTES,
    }
