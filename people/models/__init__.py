"""Who: organisations, accounts, roles, persons, their identities, and what they have read."""

from people.models.account import User
from people.models.organisation import Organisation
from people.models.person import Identity, Person, Sex, employed_on
from people.models.privacy import Notice, NoticeVersion, Receipt
from people.models.role import Capability, Role, RoleAssignment

__all__ = [
    "Capability",
    "Identity",
    "Notice",
    "NoticeVersion",
    "Organisation",
    "Person",
    "Receipt",
    "Role",
    "RoleAssignment",
    "Sex",
    "User",
    "employed_on",
]
