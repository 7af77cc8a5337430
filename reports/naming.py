"""What the auditor's pages call rows, and what they must not show of them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.queries import Change, Namers
from people.display import may_see, name_of
from people.models import Person, User
from programme.models import Evidence, Occasion, Participation, ReportRow

# They say nothing to a reader; the seal proves what they are for.
TECHNICAL = frozenset(
    {"digest", "data_digest", "lineage", "public_id", "dedupe_key", "path", "sha256", "answers"}
)
PERSONAL = frozenset({"first_name", "last_name", "email", "address"})


def namers_for(viewer: User) -> Namers:
    """How persons and accounts are named to the viewer; a query each."""

    def persons(pks: Collection[Any]) -> Mapping[Any, str]:
        rows = Person.objects.filter(pk__in=pks).select_related("unit")
        return {row.pk: name_of(row, viewer) for row in rows}

    def accounts(pks: Collection[Any]) -> Mapping[Any, str]:
        rows = User.objects.filter(pk__in=pks).select_related("person__unit")
        return {row.pk: account_name(row, viewer) for row in rows}

    return {
        "people.person": persons,
        "people.user": accounts,
        "programme.participation": participations,
        "programme.occasion": occasions,
        "programme.evidence": evidence,
        "programme.reportrow": report_rows,
    }


def participations(pks: Collection[Any]) -> Mapping[Any, str]:
    """A participation is the course; whose it is stands beside it."""
    rows = Participation.objects.filter(pk__in=pks).select_related("course")
    return {row.pk: f"{row.course.name} ({row.public_id})" for row in rows}


def occasions(pks: Collection[Any]) -> Mapping[Any, str]:
    """An occasion is its title and its day: a course has many groups with the same titles."""
    rows = Occasion.objects.filter(pk__in=pks)
    return {row.pk: f"{row.title}, {timezone.localdate(row.starts_at)}" for row in rows}


def evidence(pks: Collection[Any]) -> Mapping[Any, str]:
    """A file is what it was called when it was received."""
    rows = Evidence.objects.filter(pk__in=pks).only("name", "public_id")
    return {row.pk: f"{row.name} ({row.public_id})" for row in rows}


def report_rows(pks: Collection[Any]) -> Mapping[Any, str]:
    """A row of a report is its number there."""
    rows = ReportRow.objects.filter(pk__in=pks).only("number", "public_id")
    return {
        row.pk: _("row %(n)d (%(code)s)") % {"n": row.number, "code": row.public_id} for row in rows
    }


def account_name(user: User, viewer: User) -> str:
    """The account holder's name, masked like the person's."""
    person = getattr(user, "person", None)
    return name_of(person, viewer) if person is not None else user.get_full_name()


def masker_for(viewer: User, changes: Iterable[Change]) -> Callable[[Change, str], str | None]:
    """Masks what rows of persons with protected identity say of them; one query."""
    persons: set[int] = set()
    accounts: set[int] = set()
    for change in changes:
        if change.model is Person:
            persons.add(int(change.pk))
        elif change.model is User:
            accounts.add(int(change.pk))
        elif change.after.get("recipient_id"):
            accounts.add(change.after["recipient_id"])
    hidden = set()
    if persons or accounts:
        protected = Person.objects.filter(protected=True).select_related("unit")
        for person in protected.filter(pk__in=persons) | protected.filter(user__in=accounts):
            if not may_see(person, viewer):
                hidden |= {(Person, str(person.pk)), (User, str(person.user_id))}

    def mask(change: Change, field: str) -> str | None:
        if field in TECHNICAL:
            return ""
        if field in PERSONAL and (
            (change.model, change.pk) in hidden
            or (User, str(change.after.get("recipient_id"))) in hidden
        ):
            return _("Protected identity")
        return None

    return mask


def hidden_actors(actor_ids: Collection[str], viewer: User) -> set[str]:
    """The actors whose names the viewer may not read; one query."""
    pks = {int(id.removeprefix("user:")) for id in actor_ids if id.startswith("user:")}
    rows = Person.objects.filter(protected=True, user__in=pks).select_related("unit")
    return {f"user:{row.user_id}" for row in rows if not may_see(row, viewer)}
