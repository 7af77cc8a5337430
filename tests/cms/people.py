"""Those who write, approve and read the pages."""

from people import groups
from people.models import Capability, Organisation, User
from tests.people import builders


def writer(key: str = "skribent") -> User:
    """Somebody who writes pages and sends them in."""
    return _with(key, "editor", Capability.MANAGE_CONTENT)


def approver(key: str = "granskare") -> User:
    """Somebody who approves what others have written."""
    return _with(key, "approver", Capability.APPROVE_CONTENT)


def both(key: str = "bada") -> User:
    """Somebody who writes and may approve, though never their own words."""
    user = writer(key)
    city = Organisation.objects.get(parent=None)
    builders.holds(user, "approver", city, Capability.APPROVE_CONTENT)
    groups.sync(user)
    return user


def _with(key: str, role: str, capability: Capability) -> User:
    user = builders.account(key)
    builders.holds(user, role, Organisation.objects.get(parent=None), capability)
    groups.sync(user)
    return user
