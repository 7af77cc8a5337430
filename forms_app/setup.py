"""Forms that come with the portal: laid out once, then the staff's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from audit.operations import operation
from forms_app.actions import freeze
from forms_app.building import stream_of
from forms_app.models import FormDefinition, FormVersion
from forms_app.schema import FormSchema, StepSchema
from people.access import actor_of
from people.models import User


@transaction.atomic
def ensure_form(
    *,
    key: str,
    name: str,
    introduction: str = "",
    steps: Sequence[StepSchema | Mapping[str, Any]],
    actor: User | None = None,
    retention: Mapping[str, Any] | None = None,
) -> FormVersion:
    """The form's newest version; the form is laid out and published when there is none.

    A form that exists is left as it is, since staff may have rebuilt it.

    :param steps: steps as schema objects or in their plain shape.
    :param retention: how long answers are kept; see :class:`forms_app.care.Retention`.
    :raises forms_app.actions.CannotPublish: when the given form has problems.
    """
    with operation("form.setup", actor=actor_of(actor) if actor else None, subject=key):
        definition = FormDefinition.objects.filter(key=key).first()
        if definition is None:
            schema = FormSchema(
                steps=tuple(
                    one if isinstance(one, StepSchema) else StepSchema.from_plain(one)
                    for one in steps
                )
            )
            definition = FormDefinition.objects.create(
                key=key, name=name, introduction=introduction, steps=stream_of(schema)
            )
            if retention:
                for attribute, value in retention.items():
                    setattr(definition, attribute, value)
                definition.save()
                definition.refresh_from_db()
        newest = definition.versions.first()
        if newest is not None:
            return newest
        return freeze(definition, published_by=actor.get_full_name() if actor else "system")
