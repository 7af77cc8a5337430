"""Every write of this room: lock, check, write, under an operation.

``actor`` is the account that acts; none means the installation itself (a command
that lays the ground), which the operation around it then names.
"""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import ReadEvent
from audit.operations import Actor, current_caller, operation
from people import access, groups, identity, organisations
from people.access import NotAllowed, actor_of
from people.models import (
    Capability,
    Identity,
    Notice,
    NoticeVersion,
    Organisation,
    Person,
    Receipt,
    Role,
    RoleAssignment,
    User,
)


class Refused(Exception):
    """The change is not made; ``message`` says why."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(str(message))
        self.message = message


def _who(actor: User | None) -> Actor:
    return actor_of(actor) if actor else current_caller.get().actor


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name: str,
    kind: Organisation.Kind,
    parent: Organisation | None,
    valid_from: datetime.date,
    actor: User | None,
    short_name: str = "",
    board: str = "",
    organisation_number: str = "",
    service_area: str = "",
    valid_to: datetime.date | None = None,
) -> Organisation:
    """Write a new organisation under its parent."""
    _ensure(actor, Capability.MANAGE_ACCOUNTS)
    with operation("organisation.create", actor=_who(actor), subject=code[:80]):
        return organisations.add(
            parent=parent,
            code=code,
            name=name,
            short_name=short_name or name[:80],
            kind=kind,
            board=board,
            organisation_number=organisation_number,
            service_area=service_area,
            valid_from=valid_from,
            valid_to=valid_to,
        )


@transaction.atomic
def merge_organisations(
    *,
    predecessors: list[Organisation],
    successor: Organisation,
    on: datetime.date,
    actor: User | None,
    reason: str = "",
) -> None:
    """From the day on the successor stands for the others; their facts stay theirs (R-030)."""
    _ensure(actor, Capability.MANAGE_ACCOUNTS)
    with operation("organisation.merge", actor=_who(actor), reason=reason, subject=successor.code):
        organisations.merge_into(predecessors=predecessors, successor=successor, on=on)


@transaction.atomic
def create_person(
    *,
    first_name: str,
    last_name: str,
    unit: Organisation,
    actor: User | None,
    email: str = "",
    job_role: str = "",
    sex: str = "",
    is_manager: bool = False,
    publicly_employed: bool = True,
    protected: bool = False,
    user: User | None = None,
) -> Person:
    """Write down an employee, whether or not there is an account."""
    person = Person(
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        unit=unit,
        email=email.strip().lower(),
        job_role=job_role,
        sex=sex,
        is_manager=is_manager,
        publicly_employed=publicly_employed,
        protected=protected,
        user=user,
    )
    person.full_clean()
    with operation("person.create", actor=_who(actor)):
        person.save()
    return person


EDITABLE = frozenset(
    {
        "first_name",
        "last_name",
        "email",
        "job_role",
        "sex",
        "is_manager",
        "publicly_employed",
        "protected",
    }
)


@transaction.atomic
def update_person(
    *, person: Person, actor: User | None, reason: str = "", **changes: Any
) -> Person:
    """Correct what is written about a person; the history keeps what it said."""
    if unknown := set(changes) - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    current = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    for name, value in changes.items():
        setattr(current, name, value)
        setattr(person, name, value)
    current.full_clean()
    with operation("person.update", actor=_who(actor), reason=reason):
        current.save(update_fields=sorted(changes))
    return person


@transaction.atomic
def move_person(
    *, person: Person, unit: Organisation, actor: User | None, reason: str = ""
) -> Person:
    """Let the person work at another unit from now on."""
    current = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    with operation("person.move", actor=_who(actor), reason=reason):
        current.unit = unit
        current.save(update_fields=["unit"])
    person.unit = unit
    return person


@transaction.atomic
def create_user(
    *,
    email: str,
    first_name: str,
    last_name: str,
    actor: User | None,
    password: str | None = None,
    person: Person | None = None,
) -> User:
    """Open an account; without a password its owner chooses one through a reset."""
    _ensure(actor, Capability.MANAGE_ACCOUNTS)
    if User.objects.filter(email=email.strip().lower()).exists():
        raise Refused(_("There is already an account with that address."))
    with operation("user.create", actor=_who(actor)):
        user = User.objects.create_user(
            email.strip(), password, first_name=first_name.strip(), last_name=last_name.strip()
        )
        if person is not None:
            person.user = user
            person.save(update_fields=["user"])
    return user


@transaction.atomic
def deactivate_user(*, user: User, actor: User | None, reason: str = "") -> User:
    """Close an account: it is signed out everywhere, its roles end, its history stays."""
    _ensure(actor, Capability.MANAGE_ACCOUNTS)
    if actor is not None and actor.pk == user.pk:
        raise Refused(_("You cannot close your own account. Ask a colleague."))
    current = User.objects.select_for_update().get(pk=user.pk)
    with operation("user.deactivate", actor=_who(actor), reason=reason):
        current.is_active = False
        # A session is tied to the password's hash: with a new one, every session is dead,
        # and stays so if the account is opened again.
        current.set_unusable_password()
        current.save(update_fields=["is_active", "password"])
        for held in RoleAssignment.objects.select_for_update().filter(user=current):
            _end(held, timezone.localdate())
        groups.sync(current)
    user.is_active, user.password = False, current.password
    access.forget(user)
    return user


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: Role | str,
    organisation: Organisation,
    actor: User | None,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
    reason: str = "",
) -> RoleAssignment:
    """Grant a role for an organisation during a period; nobody raises their own rights."""
    _ensure(actor, Capability.MANAGE_ACCOUNTS, organisation)
    if actor is not None and actor.pk == user.pk:
        raise Refused(_("You cannot change your own roles. Ask a colleague."))
    # Locking the account makes two grants of the same role wait for each other.
    current = User.objects.select_for_update().get(pk=user.pk)
    start = valid_from or timezone.localdate()
    if valid_to is not None and valid_to < start:
        raise Refused(_("The role cannot end before it begins."))
    if not current.is_active:
        raise Refused(_("The account is closed."))
    person = Person.objects.filter(user=current).exclude(last_day=None).first()
    if person is not None and (valid_to is None or person.has_left(valid_to)):
        raise Refused(
            _("The person's employment ends %(day)s. The role can be held until then.")
            % {"day": f"{person.last_day:%Y-%m-%d}"}
        )
    held = role if isinstance(role, Role) else Role.objects.get(pk=role)
    if Capability.EVALUATE in held.capabilities and valid_to is None:
        raise Refused(_("The evaluator's role is held for a limited time. Give its last day."))
    role_id = held.pk
    overlapping = RoleAssignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=start),
        user=current,
        role_id=role_id,
        organisation=organisation,
    )
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_to)
    if overlapping.exists():
        raise Refused(_("The account already holds the role during that time."))
    with operation("role.assign", actor=_who(actor), reason=reason, subject=role_id):
        assignment = RoleAssignment.objects.create(
            user=current,
            role_id=role_id,
            organisation=organisation,
            valid_from=start,
            valid_to=valid_to,
        )
        groups.sync(current)
    access.forget(user)
    return assignment


@transaction.atomic
def end_role(
    *,
    assignment: RoleAssignment,
    actor: User | None,
    on: datetime.date | None = None,
    reason: str = "",
) -> RoleAssignment:
    """End a role; ``on`` is the first day without it (today when none is given)."""
    current = (
        RoleAssignment.objects.select_for_update(of=("self",))
        .select_related("organisation", "user")
        .get(pk=assignment.pk)
    )
    _ensure(actor, Capability.MANAGE_ACCOUNTS, current.organisation)
    if actor is not None and actor.pk == current.user_id:
        raise Refused(_("You cannot change your own roles. Ask a colleague."))
    with operation("role.end", actor=_who(actor), reason=reason, subject=current.role_id):
        _end(current, on or timezone.localdate())
        groups.sync(current.user)
    access.forget(assignment.user)
    return current


def _end(held: RoleAssignment, first_day_without: datetime.date) -> None:
    last = first_day_without - datetime.timedelta(days=1)
    if held.valid_to is not None and held.valid_to <= last:
        return
    if held.valid_from > last:
        # It never counted for a whole day: the row goes, the history stays.
        held.delete()
        return
    held.valid_to = last
    held.save(update_fields=["valid_to"])


@transaction.atomic
def store_identity(*, person: Person, number: str, actor: User | None) -> Identity:
    """Put a person's number in the vault, or correct the one that is there.

    :raises identity.BadIdentityNumber: when it is not a usable number.
    :raises Refused: when somebody else already has it.
    """
    checked = identity.parse(number)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    with operation("identity.store", actor=_who(actor)):
        try:
            with transaction.atomic():
                stored, _created = Identity.objects.update_or_create(
                    person=person,
                    defaults={
                        "kind": checked.kind,
                        "ciphertext": identity.encrypt(person.pk, checked.number12),
                        "digest": identity.digest(checked.number12),
                    },
                )
        except IntegrityError:
            # Raised anew without its cause: the database's message holds the row.
            raise Refused(_("Another person already has this number.")) from None
    return stored


@transaction.atomic
def reveal_identity(*, person: Person, reason: str, actor: User) -> str:
    """Show a whole number to someone who may and says why; the showing is written down."""
    unit = Organisation.objects.get(pk=person.unit_id)
    access.ensure(actor, Capability.REVEAL_IDENTITY, unit)
    if person.protected and not access.may_see_protected(actor, unit):
        raise NotAllowed
    if len(reason.strip()) < 10:
        raise Refused(_("Write why you need the number, in at least ten characters."))
    stored = Identity.objects.filter(person=person).first()
    if stored is None:
        raise Refused(_("No number is kept for this person."))
    who, caller = actor_of(actor), current_caller.get()
    ReadEvent.objects.create(
        name="identity.reveal",
        subject=person.public_id,
        reason=reason.strip(),
        actor_id=who.id,
        actor_name=who.name,
        request_id=caller.request_id,
    )
    return identity.decrypt(stored)


@transaction.atomic
def publish_notice(
    *, key: str, title: str, body: str, actor: User | None, name: str = ""
) -> NoticeVersion:
    """Publish a new version of an information text; the old ones stay as they were."""
    _ensure(actor, Capability.MANAGE_PROGRAMME)
    with operation("notice.publish", actor=_who(actor), subject=key):
        Notice.objects.get_or_create(key=key, defaults={"name": name or title})
        notice = Notice.objects.select_for_update().get(key=key)
        last = notice.versions.order_by("-number").first()
        return NoticeVersion.objects.create(
            notice=notice,
            number=last.number + 1 if last else 1,
            title=title,
            body=body,
            published_at=timezone.now(),
        )


@transaction.atomic
def record_receipt(
    *, person: Person, version: NoticeVersion, channel: str, actor: User | None
) -> Receipt:
    """Write down that the person has taken part of the text; the first time counts."""
    with operation("notice.receipt", actor=_who(actor)):
        receipt, _created = Receipt.objects.get_or_create(
            person=person,
            version=version,
            defaults={"received_at": timezone.now(), "channel": channel},
        )
    return receipt


def _ensure(actor: User | None, capability: str, organisation: Organisation | None = None) -> None:
    if actor is not None:
        access.ensure(actor, capability, organisation)
