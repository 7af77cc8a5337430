"""What a case type must have before it takes cases; pure decisions on what it says."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from forms_app.schema import FieldSchema, FormSchema

#: Kinds of question whose answer can name a case.
NAMING = frozenset(
    {"text", "long_text", "email", "number", "date", "choice", "yes_no", "person", "organisation"}
)
#: What a type says itself, besides what it points to; the same in files and set-up data.
PLAIN = (
    "name",
    "description",
    "prefix",
    "everyone",
    "starters",
    "readers",
    "belongs_to",
    "organisation_field",
    "title_field",
    "subtitle_field",
    "person_field",
)


class Place(StrEnum):
    """Where a problem is put right."""

    TYPE = "type"
    FORM = "form"
    WORKFLOW = "workflow"


@dataclass(frozen=True)
class Problem:
    """What stops the type from being used, and where that is put right."""

    message: str
    place: Place = Place.TYPE


@dataclass(frozen=True)
class Facts:
    """A case type and what it leans on, read before deciding."""

    key: str
    belongs_to: str
    # The newest published form; none when nothing is published.
    schema: FormSchema | None
    form_name: str = ""
    workflow_name: str = ""
    # The kind of case the workflow is drawn for; empty without a workflow.
    workflow_kind: str = ""
    workflow_published: bool = False
    everyone: bool = False
    starters: Collection[str] = ()
    known_roles: Collection[str] = ()
    has_organisation: bool = False
    organisation_field: str = ""
    title_field: str = ""
    subtitle_field: str = ""
    person_field: str = ""
    collisions: Mapping[str, str] = field(default_factory=dict)


def problems(facts: Facts) -> list[Problem]:
    """Everything that stops the type from taking cases, the form first."""
    return [*_form(facts), *_workflow(facts), *_starting(facts), *_fields(facts)]


def _form(facts: Facts) -> Iterator[Problem]:
    for message in facts.collisions.values():
        yield Problem(message)
    if facts.schema is None:
        yield Problem(
            _("The form “%(name)s” has not been published yet.") % {"name": facts.form_name},
            Place.FORM,
        )


def _workflow(facts: Facts) -> Iterator[Problem]:
    named = {"name": facts.workflow_name}
    if not facts.workflow_kind:
        yield Problem(_("No workflow is chosen. Draw one for this kind of case and choose it."))
    elif facts.workflow_kind != facts.key:
        yield Problem(_("The workflow “%(name)s” is drawn for another kind of case.") % named)
    elif not facts.workflow_published:
        yield Problem(
            _("The workflow “%(name)s” has not been published yet.") % named, Place.WORKFLOW
        )


def _starting(facts: Facts) -> Iterator[Problem]:
    if not facts.everyone and not facts.starters:
        yield Problem(_("Nobody may start such a case. Choose at least one role."))
    for role in sorted(set(facts.starters) - set(facts.known_roles)):
        yield Problem(_("The role “%(role)s” does not exist.") % {"role": role})


def _fields(facts: Facts) -> Iterator[Problem]:
    if facts.belongs_to == "fixed" and not facts.has_organisation:
        yield Problem(_("Choose which organisation the cases always belong to."))
    if facts.belongs_to == "field" and not facts.organisation_field:
        yield Problem(_("Choose the question that asks which organisation the case belongs to."))
    if facts.schema is None:
        return
    asked = {one.key: one for one in facts.schema.fields()}
    always = {
        one.key
        for step in facts.schema.steps
        for one in step.fields
        if step.show_if is None and one.show_if is None and one.required
    }
    for key in (facts.title_field, facts.subtitle_field):
        if key and (key not in asked or asked[key].kind not in NAMING):
            yield Problem(
                _("The form has no question “%(key)s” whose answer can name a case.") % {"key": key}
            )
    if facts.person_field:
        yield from _must_be("person", facts.person_field, asked, always)
    if facts.belongs_to == "field" and facts.organisation_field:
        yield from _must_be("organisation", facts.organisation_field, asked, always)


def _must_be(
    kind: str, key: str, asked: Mapping[str, FieldSchema], always: Collection[str]
) -> Iterator[Problem]:
    """A question that the case leans on is of its kind and always answered."""
    if key not in asked or asked[key].kind != kind:
        words = {
            "person": _("The form has no question “%(key)s” that asks for a person."),
            "organisation": _("The form has no question “%(key)s” that asks for an organisation."),
        }
        yield Problem(words[kind] % {"key": key})
    elif key not in always:
        yield Problem(
            _("“%(label)s” must always be asked and answered, since the case depends on it.")
            % {"label": asked[key].label},
            Place.FORM,
        )


class Window(StrEnum):
    """Whether a type takes new cases."""

    OPEN = "open"
    NOT_IN_USE = "not_in_use"
    BEFORE = "before"
    AFTER = "after"


def window_on(
    day: datetime.date,
    *,
    in_use: bool,
    starts_on: datetime.date | None,
    ends_on: datetime.date | None,
) -> Window:
    """How the type stands on the day; the first and the last day count."""
    if not in_use:
        return Window.NOT_IN_USE
    if starts_on is not None and day < starts_on:
        return Window.BEFORE
    if ends_on is not None and day > ends_on:
        return Window.AFTER
    return Window.OPEN


@dataclass(frozen=True)
class Holding:
    """A role somebody holds, and where."""

    role: str
    organisation_id: int
    lineage: tuple[int, ...]


def places_to_start(
    holdings: Collection[Holding],
    *,
    starters: Collection[str],
    within: int | None,
    own_unit: Holding | None,
    everyone: bool,
) -> list[int]:
    """The organisations from which somebody may start the type; none means that they may not.

    :param own_unit: where the person works, as a holding without a role.
    """
    mine = [one for one in holdings if one.role in starters]
    if everyone and own_unit is not None:
        mine.append(own_unit)
    allowed = [one.organisation_id for one in mine if within is None or within in one.lineage]
    return list(dict.fromkeys(allowed))
