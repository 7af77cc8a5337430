"""The one role that a list may propose: nearest manager, at the unit the row names.

The preview shows each as what will be granted. It is granted by the same action as by hand, under
the same guard, and a list never takes a role away: an empty cell says nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from people import actions as people
from people.models import Organisation, Person, RoleAssignment, User

ROLE = "enhetschef"
WORDS = frozenset({"chef", "enhetschef", "närmaste chef"})


@dataclass(frozen=True)
class Grant:
    """That whoever the row is about is given the role, and whether an account is opened for it."""

    opens_account: bool

    def words(self, unit: str) -> str:
        """What will be granted, as the preview says it."""
        said = _("The role nearest manager for %(unit)s") % {"unit": unit}
        return f"{said}. {_('An account is opened.')}" if self.opens_account else said


class Granting:
    """What is known of the accounts of a list's persons; read once, in two statements."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        #: By the row's place in the table (1, 2, …).
        self.grants: dict[int, Grant] = {}
        self._held: frozenset[tuple[int, int]] = frozenset()
        self._accounts: dict[str, User] = {}
        self._by_key: dict[int, User] = {}

    def read(self, persons: Collection[Person], emails: Collection[str]) -> None:
        """Look up the accounts and the roles that they hold from today on."""
        keys = [one.user_id for one in persons if one.user_id]
        users = User.objects.filter(pk__in=keys) | User.objects.filter(email__in=emails)
        for user in users:
            self._accounts[user.email] = user
            self._by_key[user.pk] = user
        today = timezone.localdate()
        self._held = frozenset(
            RoleAssignment.objects.filter(user__in=keys, role_id=ROLE)
            .exclude(valid_to__lt=today)
            .values_list("user_id", "organisation_id")
        )

    def look(self, place: int, written: str, person: Person, unit: Organisation | None) -> None:
        """Find what a row's cell would grant.

        :raises ValidationError: with words, when it cannot.
        """
        asked = " ".join(written.split()).casefold()
        if not asked:
            return
        if asked not in WORDS:
            raise ValidationError(_("Only the role chef can be given by a list."))
        if unit is None or unit.kind != Organisation.Kind.UNIT:
            raise ValidationError(_("The role is given at a unit. Write which."))
        user = self._by_key.get(person.user_id or 0)
        if user is not None and (user.pk, unit.pk) in self._held:
            return
        self._ensure_possible(person, user)
        self.grants[place] = Grant(opens_account=user is None)

    def _ensure_possible(self, person: Person, user: User | None) -> None:
        if person.last_day is not None:
            raise ValidationError(_("The person's employment ends, so no role is given."))
        if user is None:
            if not person.email:
                raise ValidationError(_("The role needs an account, and that a work e-mail."))
            if person.email in self._accounts:
                raise ValidationError(
                    _("The address has an account of its own. Give the role under Accounts.")
                )
        elif user.pk == self.actor.pk:
            raise ValidationError(_("You cannot change your own roles. Ask a colleague."))
        elif not user.is_active:
            raise ValidationError(_("The account is closed."))


def grant_all(persons: Mapping[int, Person], *, reason: str, actor: User) -> int:
    """Give each the role at the unit where they work now; how many.

    :param persons: by the row's place.
    """
    for _place, person in sorted(persons.items()):
        user = person.user or people.create_user(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            actor=actor,
            person=person,
        )
        people.assign_role(
            user=user, role=ROLE, organisation=person.unit, actor=actor, reason=reason
        )
    return len(persons)
