"""Finding what has happened to a person: by name, as far as the reader may know who it is."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from audit import registry
from audit.models import Operation
from people.access import below
from people.models import Capability, Person, User
from people.ordering import by_name
from workflows.models import Case

#: More than these share the words: then it is nobody in particular.
MOST = 20


def answering(user: User, text: str) -> list[Person]:
    """Persons within the auditor's reach whose name has every word, one more than :data:`MOST`.

    A protected person answers to those alone who may know them: a list that answers to
    a name tells whose it is.
    """
    words = text.split()
    if not words:
        return []
    rows = Person.objects.filter(below(user, Capability.AUDIT, "unit"))
    rows = rows.exclude(Q(protected=True) & ~below(user, Capability.SEE_PROTECTED, "unit"))
    for word in words:
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    return list(rows.select_related("unit").order_by(*by_name(), "pk")[: MOST + 1])


def touching(rows: QuerySet[Operation], persons: Sequence[Person]) -> QuerySet[Operation]:
    """Those of the operations that changed the persons, something of theirs, or were about them."""
    ids = [person.pk for person in persons]
    about = Q(subject__in=[person.public_id for person in persons])
    about |= Q(subject__in=Case.objects.filter(concerns__in=ids).values("reference"))
    for model in registry.tracked_models():
        history = model.history.model  # type: ignore[attr-defined]
        for field in model._meta.local_fields:
            if model is Person and field.primary_key:
                about |= Q(pk__in=history.objects.filter(id__in=ids).values("operation_id"))
            elif field.related_model is Person:
                own = history.objects.filter(**{f"{field.name}__in": ids})
                about |= Q(pk__in=own.values("operation_id"))
    return rows.filter(about)
