"""History for tracked models.

``django-simple-history`` gives the models and the reading API; PostgreSQL
triggers write the rows, so nothing that changes a row can leave history out.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from audit import triggers


class OperationStamp(models.Model):
    """Columns that every history row has besides the row it copies."""

    operation_id = models.UUIDField(db_index=True, editable=False, null=True)

    class Meta:
        abstract = True


class TriggeredRecords(HistoricalRecords):
    """Historical records whose models carry the triggers that write them.

    The triggers lie in ``Meta.triggers`` of both models, where django-pgtrigger
    finds them, so that ``makemigrations`` carries them like any other option.
    """

    def __init__(
        self, *, quiet: Sequence[str], kept: str, by_statement: bool, **kwargs: Any
    ) -> None:
        self.quiet = list(quiet)
        self.kept = kept
        self.by_statement = by_statement
        self._undated = "history_date" in kwargs.get("no_db_index", ())
        super().__init__(**kwargs)

    @property
    def _date_indexing(self) -> bool | str:
        """simple-history asks one setting for all models; here each model has its say."""
        return False if self._undated else super()._date_indexing

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """simple-history's options and the triggers of the history table."""
        primary_key = triggers.primary_key_of(model)
        return {
            **super().get_meta_options(model),
            "triggers": triggers.to_inbox(
                model._meta.db_table, primary_key, by_statement=self.by_statement
            ),
        }

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        """Make the history model, then give the tracked one its triggers."""
        super().finalize(sender, **kwargs)
        if self.cls is not sender:
            return
        added = triggers.capture(
            getattr(sender, self.manager_name).model._meta.db_table,
            triggers.primary_key_of(sender),
            triggers.columns_of(sender, self.excluded_fields),
            triggers.columns_of(sender, self.quiet),
            by_statement=self.by_statement,
        )
        if self.kept:
            added.append(triggers.never_deleted(self.kept))
        options: Any = sender._meta
        options.triggers = [*getattr(options, "triggers", []), *added]
        # Migrations read what the class body said; say it there too.
        options.original_attrs["triggers"] = options.triggers


def tracked(
    *,
    exclude: Sequence[str] = (),
    secret: Sequence[str] = (),
    kept: str = "",
    by_statement: bool = False,
    unindexed: Sequence[str] = (),
) -> TriggeredRecords:
    """History for a model: ``history = tracked()`` in its body.

    :param exclude: columns that never enter history or the inbox, and whose
        change alone is no event.
    :param secret: columns whose values never enter history or the inbox, but
        whose change is an event (passwords, ciphertext).
    :param kept: why rows are never deleted; the database refuses it then.
    :param by_statement: history is written once for all rows of a statement. The same
        rows and events; much cheaper where a statement writes hundreds of rows, a little
        dearer where it writes one.
    :param unindexed: columns, `history_date` among them, that nobody looks history up by; every index has its cost in
        every write. A row's history is found by its key and its operation.
    """
    return TriggeredRecords(
        bases=[OperationStamp],
        excluded_fields=[*exclude, *secret],
        no_db_index=list(unindexed),
        quiet=exclude,
        kept=kept,
        by_statement=by_statement,
        history_change_reason_field=models.TextField(null=True),
        # The actor is text, never a foreign key that can be set to NULL.
        history_user_id_field=models.CharField(max_length=64, null=True, editable=False),
        history_user_getter=lambda historical: historical.history_user_id,
        history_user_setter=lambda historical, user: None,
        cascade_delete_history=False,
    )
