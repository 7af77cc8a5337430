"""Small worlds for the tests of this room; call them inside an operation."""

import datetime
from typing import Any

from people import organisations
from people.models import Capability, Organisation, Person, Role, RoleAssignment, User

START = datetime.date(2025, 1, 1)
PASSWORD = "ett-långt-lösenord"
# The tax agency's published example, and numbers with serials that nobody is given.
COORDINATION = "197010632391"
WOMAN = "198704129801"


def organisation(code: str, parent: Organisation | None = None, **fields: Any) -> Organisation:
    """A node; a child is a unit unless something else is said."""
    kind = Organisation.Kind.UNIT if parent else Organisation.Kind.CITY
    given = {"name": code.title(), "short_name": code, "kind": kind, "valid_from": START, **fields}
    return organisations.add(parent=parent, code=code, **given)


def tree() -> dict[str, Organisation]:
    """A city with two districts, one of which has a department with two units."""
    city = organisation("city")
    farsta = organisation("farsta", city, kind=Organisation.Kind.DISTRICT)
    bromma = organisation("bromma", city, kind=Organisation.Kind.DISTRICT)
    department = organisation("farsta-1", farsta, kind=Organisation.Kind.DEPARTMENT)
    return {
        "city": city,
        "farsta": farsta,
        "bromma": bromma,
        "department": department,
        "unit": organisation("farsta-1-1", department),
        "other_unit": organisation("farsta-1-2", department),
    }


def role(key: str, *capabilities: Capability) -> Role:
    """A role, with what it lets its holder do."""
    made, _created = Role.objects.get_or_create(
        key=key, defaults={"name": key.title(), "capabilities": [str(c) for c in capabilities]}
    )
    return made


def account(name: str, **fields: Any) -> User:
    """An account that signs in as name@example.org."""
    user = User(email=f"{name}@example.org", first_name=name.title(), last_name="Exempel", **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def holds(
    user: User,
    role_key: str,
    organisation: Organisation,
    *capabilities: Capability,
    since: datetime.date = START,
    until: datetime.date | None = None,
) -> RoleAssignment:
    """Let the account hold a role, made when missing."""
    return RoleAssignment.objects.create(
        user=user,
        role=role(role_key, *capabilities),
        organisation=organisation,
        valid_from=since,
        valid_to=until,
    )


def person(unit: Organisation, name: str = "Asta", **fields: Any) -> Person:
    """An employee of the unit."""
    return Person.objects.create(first_name=name, last_name="Exempel", unit=unit, **fields)
