"""A1: whatever way a row of a tracked model changes, exactly one event tells of it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tablib
from django.core import serializers
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F
from import_export.resources import modelresource_factory

from audit import registry
from audit.models import InboxEvent
from audit.operations import operation
from people.models import Role
from tests.audit.builders import capture_by, capture_of, changeable, make, other_value, unsaved

pytestmark = pytest.mark.django_db

EVENTS = ("insert", "update", "delete")
TRACKED = sorted(registry.tracked_models(), key=lambda model: model._meta.label)


def save_new(row: Any) -> str:
    models.Model.save(row, force_insert=True)
    return "+"


def bulk_create(row: Any) -> str:
    type(row)._base_manager.bulk_create([row])
    return "+"


def get_or_create(row: Any) -> str:
    model = type(row)
    values = values_of(row)
    model._base_manager.get_or_create(
        **{model._meta.pk.attname: values.get(model._meta.pk.attname, 987_654)}, defaults=values
    )
    return "+"


def raw_insert(row: Any) -> str:
    with connection.cursor() as cursor:
        compiler = models.sql.InsertQuery(type(row))
        fields = [f for f in row._meta.concrete_fields if not isinstance(f, models.AutoField)]
        compiler.insert_values(fields, [row])
        for sql, params in compiler.get_compiler("default").as_sql():
            cursor.execute(sql, params)
    return "+"


def load_data(row: Any) -> str:
    if row.pk is None:
        row.pk = 987_655
    text = serializers.serialize("json", [row])
    for read in serializers.deserialize("json", text):
        read.save()
    return "+"


def save_again(row: Any) -> str:
    return _changed(row, lambda field: models.Model.save(row))


def save_without_historical_record(row: Any) -> str:
    return _changed(row, lambda field: row.save_without_historical_record())


def bulk_update(row: Any) -> str:
    return _changed(row, lambda field: type(row)._base_manager.bulk_update([row], [field.name]))


def queryset_update(row: Any) -> str:
    return _changed(
        row,
        lambda field: _itself(row).update(**{field.name: getattr(row, field.attname)}),
    )


def update_by_expression(row: Any) -> str:
    """With F(), as simple-history's signals cannot follow it."""
    with_numbers = [
        f
        for f in row._meta.concrete_fields
        if isinstance(f, models.IntegerField)
        and not f.primary_key
        and not f.unique
        and f.remote_field is None
        and not f.null
        # A column left out of history is no event by itself.
        and f.name not in row.history.model._history_excluded_fields
    ]
    if not with_numbers or isinstance(row, Role):
        return queryset_update(row)
    models.Model.save(row, force_insert=True)
    _itself(row).update(**{with_numbers[0].name: F(with_numbers[0].name) + 1})
    return "+~"


def upsert(row: Any) -> str:
    return _changed(
        row,
        lambda field: type(row)._base_manager.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=[row._meta.pk.name],
            update_fields=[field.name],
        ),
    )


def raw_update(row: Any) -> str:
    def write(field: Any) -> None:
        value = field.get_db_prep_save(getattr(row, field.attname), connection)
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s'
                f' WHERE "{row._meta.pk.column}" = %s',
                [value, row.pk],
            )

    return _changed(row, write)


def _changed(row: Any, write: Callable[[Any], Any]) -> str:
    models.Model.save(row, force_insert=True)
    field = changeable(type(row))
    setattr(row, field.attname, other_value(field, row))
    write(field)
    return "+~"


def _itself(row: Any) -> Any:
    """The saved row, as rows to write to."""
    return type(row)._base_manager.filter(pk=row.pk)


def delete(row: Any) -> str:
    models.Model.save(row, force_insert=True)
    models.Model.delete(row)
    return "+-"


def queryset_delete(row: Any) -> str:
    models.Model.save(row, force_insert=True)
    _itself(row).delete()
    return "+-"


def delete_without_signals(row: Any) -> str:
    models.Model.save(row, force_insert=True)
    _itself(row)._raw_delete("default")
    return "+-"


def raw_delete(row: Any) -> str:
    models.Model.save(row, force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{row._meta.db_table}" WHERE "{row._meta.pk.column}" = %s', [row.pk]
        )
    return "+-"


PATHS = [
    save_new, bulk_create, get_or_create, raw_insert, load_data,
    save_again, save_without_historical_record, bulk_update, queryset_update,
    update_by_expression, upsert, raw_update,
    delete, queryset_delete, delete_without_signals, raw_delete,
]  # fmt: skip


