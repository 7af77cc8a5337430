"""Answers and periods in words, as lists, exports and frozen versions show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from forms_app.kinds import KINDS
from forms_app.models import FormVersion
from forms_app.schema import FieldSchema, FormSchema
from forms_app.sources import WordSources, words_for
from programme.models import Entry, Register
from programme.registers.rules import Content, Line, Period
from programme.registers.targets import TARGETS, Stored

#: Columns of links stand beside the form's own, whose keys hold no full stop.
LINK = "link.{kind}"


def period(one: Period) -> str:
    """«2026», or «spring term 2026»."""
    if one.half == 1:
        return _("spring term %(year)s") % {"year": one.year}
    if one.half == 2:
        return _("autumn term %(year)s") % {"year": one.year}
    return str(one.year)


def link_heading(kind: str) -> str:
    """What a kind of links is called, as a heading."""
    label = str(Register.Link(kind).label)
    return label[:1].upper() + label[1:]


def newest_version(register: Register) -> FormVersion | None:
    """The version of the form that new entries are written with."""
    return FormVersion.objects.filter(definition=register.form_id).order_by("-number").first()


class Schemas:
    """The questions of entries, each as it was put when the entry was written; one query."""

    def __init__(self, newest: FormVersion | None, version_ids: Iterable[int]) -> None:
        self.newest = FormSchema.from_plain(newest.schema) if newest else FormSchema()
        known = {newest.pk: self.newest} if newest else {}
        missing = set(version_ids) - set(known)
        rows = FormVersion.objects.in_bulk(missing) if missing else {}
        self._by_version = known | {
            pk: FormSchema.from_plain(one.schema) for pk, one in rows.items()
        }

    def of(self, version_id: int) -> dict[str, FieldSchema]:
        """The questions of one version by key."""
        return {one.key: one for one in self._by_version[version_id].fields()}

    def columns(self, register: Register) -> dict[str, str]:
        """Every column by key: the newest questions, those no longer asked, and the links."""
        labels: dict[str, str] = {one.key: one.label for one in self.newest.fields()}
        for schema in self._by_version.values():
            for field in schema.fields():
                labels.setdefault(field.key, field.label)
        return labels | {LINK.format(kind=kind): link_heading(kind) for kind in register.links}


def names_for(schemas: Schemas, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> WordSources:
    """The names of the organisations that answers point to; one query at most."""
    wanted = {
        values[key]
        for version_id, values in rows
        for key, field in schemas.of(version_id).items()
        if field.kind == "organisation" and values.get(key)
    }
    return words_for(None, organisations=wanted)


def cells(
    fields: Mapping[str, FieldSchema], values: Mapping[str, Any], links: Stored, names: WordSources
) -> dict[str, str]:
    """An entry in words by column; what is not answered is left out."""
    found = {}
    for key, field in fields.items():
        value = values.get(key)
        if value not in (None, "", []) and field.kind in KINDS:
            found[key] = KINDS[field.kind].words(field, value, names)
    for kind in TARGETS:
        titles = [one["title"] for one in links if one["kind"] == kind]
        if titles:
            found[LINK.format(kind=kind)] = "\n".join(titles)
    return found


def content_of(register: Register) -> Content:
    """The register as it stands now: entries in force, all in words; a constant number of queries."""
    entries = list(Entry.objects.filter(register=register, withdrawn_on=None).order_by("number"))
    schemas = Schemas(newest_version(register), {one.version_id for one in entries})
    names = names_for(schemas, [(one.version_id, one.values) for one in entries])
    return Content(
        text=register.text,
        columns=schemas.columns(register),
        lines=[
            Line(one.number, cells(schemas.of(one.version_id), one.values, one.links, names))
            for one in entries
        ],
    )


def yes_or_no(value: bool) -> str:
    """A yes/no answer in words."""
    return _("Yes") if value else _("No")


def number_heading() -> str:
    """What the entries' numbers are called, as a heading."""
    return _("No.")
