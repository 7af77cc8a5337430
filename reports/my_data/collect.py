"""Gathers the rows about a person and their history; the queries follow the tables, not the rows."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext

from audit import queries as history
from audit import registry
from audit.queries import Event
from forms_app.answers import in_words
from people.identity import masked
from people.models import Identity, Person, RoleAssignment, User
from programme.absences.keeping import kept_days
from programme.models import Absence, AdaptationNeed, Nomination, Participation, Reflection
from reports import naming
from reports.telling import TELLERS
from workflows.models import Message

# Rows that belong to the person through one of these are the person's too.
THROUGH: tuple[type[models.Model], ...] = (Participation, Nomination)
# Left out of history as health data or nobody else's business, but the person's own words.
OWN_WORDS: dict[type[models.Model], tuple[str, ...]] = {
    AdaptationNeed: ("text", "reason"),
    Absence: ("first_day", "last_day", "percent", "set_aside_reason"),
    Reflection: ("text",),
}


@dataclass(frozen=True)
class Row:
    """One row in words: label and value, and the same as data."""

    pairs: list[tuple[str, str]]
    data: dict[str, Any]


@dataclass(frozen=True)
class Group:
    """All rows of one kind."""

    key: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Told:
    """Something that happened, and who did it as the viewer may know it."""

    who: str
    event: Event


@dataclass(frozen=True)
class Holding:
    """Everything that is held about the person."""

    person: Person
    identity: str
    groups: list[Group]
    events: list[Told]
    made_at: datetime.datetime
    # How long what is erased by itself is kept, in sentences.
    keeping: list[str]


def about(person: Person, viewer: User) -> Holding:
    """Everything about the person, named as the viewer may see it."""
    rows = _rows(person)
    pks = {model: [row.pk for row in found] for model, found in rows.items()}
    namers = naming.namers_for(viewer)
    changes = history.changes(rows=pks)
    events = history.timeline(
        pks, namers=namers, masked=naming.masker_for(viewer, changes), tellers=TELLERS
    )
    shown = {model: found for model, found in rows.items() if model is not Identity}
    names = _names(shown, namers)
    groups = [_group(model, found, names) for model, found in shown.items()]
    answers = _answers(list(rows.get(Nomination, [])), viewer)
    return Holding(
        person=person,
        identity=masked(person, viewer),
        groups=[*groups, *([answers] if answers.rows else [])],
        events=_told(events, viewer),
        made_at=timezone.now(),
        keeping=_keeping(rows),
    )


def _keeping(rows: Mapping[type[models.Model], list[Any]]) -> list[str]:
    """When the person's absences are erased; nothing for whoever has none."""
    absences = rows.get(Absence, [])
    if not absences:
        return []
    days = kept_days(timezone.localdate())
    last = max(each.last_day for each in absences) + datetime.timedelta(days=days + 1)
    return [
        gettext(
            "Your absences come from the register of employees and are only used to check your"
            " hours. Each is erased %(days)d days after its last day; the latest one on %(day)s."
            " Why you were away is never read."
        )
        % {"days": days, "day": last.isoformat()}
    ]


def _who(event: Event, hidden: set[str]) -> str:
    if event.operation.actor_id in hidden:
        return gettext("Protected identity")
    if event.operation.actor_id == "system":
        return gettext("The system")
    return event.operation.actor_name


def _told(events: list[Event], viewer: User) -> list[Told]:
    hidden = naming.hidden_actors({each.operation.actor_id for each in events}, viewer)
    return [
        Told(
            _who(each, hidden),
            each,
        )
        for each in events
    ]


