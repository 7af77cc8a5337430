"""Fetches answers when a draft is begun, and tells afterwards which of them were changed."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forms_app.kinds import form_field, kind_of, typed_of
from forms_app.models import StoredFile
from forms_app.prefill import SOURCES, Source
from forms_app.schema import FieldSchema, FormSchema
from forms_app.sources import Sources
from people.models import Organisation, Person, RoleAssignment, User


def fetch(
    schema: FormSchema, viewer: User, context: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """What the form fetches for the viewer: source, its name and the value, by field key.

    What does not pass the question's own check is left out: the viewer answers instead.

    :param known: answers there are already; they are not fetched.
    """
    found = {}
    for field in schema.fields():
        source = SOURCES.get(field.prefill)
        if source is None or field.kind not in source.kinds or field.key in known:
            continue
        value = _checked(field, source.fetch(viewer, context), viewer)
        if value is not None:
            label = str(source.label)
            found[field.key] = {"source": source.key, "label": label, "value": value}
    return found


def put_in(
    schema: FormSchema,
    raw: Mapping[str, Any],
    fetched: Mapping[str, Mapping[str, Any]],
    *,
    locked_only: bool = False,
) -> dict[str, Any]:
    """The raw answers with what was fetched; where nobody may correct it, it is what counts."""
    locked = {one.key for one in schema.fields() if one.prefill_locked}
    values = {
        key: one["value"]
        for key, one in fetched.items()
        if key in locked or not (locked_only or raw.get(key))
    }
    return {**raw, **typed_of(list(schema.fields()), values)}


def outcome(
    fetched: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """What is kept with a submission: for each answer its source, and whether it was changed."""
    return {
        key: {**one, "changed": values[key] != one["value"]}
        for key, one in fetched.items()
        if key in values
    }


def carried(
    fetched: Mapping[str, Mapping[str, Any]],
) -> dict[str, Mapping[str, Any]]:
    """What a draft that completes a submission takes over from it; what is erased stays so."""
    return {key: one for key, one in fetched.items() if "value" in one}


def _checked(field: FieldSchema, value: str, viewer: User) -> Any:
    if not value:
        return None
    nothing = Sources(
        viewer=viewer,
        persons=Person.objects.none(),
        organisations=Organisation.objects.none(),
        files=StoredFile.objects.none(),
    )
    try:
        return kind_of(field.kind).plain(form_field(field, nothing).clean(value))
    except ValidationError:
        return None


def _name(viewer: User, context: Mapping[str, Any]) -> str:
    return f"{viewer.first_name} {viewer.last_name}".strip()


def _email(viewer: User, context: Mapping[str, Any]) -> str:
    return viewer.email


def _today(viewer: User, context: Mapping[str, Any]) -> str:
    return timezone.localdate().isoformat()


def _unit(viewer: User, context: Mapping[str, Any]) -> str:
    found = _own_organisation(viewer)
    return found.name if found else ""


def _district(viewer: User, context: Mapping[str, Any]) -> str:
    own = _own_organisation(viewer)
    if own is None:
        return ""
    above = Organisation.objects.filter(pk__in=own.lineage, kind=Organisation.Kind.DISTRICT)
    found = above.first()
    return found.name if found else ""


def _own_organisation(viewer: User) -> Organisation | None:
    """Where the account's own person works, or else the one place it has roles in."""
    person = Person.objects.select_related("unit").filter(user=viewer).first()
    if person is not None:
        return person.unit
    day = timezone.localdate()
    held = RoleAssignment.objects.select_related("organisation").filter(
        Q(valid_to=None) | Q(valid_to__gte=day), user=viewer, valid_from__lte=day
    )
    places = {one.organisation for one in held}
    return places.pop() if len(places) == 1 else None


#: What this room can fetch by itself; registered when it starts.
OWN_SOURCES = (
    Source("own_name", _("your account: name"), _name, register=True),
    Source(
        "own_email", _("your account: e-mail address"), _email, ("text", "email"), register=True
    ),
    Source("own_unit", _("the staff register: your unit"), _unit, register=True),
    Source(
        "own_district",
        _("the staff register: your district administration"),
        _district,
        register=True,
    ),
    Source("today", _("today's date"), _today, ("date", "text")),
)