def values_of(row: Any) -> dict[str, Any]:
    """What the row holds in each column but a number that the database gives."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    }


def events_of(model: Any) -> list[str]:
    """The kinds of the model's events, oldest first."""
    table = model._meta.db_table
    return list(InboxEvent.objects.filter(table=table).order_by("id").values_list("op", flat=True))


@pytest.mark.parametrize("by_statement", [False, True], ids=["by row", "by statement"])
@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_each_changed_row_is_one_event(model: Any, by_statement: bool) -> None:
    """Whichever of the two ways the model has chosen: every model is tried with both."""
    capture_by(model, by_statement=by_statement)
    with transaction.atomic(), operation("test.write", reason="prov") as id:
        row = unsaved(model)  # and whatever it points to
        wrong = [
            f"{path.__name__}: {fault}"
            for path in PATHS
            for fault in faults(path, model(**values_of(row)), str(id))
        ]
    assert wrong == []


def faults(path: Callable[[Any], str], row: Any, operation_id: str) -> Iterator[str]:
    """What the events do not tell of the write as they should; the write is taken back."""
    model = type(row)
    before, rows_before = events_of(model), model._base_manager.count()
    try:
        with transaction.atomic():
            expected = path(row)
            connection.check_constraints()
            yield from untold(model, events_of(model)[len(before) :], expected, rows_before)
            if str(model.history.latest().operation_id) != operation_id:
                yield "another operation"
            transaction.set_rollback(True)
    except DatabaseError as error:
        # Frozen and kept rows: the database refuses, and then there is nothing to tell.
        if not re.search("refused|frozen|Cannot (delete|update)", str(error)):
            yield f"broke: {error}"
    if events_of(model) != before or model._base_manager.count() != rows_before:
        yield "something is left of what was taken back"


def untold(model: Any, events: list[str], expected: str, rows_before: int) -> Iterator[str]:
    """Where events, rows and history do not say the same."""
    if "".join(events) != expected:
        yield f"{events}, not {expected}"
    if events.count("+") - events.count("-") != model._base_manager.count() - rows_before:
        yield "not as many events as rows"
    if model.history.count() != InboxEvent.objects.filter(table=model._meta.db_table).count():
        yield "not as many events as lines of history"


def test_bulk_import_leaves_an_event_for_each_row(operation: None) -> None:
    resource = modelresource_factory(Role)()
    resource._meta.use_bulk = True
    resource._meta.import_id_fields = ["key"]
    resource._meta.force_init_instance = True
    data = tablib.Dataset(["one", "One"], ["two", "Two"], headers=["key", "name"])
    before = len(events_of(Role))

    result = resource.import_data(data, raise_errors=True)

    assert result.totals["new"] == 2
    assert events_of(Role)[before:] == ["+", "+"]


def test_cascade_in_the_database_leaves_an_event_for_each_row(operation: None) -> None:
    from people.models import Notice, NoticeVersion

    version = make(NoticeVersion)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'people_noticeversion'::regclass"
            " AND confrelid = 'people_notice'::regclass"
        )
        name = cursor.fetchone()[0]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE people_noticeversion DROP CONSTRAINT {name}")
        cursor.execute(
            "ALTER TABLE people_noticeversion ADD FOREIGN KEY (notice_id)"
            " REFERENCES people_notice ON DELETE CASCADE"
        )
        cursor.execute("DELETE FROM people_notice WHERE id = %s", [version.notice_id])

    assert events_of(Notice)[-1] == "-"
    assert events_of(NoticeVersion)[-1] == "-"


def test_a_change_that_changes_nothing_leaves_nothing(operation: None) -> None:
    role = make(Role)
    before = len(events_of(Role))

    role.save()

    assert len(events_of(Role)) == before


@pytest.mark.parametrize("path", [bulk_create, queryset_update, raw_update, raw_delete])
def test_without_the_trigger_the_same_writes_leave_nothing(
    path: Callable[[Any], str], operation: None
) -> None:
    """Negative control: simple-history alone records none of these."""
    capture_of(Role).uninstall(Role)

    path(unsaved(Role))

    assert not events_of(Role)


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_every_tracked_table_has_its_triggers(model: Any) -> None:
    names = {str(trigger.name) for trigger in registry.triggers_of(model)}
    history = {trigger.name for trigger in registry.triggers_of(model.history.model)}

    capture = {name for name in names if name.startswith("audit_capture")}
    assert capture in ({"audit_capture"}, {f"audit_capture_{event}" for event in EVENTS})
    assert "audit_no_truncate" in names
    assert history == {"audit_to_inbox", "audit_append_only", "audit_no_truncate"}