def _rows(person: Person) -> dict[type[models.Model], list[Any]]:
    found: dict[type[models.Model], list[Any]] = {Person: [person]}
    if person.user is not None:
        found[User] = [person.user]
        found[RoleAssignment] = list(RoleAssignment.objects.filter(user=person.user))
        found[Message] = list(Message.objects.filter(recipient=person.user))
    owners: dict[type[models.Model], list[Any]] = {Person: [person]}
    owners |= {each: list(_owned(each, owners)) for each in THROUGH}
    # What belongs to the person themselves stands before what belongs through something.
    ordered = sorted(registry.tracked_models(), key=lambda each: not any(_keys(each, Person)))
    for model in ordered:
        known = {row.pk for row in found.get(model, [])}
        rows = [row for row in _owned(model, owners) if row.pk not in known]
        found.setdefault(model, []).extend(rows)
    return {model: rows for model, rows in found.items() if rows}


def _owned(model: Any, owners: Mapping[type[models.Model], list[Any]]) -> list[Any]:
    """The model's rows that point at any of these: one query, none where nothing points there."""
    mine = models.Q()
    for owner, rows in owners.items():
        for name in _keys(model, owner) if rows else ():
            mine |= models.Q(**{f"{name}__in": rows})
    return list(model._default_manager.filter(mine).order_by("pk")) if mine else []


def _keys(model: type[models.Model], to: type[models.Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.remote_field is not None and field.related_model is to:
            yield field.name


def _group(
    model: type[models.Model], rows: list[Any], names: Mapping[tuple[str, Any], str]
) -> Group:
    fields = list(_shown(model))
    return Group(
        key=model._meta.label_lower,
        title=str(model._meta.verbose_name_plural),
        rows=[_row(row, fields, names) for row in rows],
    )


def _shown(model: Any) -> Iterator["models.Field[Any, Any]"]:
    kept = {field.attname for field in model.history.model.tracked_fields}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in naming.TECHNICAL - {"public_id"}:
            continue
        if field.attname in kept or field.name in OWN_WORDS.get(model, ()):
            yield field


def _names(
    rows: Mapping[type[models.Model], list[Any]], namers: history.Namers
) -> dict[tuple[str, Any], str]:
    """What all that the rows point at is called: a query for each table, whoever points there."""
    wanted: dict[Any, set[Any]] = {}
    for model, found in rows.items():
        for field in _shown(model):
            if field.remote_field is not None:
                pks = wanted.setdefault(field.related_model, set())
                pks |= {getattr(row, field.attname) for row in found} - {None}
    names: dict[tuple[str, Any], str] = {}
    for related, pks in wanted.items():
        label = related._meta.label_lower
        if label in namers:
            texts = dict(namers[label](pks)) if pks else {}
        else:
            texts = {
                each.pk: history.plainly(each) for each in related._base_manager.filter(pk__in=pks)
            }
        names |= {(label, pk): text for pk, text in texts.items()}
    return names


def _row(row: Any, fields: list[Any], names: Mapping[tuple[str, Any], str]) -> Row:
    pairs, data = [], {}
    for field in fields:
        value = getattr(row, field.attname)
        if value in (None, ""):
            continue
        if field.remote_field is not None:
            value = names.get((field.related_model._meta.label_lower, value), "")
        data[field.name] = value if isinstance(value, dict | list | bool | int) else _text(value)
        if not isinstance(value, dict | list) and field.name != "public_id":
            words = row._get_FIELD_display(field) if field.choices else value
            # A name that Django made of the field's own has no translation tied to it.
            pairs.append((gettext(str(field.verbose_name)), _text(words)))
    return Row(pairs, data)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="minutes")
    return str(value)


def _answers(nominations: list[Nomination], viewer: User) -> Group:
    """What was answered about the person when they were nominated."""
    rows = []
    models.prefetch_related_objects(nominations, "submission__version")
    for nomination in nominations:
        pairs = [
            (str(row.label), str(row.value))
            for group in in_words(nomination.submission, viewer, None)
            for row in group.rows
            if row.value
        ]
        rows.append(Row(pairs, dict(pairs)))
    return Group("answers", str(Nomination._meta.verbose_name), rows)
