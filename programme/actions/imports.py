"""Nominating many: keep what was checked, and carry all of it out or nothing."""

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.operations import operation
from forms_app.answers import current_version
from forms_app.schema import FormSchema
from people.access import actor_of
from people.models import User
from programme import access
from programme.actions.nominate import nominate
from programme.errors import NominationRefused, NotAllowed, Refused, Stale
from programme.imports.preview import check_table
from programme.imports.reader import Table
from programme.models import ImportBatch, NominationKind, Wave


@transaction.atomic
def prepare(
    *,
    table: Table,
    content: bytes,
    file_name: str,
    wave: Wave,
    kind: NominationKind,
    actor: User,
) -> ImportBatch:
    """Check the table and keep the result for its owner's yes; nobody is nominated yet."""
    if not access.nominating_organisations(actor).exists():
        raise NotAllowed
    version = current_version(kind.form.key)
    rows = check_table(
        table,
        schema=FormSchema.from_plain(version.schema),
        wave=wave,
        kind=kind,
        actor=actor,
        day=timezone.localdate(),
    )
    with operation("nomination.import_preview", actor=actor_of(actor)):
        return ImportBatch.objects.create(
            owner=actor,
            wave=wave,
            kind=kind,
            version=version,
            file_name=file_name[:120],
            sha256=hashlib.sha256(content).hexdigest(),
            rows=[row.to_plain() for row in rows],
        )


@transaction.atomic
def confirm(
    *, batch_id: int, actor: User, each: Callable[[], object] = lambda: None
) -> ImportBatch:
    """Nominate everyone in the batch; done twice it nominates once.

    Everything is checked again, since others may have nominated in the meantime.

    :param each: called before each row; what it raises undoes everything.
    """
    batch = (
        ImportBatch.objects.select_for_update(of=("self",))
        .select_related("wave", "kind__category", "kind__form", "kind__workflow", "version")
        .get(pk=batch_id)
    )
    if batch.owner_id != actor.pk:
        raise NotAllowed
    if batch.state == ImportBatch.State.DONE:
        return batch
    if not batch.rows or any(row["errors"] for row in batch.rows):
        raise Refused(_("Correct every row first. Nobody has been nominated."))
    if current_version(batch.kind.form.key) != batch.version:
        raise Stale
    with operation(
        "nomination.import",
        actor=actor_of(actor),
        subject=f"import {batch.public_id}",
        reason=_("%(count)s persons from a file") % {"count": len(batch.rows)},
    ):
        for row in batch.rows:
            each()
            try:
                nominate(wave=batch.wave, kind=batch.kind, raw=row["raw"], actor=actor)
            except (NominationRefused, NotAllowed) as error:
                raise Refused(
                    _("Row %(row)s can no longer be nominated: %(why)s Nobody has been nominated.")
                    % {"row": row["number"], "why": error.message}
                ) from error
        batch.state = ImportBatch.State.DONE
        batch.done_at = timezone.now()
        # The answers now stand in the submissions; a second copy would outlive them.
        batch.rows = [{**row, "raw": {}} for row in batch.rows]
        batch.save(update_fields=["state", "done_at", "rows"])
    return batch


def nominated_in_words(number: int) -> str:
    """How many have been nominated."""
    return ngettext(
        "%(count)s person is nominated.", "%(count)s persons are nominated.", number
    ) % {"count": number}
