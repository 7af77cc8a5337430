"""Certificates are issued, replaced when what they say no longer holds, and revoked."""

import datetime
from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Operation
from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.errors import NotAllowed, ReasonNeeded
from programme.models import Month, Participation, Statement
from reports.certificates import access, sources
from reports.certificates.content import content_of, digest_of
from reports.certificates.errors import AlreadyIssued, AlreadyRevoked, NotIssuable
from reports.certificates.sources import Basis
from reports.models import Certificate

Kind = Certificate.Kind
# Certificates that one transaction issues.
CHUNK = 100
# What a person's revocation is called; what the portal takes back itself is a replacement.
REVOKED = "certificate.revoke"


@transaction.atomic
def issue_month(*, month_id: int, actor: User | None, most: int = CHUNK) -> int:
    """Certificates of a locked month for those whose checked hours have none; how many.

    Issuing again issues only what is missing; what a person revoked stays revoked.

    :param actor: issues within their reach; nobody when it is the nightly work.
    :param most: as many at once as one transaction should hold.
    :raises NotIssuable: when the month is open.
    """
    month = Month.objects.select_for_update().get(pk=month_id)
    if actor is not None and not access.may_issue(actor):
        raise NotAllowed
    if month.state != Month.State.LOCKED:
        raise NotIssuable
    bases: list[Basis] = []
    # Not all who wait are read for the few that are issued now; some have other hours since.
    waiting = without_certificate(month, actor).iterator(most)
    while len(bases) < most and (some := list(islice(waiting, most))):
        bases += sources.months_of(some)
    name = "certificate.issue"
    with operation(name, actor=actor_of(actor) if actor else None, subject=f"{month}"):
        return len(_issue(bases[:most], actor))


def without_certificate(month: Month, user: User | None) -> QuerySet[Statement]:
    """Checked statements of the month within the user's reach that wait for a certificate.

    Who has a valid one does not wait, and neither does whoever's a person revoked.
    """
    rows = sources.issuable_statements().filter(month=month)
    if user is not None:
        rows = rows.filter(access.within(user, access.ISSUERS, "person__unit"))
    valid = _valid(Kind.MONTH).filter(month=month).values("person")
    revoked = revoked_by_hand(Kind.MONTH).filter(month=month).values("person")
    return rows.exclude(person__in=valid).exclude(person__in=revoked).order_by("pk")


def revoked_by_hand(kind: str) -> QuerySet[Certificate]:
    """Certificates that a person revoked and that nobody has issued anew.

    Nothing but a person's decision about that very certificate brings them back.
    """
    by_hand = Operation.objects.filter(name=REVOKED, subject=OuterRef("public_id"))
    return Certificate.objects.filter(
        Exists(by_hand), kind=kind, revoked_at__isnull=False, replaced_by__isnull=True
    )


def to_issue_by_hand(user: User, month: Month | None = None) -> QuerySet[Certificate]:
    """Revoked by a person, within reach, and still with something to certify.

    :param month: whose certificates; none means those of courses.
    """
    if month is None:
        rows = revoked_by_hand(Kind.COURSE).filter(
            participation__state=Participation.State.COMPLETED
        )
    else:
        issuable = sources.issuable_statements().filter(month=month).values("person")
        rows = revoked_by_hand(Kind.MONTH).filter(month=month, person__in=issuable)
    return rows.filter(access.within(user, access.ISSUERS, "person__unit"))


@transaction.atomic
def issue_anew(*, certificate_id: int, actor: User) -> Certificate:
    """A new certificate in the place of one that a person revoked; it says that it is replaced.

    :raises AlreadyIssued: when it is not revoked, or someone was faster.
    :raises NotIssuable: when there is nothing to certify now.
    """
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("person__unit")
        .get(pk=certificate_id)
    )
    access.ensure_issues(actor, row.person.unit)
    if not revoked_by_hand(row.kind).filter(pk=row.pk).exists():
        raise AlreadyIssued
    bases = _bases([row])
    if not bases:
        raise NotIssuable
    with operation("certificate.issue", actor=actor_of(actor), subject=row.public_id):
        return _issue(bases, actor)[0]


@transaction.atomic
def issue_courses(*, participation_ids: Sequence[int], actor: User | None = None) -> int:
    """Certificates for completed participations that have none; how many.

    What a person revoked stays revoked.
    """
    locked = list(
        sources.completed_participations()
        .select_for_update(of=("self",))
        .filter(pk__in=participation_ids)
        .exclude(certificates__in=_valid(Kind.COURSE))
        .exclude(certificates__in=revoked_by_hand(Kind.COURSE))
        .order_by("pk")
    )
    if actor is not None:
        for each in locked:
            access.ensure_issues(actor, each.person.unit)
    with operation("certificate.issue", actor=actor_of(actor) if actor else None):
        return len(_issue(sources.courses_of(locked), actor))


def _valid(kind: str) -> QuerySet[Certificate]:
    return Certificate.objects.filter(kind=kind, revoked_at__isnull=True)


def _issue(found: Iterable[Basis], actor: User | None) -> list[Certificate]:
    """New certificates; each takes the place of the last revoked one of the same thing."""
    # To the second: the moment is part of the file, and a file knows no parts of one.
    now = timezone.now().replace(microsecond=0)
    made = [_made(basis, actor, now) for basis in found]
    Certificate.objects.bulk_create(made)
    _link(made)
    return made


