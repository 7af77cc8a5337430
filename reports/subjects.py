"""What the codes that operations are about stand for: an operation keeps the code, people read names."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import connection, models

from audit import registry
from audit.queries import plainly
from people.models import User
from reports import naming

CODE_LENGTH = 12


def named_subjects(subjects: Collection[str], viewer: User) -> dict[str, str]:
    """Words by subject, for those that are the public code of a row.

    One statement finds the rows whatever kinds they are, and each kind found is one more.
    Persons are named as the viewer may see them.
    """
    namers = naming.namers_for(viewer)
    words: dict[str, str] = {}
    for model, found in _rows_of([each for each in subjects if _is_code(each)]).items():
        label = model._meta.label_lower
        if label in namers:
            texts = dict(namers[label](list(found)))
        else:
            rows = model._base_manager.filter(pk__in=found).select_related()
            texts = {row.pk: plainly(row) for row in rows}
        words |= {code: texts[pk] for pk, code in found.items() if pk in texts}
    # The code stands beside the name: a name that ends with it would say it twice.
    return {
        code: text.removesuffix(f"({code})").removesuffix(code).strip()
        for code, text in words.items()
    }


def _is_code(subject: str) -> bool:
    return len(subject) == CODE_LENGTH and subject.isalnum()


def _rows_of(codes: list[str]) -> dict[type[models.Model], dict[Any, str]]:
    """Key and code of the rows that have the codes, by kind."""
    if not codes:
        return {}
    quote = connection.ops.quote_name
    kinds: dict[str, Any] = {
        model._meta.label: model
        for model in registry.tracked_models()
        if any(field.name == "public_id" for field in model._meta.local_fields)
    }
    # The names are the models' own, quoted; the values are parameters.
    parts = [
        f"SELECT %s, {quote(model._meta.pk.column)}, public_id"
        f" FROM {quote(model._meta.db_table)} WHERE public_id = ANY(%s)"
        for model in kinds.values()
    ]
    parameters = [each for label in kinds for each in (label, codes)]
    found: dict[type[models.Model], dict[Any, str]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        for label, pk, code in cursor.fetchall():
            found[kinds[label]][pk] = code
    return found
