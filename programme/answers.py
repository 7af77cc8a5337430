"""What the nomination forms' answers mean to this room.

Forms are built by staff, so only these keys are known: ``person`` (required in
every nomination form), ``key_function`` and ``priority``. Everything else is
read back in words by forms_app.
"""

from collections.abc import Mapping
from typing import Any

from people.models import Organisation, Person
from programme.models import NominationKind, Wave

PERSON = "person"
KEY_FUNCTION = "key_function"
PRIORITY = "priority"


def person_in(answers: Mapping[str, Any]) -> Person | None:
    """The person the answers are about."""
    reference = answers.get(PERSON)
    if not reference:
        return None
    return Person.objects.select_related("unit").filter(public_id=reference).first()


def is_key_function(answers: Mapping[str, Any]) -> bool:
    """Whether the answers say that the person is a key function."""
    return answers.get(KEY_FUNCTION) in (True, "yes", "true", "True")


def facts_for_conditions(
    answers: Mapping[str, Any],
    *,
    kind: NominationKind,
    wave: Wave,
    person: Person,
    district: Organisation,
) -> dict[str, Any]:
    """What a workflow's conditions may ask about: the answers and the nomination's own facts.

    The person stands as a reference: case data is history, and history holds no names.
    """
    return {
        **answers,
        "nomination_kind": kind.key,
        "category": kind.category.key,
        "wave": wave.number,
        "district": district.code,
        "unit": person.unit.code,
        "service_area": person.unit.service_area,
        "key_function": kind.key_functions_only or is_key_function(answers),
    }
