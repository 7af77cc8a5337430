"""Writes about a form as a whole: taking back an older version, and when it is open."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import operation
from forms_app import access
from forms_app.exchange import put_in
from forms_app.models import FormDefinition, FormOpening, FormVersion
from forms_app.schema import FormSchema
from people.access import actor_of
from people.models import User


@transaction.atomic
def restore_version(*, version: FormVersion, actor: User) -> FormDefinition:
    """Make an older version the one under construction; nothing is published.

    :raises people.access.NotAllowed: when the actor may not build forms.
    """
    access.ensure_may_build(actor)
    definition = FormDefinition.objects.select_for_update().get(pk=version.definition_id)
    schema = FormSchema.from_plain(version.schema)
    reason = str(version.number)
    with operation("form.restore", actor=actor_of(actor), subject=definition.key, reason=reason):
        put_in(definition, schema).save()
    definition.refresh_from_db()
    return definition


@transaction.atomic
def set_opening(
    *, definition: FormDefinition, terms: Mapping[str, Any], actor: User
) -> FormOpening:
    """Decide when the form is open and how many answers it takes; in force at once.

    :raises people.access.NotAllowed: when the actor may not build forms.
    :raises django.core.exceptions.ValidationError: when the terms contradict.
    """
    access.ensure_may_build(actor)
    with operation("form.opening", actor=actor_of(actor), subject=definition.key):
        # The form's row is the lock for the first time, when there is no opening to lock.
        FormDefinition.objects.select_for_update().get(pk=definition.pk)
        opening = FormOpening.objects.select_for_update().filter(definition=definition).first()
        opening = opening or FormOpening(definition=definition)
        for name in ("opens_at", "closes_at", "answer_limit", "answers_per_person"):
            setattr(opening, name, terms.get(name))
        opening.paused_words = (terms.get("paused_words") or "").strip()
        _ensure_readable(opening)
        opening.full_clean()
        opening.save()
    return opening


def _ensure_readable(opening: FormOpening) -> None:
    """A mistyped year 1 is before Christ in UTC, and Python reads no such row again."""
    for name in ("opens_at", "closes_at"):
        moment = getattr(opening, name)
        if moment is not None and not 2000 <= moment.year <= 2100:
            raise ValidationError(
                {name: _("Write the date with year, month and day, for example 2027-03-09.")}
            )
