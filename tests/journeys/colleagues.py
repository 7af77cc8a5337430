"""Two who work together: one writes, the other reads and approves."""

from django.db import transaction

from audit.operations import operation
from people import groups
from people.models import Organisation, User
from people.setup import CITY
from tests.people import builders


def two(first: str, second: str) -> tuple[User, User]:
    """Kim and Noor with these roles for the city, and the editor's rights that go with them."""
    found = []
    with transaction.atomic(), operation("test.colleagues"):
        city = Organisation.objects.get(code=CITY)
        for name, role in (("kim", first), ("noor", second)):
            user = builders.account(name)
            builders.holds(user, role, city)
            groups.sync(user)
            found.append(user)
    return found[0], found[1]
