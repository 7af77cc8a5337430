"""A list of employees that the administrator has read."""

from people.models import Organisation, Person, User
from programme.employees import actions
from programme.imports import reader


def values(person: Person, administrator: User | None) -> dict[str, dict[str, object]]:
    """The list, and somebody in the register."""
    assert administrator is not None
    named = Organisation.objects.get(pk__in=person.unit.lineage, kind=Organisation.Kind.DISTRICT)
    # With an administration named, so that the page asks who of it has left.
    content = (
        f"Förvaltning;Avdelning;Enhet;E-post;Förnamn\n{named.name};;{person.unit.name};{person.email};Bo\n"
    ).encode()
    found = actions.prepare(
        table=reader.read(content), content=content, file_name="p.csv", actor=administrator
    )
    return {
        "employees:preview": {"batch": found.public_id},
        "employees:confirm": {"batch": found.public_id},
        "employees:left": {"batch": found.public_id},
        "employees:edit": {"person": person.public_id},
        "employees:leave": {"person": person.public_id},
        "employees:stay": {"person": person.public_id},
    }