def _made(basis: Basis, actor: User | None, now: datetime.datetime) -> Certificate:
    certificate = Certificate(
        kind=basis.facts.kind,
        person=basis.person,
        participation=basis.participation,
        month=basis.month,
        course_name=basis.facts.course[:120],
        issued_at=now,
        issued_by=actor,
    )
    certificate.content = content_of(
        basis.facts,
        code=certificate.public_id,
        issued_on=timezone.localdate(now).isoformat(),
    )
    certificate.digest = digest_of(certificate.content)
    return certificate


def _link(made: Sequence[Certificate]) -> None:
    """Let revoked certificates say which one took their place."""
    by_thing = {_thing(each): each for each in made}
    rows = Certificate.objects.filter(
        person__in={each.person_id for each in made},
        revoked_at__isnull=False,
        replaced_by__isnull=True,
    ).order_by("-revoked_at", "-pk")
    for old in rows:
        # The newest revoked one only: an earlier one was replaced before, or never.
        new = by_thing.pop(_thing(old), None)
        if new is not None:
            Certificate.objects.filter(pk=old.pk).update(replaced_by=new)


def _thing(each: Certificate) -> tuple[str, int, int | None]:
    about = each.month_id if each.kind == Kind.MONTH else each.participation_id
    return each.kind, each.person_id, about


@transaction.atomic
def revoke(*, certificate_id: int, reason: str, actor: User) -> Certificate:
    """Take a certificate back with a reason; its check page says so from now on.

    :raises AlreadyRevoked: when someone was faster.
    """
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("person__unit")
        .get(pk=certificate_id)
    )
    access.ensure_issues(actor, row.person.unit)
    if not says(reason):
        raise ReasonNeeded
    if row.revoked_at is not None:
        raise AlreadyRevoked
    with operation(REVOKED, actor=actor_of(actor), reason=reason.strip(), subject=row.public_id):
        _revoke(row, reason.strip())
    return row


def _revoke(row: Certificate, reason: str) -> None:
    row.revoked_at = timezone.now()
    row.revoke_reason = reason
    row.save(update_fields=["revoked_at", "revoke_reason"])


@transaction.atomic
def refresh(*, certificate_ids: Sequence[int]) -> int:
    """Replace or revoke certificates that no longer say what is so; how many.

    A new name or changed hours revoke the old one and issue a new one. Hours that are
    not checked anew yet, or a reopened course, only revoke it. Running it again
    changes nothing.
    """
    rows = list(
        _locked(certificate_ids).select_related("month__programme", "participation").order_by("pk")
    )
    now = {(_key(basis)): basis for basis in _bases(rows)}
    changed = 0
    for row in rows:
        basis = now.get(_thing(row))
        if basis is not None and basis.facts.plain() == row.content["facts"]:
            continue
        reason = _why(row, basis)
        with operation("certificate.replace", reason=reason, subject=row.public_id):
            _revoke(row, reason)
            if basis is not None:
                _issue([basis], None)
        changed += 1
    return changed


def _locked(ids: Sequence[int]) -> QuerySet[Certificate]:
    return Certificate.objects.select_for_update(of=("self",)).filter(
        pk__in=ids, revoked_at__isnull=True
    )


def _key(basis: Basis) -> tuple[str, int, int | None]:
    about = basis.month.pk if basis.month else None
    if basis.participation is not None:
        about = basis.participation.pk
    return basis.facts.kind, basis.person.pk, about


def _bases(rows: Sequence[Certificate]) -> list[Basis]:
    months = [row for row in rows if row.kind == Kind.MONTH]
    wanted = {(row.person_id, row.month_id) for row in months}
    statements = [
        one
        for one in sources.issuable_statements().filter(
            person__in={person for person, _month in wanted},
            month__in={month for _person, month in wanted},
        )
        if (one.person_id, one.month_id) in wanted
    ]
    participations = sources.completed_participations().filter(
        pk__in=[row.participation_id for row in rows if row.kind == Kind.COURSE]
    )
    return [*sources.months_of(statements), *sources.courses_of(list(participations))]


def _why(row: Certificate, basis: Basis | None) -> str:
    if basis is None:
        if row.kind == Kind.COURSE:
            return _("The course is no longer completed.")
        return _("The hours have changed and are not checked anew.")
    before, after = row.content["facts"], basis.facts.plain()
    if before["lines"] != after["lines"]:
        return _("The hours have changed.")
    if before["name"] != after["name"]:
        return _("The name has changed.")
    return _("What the certificate says has changed.")


def uncertified_ids() -> list[int]:
    """Completed participations without a valid certificate, unless a person revoked it."""
    return list(
        Participation.objects.filter(state=Participation.State.COMPLETED)
        .exclude(certificates__in=_valid(Kind.COURSE))
        .exclude(certificates__in=revoked_by_hand(Kind.COURSE))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def valid_ids(month_id: int | None = None) -> list[int]:
    """Every certificate that is valid, or those of one month."""
    valid = Certificate.objects.filter(revoked_at__isnull=True)
    if month_id is not None:
        valid = valid.filter(month=month_id)
    return list(valid.order_by("pk").values_list("pk", flat=True))
