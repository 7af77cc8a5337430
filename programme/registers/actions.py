"""Every write of entries and frozen versions: lock, check, write, in one operation."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import said
from forms_app.answers import check, sources_for
from forms_app.models import FormVersion
from forms_app.schema import FormSchema, digest_of
from forms_app.sources import Sources
from people.access import actor_of
from people.models import Organisation, Person, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.models import Entry, Register, RegisterVersion
from programme.registers import access, targets, words
from programme.registers.errors import Invalid

#: What is linked, as it was chosen: kind and reference.
Chosen = Iterable[tuple[str, str]]


def sources(viewer: User) -> Sources:
    """What questions may choose among: the organisations of today, and no persons."""
    today = timezone.localdate()
    return sources_for(
        viewer,
        persons=Person.objects.none(),
        organisations=Organisation.objects.valid_on(today),
    )


@transaction.atomic
def add(*, register_id: int, raw: Mapping[str, Any], chosen: Chosen, actor: User) -> Entry:
    """Add an entry, with the next number of the register.

    :param raw: answers by question, as typed.
    :raises Invalid: when an answer cannot be kept.
    """
    register = _for_writing(register_id, actor)
    version, values = _checked(register, raw, actor)
    last = register.entries.aggregate(last=Max("number"))["last"] or 0
    entry = Entry(register=register, number=last + 1, version=version, values=values)
    entry.links = _links(register, chosen)
    entry.words = _searchable(entry)
    with operation("register.add", actor=actor_of(actor), subject=_subject(entry)):
        entry.save(force_insert=True)
    return entry


@transaction.atomic
def edit(
    *, entry_id: int, seen: int, raw: Mapping[str, Any], chosen: Chosen, actor: User
) -> tuple[Entry, bool]:
    """Change an entry; also says whether anything differed.

    :param seen: the edition that the page showed.
    :raises Stale: when somebody else has changed it since.
    """
    entry = _locked(entry_id, actor)
    _ensure_current(entry, seen)
    version, values = _checked(entry.register, raw, actor)
    links = _links(entry.register, chosen, entry.links)
    if values == entry.values and links == entry.links:
        return entry, False
    entry.version, entry.values, entry.links = version, values, links
    entry.words = _searchable(entry)
    entry.edition += 1
    with operation("register.edit", actor=actor_of(actor), subject=_subject(entry)):
        entry.save()
    return entry, True


@transaction.atomic
def withdraw(*, entry_id: int, seen: int, reason: str, actor: User) -> Entry:
    """Withdraw an entry, with a reason; it stays readable with its history.

    :raises Stale: when somebody else has changed it since the page was opened.
    """
    entry = _locked(entry_id, actor)
    _ensure_current(entry, seen)
    why = said(reason)
    if not why:
        raise ReasonNeeded
    entry.withdrawn_on, entry.withdrawn_reason = timezone.localdate(), why
    entry.edition += 1
    with operation("register.withdraw", actor=actor_of(actor), subject=_subject(entry), reason=why):
        entry.save()
    return entry


@transaction.atomic
def freeze(
    *, register_id: int, seen: int, decided_on: datetime.date, decision: str, actor: User
) -> RegisterVersion:
    """Keep the register as it stands as a numbered version, which is never changed.

    :param seen: the number of the newest version when the page was opened; 0 for none.
    :raises Stale: when somebody else has frozen a version since.
    """
    access.ensure_may_define(actor)
    register = Register.objects.select_for_update(of=("self",), no_key=True).get(pk=register_id)
    newest = register.versions.first()
    if (newest.number if newest else 0) != seen:
        raise Stale
    reference = said(decision)
    if not reference:
        raise Refused(_("Write which decision it is, such as its record number."))
    if decided_on > timezone.localdate():
        raise Refused(_("The day cannot lie in the future. Nothing was kept."))
    content = words.content_of(register).to_plain()
    if newest is not None and newest.digest == digest_of(content):
        raise Refused(
            _("Nothing has changed since version %(number)s, so there is nothing to freeze.")
            % {"number": newest.number}
        )
    with operation("register.freeze", actor=actor_of(actor), subject=register.key):
        return RegisterVersion.objects.create(
            register=register,
            number=seen + 1,
            decided_on=decided_on,
            decision=reference,
            content=content,
            digest=digest_of(content),
            frozen_at=timezone.now(),
            frozen_by_name=actor.get_full_name(),
        )


def _for_writing(register_id: int, actor: User) -> Register:
    """The register, locked: entries are numbered one after the other."""
    register = Register.objects.select_for_update(of=("self",), no_key=True).get(pk=register_id)
    access.ensure_may_write(actor, register)
    if not register.in_use:
        raise Refused(_("The register is no longer in use. Nothing was kept."))
    return register


def _locked(entry_id: int, actor: User) -> Entry:
    """The entry, behind the lock of its register, so that no version is frozen meanwhile."""
    register_id = Entry.objects.values_list("register_id", flat=True).get(pk=entry_id)
    register = _for_writing(register_id, actor)
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    entry.register = register
    return entry


def _ensure_current(entry: Entry, seen: int) -> None:
    if entry.edition != seen:
        raise Stale
    if entry.withdrawn_on is not None:
        raise Refused(_("The entry is withdrawn and can no longer be changed."))


def _checked(
    register: Register, raw: Mapping[str, Any], actor: User
) -> tuple[FormVersion, dict[str, Any]]:
    version = words.newest_version(register)
    if version is None:
        raise Refused(_("The register's form is not published. Nothing was kept."))
    checked = check(
        FormSchema.from_plain(version.schema), raw, viewer=actor, sources=sources(actor)
    )
    if checked.errors:
        raise Invalid(checked.errors)
    return version, checked.values


def _links(register: Register, chosen: Chosen, before: targets.Stored = ()) -> list[dict[str, str]]:
    asked = list(chosen)
    known = {one["kind"] for one in before} | set(register.links)
    stored = targets.store(asked, before) if {kind for kind, _ref in asked} <= known else None
    if stored is None:
        raise Refused(_("What you linked is no longer there. Choose something else."))
    return stored


def _searchable(entry: Entry) -> str:
    """The answers in words, since stored choices are keys that nobody searches for."""
    schemas = words.Schemas(None, [entry.version_id])
    names = words.names_for(schemas, [(entry.version_id, entry.values)])
    found = words.cells(schemas.of(entry.version_id), entry.values, entry.links, names)
    return "\n".join(found.values())


def _subject(entry: Entry) -> str:
    return f"{entry.register.key} {entry.number}"
