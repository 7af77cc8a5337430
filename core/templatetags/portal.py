"""The words, figures and form parts that the portal's templates share."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, widgets
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import figures, packing

register = template.Library()

register.filter("kronor", figures.kronor)
register.filter("percent", figures.percent)
register.filter("hours", figures.hours)
register.filter("figure", figures.plain)


@register.filter
def iso(value: datetime.date | None) -> str:
    """A date as 2026-02-28; a moment in local time as 2026-02-28 kl. 14.05."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{moment:%Y-%m-%d} kl. {moment.hour}.{moment:%M}"
    return value.isoformat()


@dataclass(frozen=True)
class DueTag:
    """How near a deadline is: words and the colour that repeats them."""

    text: str
    colour: str


def due(day: datetime.date, today: datetime.date) -> DueTag:
    """Red when it is today or late, amber within two days, grey beyond."""
    left = (day - today).days
    if left < 0:
        words = ngettext("%(days)d day late", "%(days)d days late", -left) % {"days": -left}
        return DueTag(words, "red")
    if left == 0:
        return DueTag(_("today"), "red")
    if left == 1:
        return DueTag(_("tomorrow"), "amber")
    words = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return DueTag(words, "amber" if left <= 2 else "grey")


@register.inclusion_tag("components/tag.html")
def due_tag(day: datetime.date | None) -> dict[str, str]:
    """A tag that says how long is left until the day."""
    if day is None or day == "":
        return {"text": _("no date"), "colour": "grey"}
    if isinstance(day, datetime.datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    tag = due(day, timezone.localdate())
    return {"text": tag.text, "colour": tag.colour}


@register.inclusion_tag("components/tag.html")
def left_tag(last_day: datetime.date | None) -> dict[str, str]:
    """A tag that says that an employment has ended or will; nothing while none is written down."""
    if not isinstance(last_day, datetime.date):
        return {}
    day = {"day": f"{last_day:%Y-%m-%d}"}
    if last_day < timezone.localdate():
        return {"text": _("left %(day)s") % day, "colour": "grey"}
    return {"text": _("leaves %(day)s") % day, "colour": "amber"}


@register.simple_tag
def share(part: object, whole: object) -> str:
    """Part of whole in per cent, 0 to 100, with a full stop: for a width in SVG."""
    top, bottom = figures.as_decimal(part), figures.as_decimal(whole)
    if top is None or not bottom or bottom < 0:
        return ""
    return f"{max(0.0, min(100.0, float(top / bottom * 100))):.2f}".rstrip("0").rstrip(".")


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, number: int) -> str:
    """The address of this list's page so and so, with the other choices kept."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def page_numbers(page: "Page[Any]") -> list[int | None]:
    """The numbers to show; None stands for those left out."""
    last = page.paginator.num_pages
    near = {1, last, *range(page.number - 1, page.number + 2)}
    shown: list[int | None] = []
    previous = 0
    for number in sorted(n for n in near if 1 <= n <= last):
        if number > previous + 1:
            shown.append(None)
        shown.append(number)
        previous = number
    return shown


@register.simple_tag
def packed(name: str) -> str:
    """The address of joined and compressed style sheets or scripts."""
    found = packing.pack(name)
    return found.address if found else ""


# Forms


_SINGLE = {
    widgets.Textarea: "govuk-textarea",
    widgets.Select: "govuk-select",
    widgets.FileInput: "govuk-file-upload",
}


def _kind(field: BoundField) -> str:
    """Radios, checkboxes, checkbox (a single one) or plain."""
    widget = field.field.widget
    if isinstance(widget, widgets.CheckboxSelectMultiple):  # which inherits from RadioSelect
        return "checkboxes"
    if isinstance(widget, widgets.RadioSelect):
        return "radios"
    if isinstance(widget, widgets.CheckboxInput):
        return "checkbox"
    return "plain"


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the field is several controls under one heading."""
    return bool(field.use_fieldset)


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    """Whether the field is one box whose label stands beside it."""
    return _kind(field) == "checkbox"


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say that the field may be left empty.

    A form or a field with ``hide_optional`` says it in its own way, for instance
    where an earlier answer decides.
    """
    hidden = getattr(field.form, "hide_optional", False) or getattr(
        field.field, "hide_optional", False
    )
    return not (field.field.required or hidden or field.field.disabled)


@register.simple_tag
def field_input(field: BoundField) -> SafeString:
    """The control itself, with the pattern library's classes."""
    kind = _kind(field)
    if kind == "plain":
        return _plain_input(field)
    items = _checkbox_item(field) if kind == "checkbox" else _choice_items(field, kind)
    name = "radios" if kind == "radios" else "checkboxes"
    return render_to_string("components/choices.html", {"kind": name, "items": items})


def _plain_input(field: BoundField) -> SafeString:
    widget = field.field.widget
    base = next((css for cls, css in _SINGLE.items() if isinstance(widget, cls)), "govuk-input")
    classes = [base, str(widget.attrs.get("class", ""))]
    if base == "govuk-input" and isinstance(widget, widgets.DateInput | widgets.NumberInput):
        classes.append("govuk-input--width-10")
    if field.errors:
        classes.append(f"{base}--error")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


def _checkbox_item(field: BoundField) -> list[dict[str, Any]]:
    widget = field.field.widget
    attrs = field.build_widget_attrs({}, widget)
    data = widget.get_context(field.html_name, field.value(), {**attrs, "id": field.id_for_label})[
        "widget"
    ]
    return [{**data, "label": field.label, "value": data["value"], "attrs": data["attrs"]}]


def _choice_items(field: BoundField, kind: str) -> list[dict[str, Any]]:
    items = []
    for sub in field.subwidgets:
        data = dict(sub.data)
        # The group carries the description; repeating it on each choice is noise.
        attrs = {k: v for k, v in data["attrs"].items() if k not in ("aria-describedby", "class")}
        if kind == "checkboxes":
            attrs.pop("required", None)
        items.append({**data, "attrs": attrs})
    return items


@dataclass(frozen=True)
class ErrorLink:
    """One line of the summary at the top of a form."""

    text: str
    target: str


@register.simple_tag
def form_errors_id(form: BaseForm) -> str:
    """The id of the part that tells what is wrong with the form as a whole."""
    return f"{form.prefix}-form-errors" if form.prefix else "form-errors"


def _naming(field: BoundField, text: str) -> str:
    """The error with its field's name in front, because the list stands far from the field."""
    label = str(field.label or "")
    if not label or label.lower() in text.lower():
        return text
    return f"{label} {text}" if label.endswith("?") else f"{label}: {text}"


def _target(field: BoundField) -> str:
    if _kind(field) in ("radios", "checkboxes") and field.subwidgets:
        return str(field.subwidgets[0].id_for_label)
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def error_links(form: BaseForm | Sequence[BaseForm] | None) -> list[ErrorLink]:
    """Every error of the form (or forms) with the id of the control it is about."""
    if not form:
        return []
    forms = [form] if isinstance(form, BaseForm) else list(form)
    links: list[ErrorLink] = []
    for one in forms:
        if not one.is_bound and not one.errors:
            continue
        whole = form_errors_id(one)
        links += [ErrorLink(str(text), whole) for text in one.non_field_errors()]
        for field in one:
            target = whole if field.is_hidden else _target(field)
            links += [ErrorLink(_naming(field, str(text)), target) for text in field.errors]
    return links
