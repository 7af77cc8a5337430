"""How persons are named on pages, in lists, mails and files."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from people.access import may_see_protected
from people.models import Person, User


def may_see(person: Person, viewer: User | AnonymousUser | None) -> bool:
    """Whether the viewer may know who this is; reads ``person.unit``.

    Note: select_related("unit") in lists, or each protected person costs a query.
    """
    if not person.protected:
        return True
    if isinstance(viewer, User) and person.user_id == viewer.pk:
        return True
    return may_see_protected(viewer, person.unit)


def name_of(person: Person, viewer: User | AnonymousUser | None) -> str:
    """The person's name, or «protected identity» to those who may not know it."""
    if not may_see(person, viewer):
        return _("Protected identity")
    return f"{person.first_name} {person.last_name}"


def email_of(person: Person, viewer: User | AnonymousUser | None) -> str:
    """The person's work address; empty to those who may not know who it is."""
    return person.email if may_see(person, viewer) else ""
