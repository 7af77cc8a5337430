"""How moments, answers and conditions are written in the evidence."""

import datetime
from functools import cached_property
from html import unescape
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import conditions
from core.erasure import is_erased
from forms_app.care import erased_words
from forms_app.kinds import kind_of
from forms_app.schema import FieldSchema
from forms_app.sources import WordSources, words_for
from reports.evidence.redact import without_numbers
from reports.evidence.sources import Sources

REFERENCES = ("person", "organisation", "file")


def moment(at: datetime.datetime | None) -> str:
    """A moment that nobody can misread: date, time and how far from UTC."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    offset = local.strftime("%z")
    return _("%(day)s at %(time)s (UTC%(offset)s)") % {
        "day": f"{local:%Y-%m-%d}",
        "time": f"{local:%H.%M.%S}",
        "offset": f"{offset[:3]}:{offset[3:]}",
    }


def text(value: Any) -> str:
    """A fact as plain text, without personal identity numbers."""
    if value is None or value == "":
        return _("Not given")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    words = unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)
    return without_numbers(words)


class Words:
    """The words of one case's answers, with the names behind references fetched once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        schema = sources.schema
        self.fields: dict[str, FieldSchema] = (
            {field.key: field for field in schema.fields()} if schema else {}
        )

    @cached_property
    def names(self) -> WordSources:
        """The persons, organisations and files that any round's answers point to."""
        wanted: dict[str, set[str]] = {kind: set() for kind in REFERENCES}
        for data in (self.sources.case.data, *self.sources.answers):
            for key, field in self.fields.items():
                if field.kind in wanted and isinstance(data.get(key), str) and data[key]:
                    wanted[field.kind].add(data[key])
        return words_for(
            self.sources.viewer, wanted["person"], wanted["organisation"], wanted["file"]
        )

    def label(self, key: str) -> str:
        """What was asked, as it was put."""
        field = self.fields.get(key)
        return field.label if field else self.sources.labels.get(key, key)

    def answer(self, key: str, value: Any) -> str:
        """One answer in words."""
        if value is None or value == "" or value == []:
            return _("Not answered")
        if is_erased(value):
            return erased_words(value)
        field = self.fields.get(key)
        if field is None or isinstance(value, bool) != (field.kind == "boolean"):
            return text(", ".join(map(str, value)) if isinstance(value, list) else value)
        return text(kind_of(field.kind).words(field, value, self.names))

    def condition(self, condition: conditions.Condition | None) -> str:
        """When a step applies."""
        labels = {**self.sources.labels, **{key: self.label(key) for key in self.fields}}
        choices = {key: field.choice_labels for key, field in self.fields.items()}
        return text(conditions.in_words(condition, labels, choices))

    def reasons(self, condition: conditions.Condition | None) -> str:
        """The answers that decided whether the condition was met."""
        data = self.sources.case.data
        asked = sorted(conditions.fields_of(condition))
        return ". ".join(f"{self.label(key)}: {self.answer(key, data.get(key))}" for key in asked)
