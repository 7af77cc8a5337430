"""The lean statements do what the framework's own do, and hide nothing from whoever counts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import lean
from tests.workflows.builders import build_world, use_kind, version_of
from workflows.models import Case

pytestmark = pytest.mark.usefixtures("operation")


@pytest.fixture
def kept() -> Case:
    use_kind()
    build = build_world()
    row = Case(
        reference="B-1",
        kind="bench",
        version=version_of(),
        organisation=build.unit,
        initiator=build["chef"],
        data={"place": "vid sjön", "cost": 1.5},
        data_digest="0" * 64,
        state="waiting",
        opened_at=timezone.now(),
    )
    lean.insert([row])
    return row


def test_a_row_is_written_and_read_as_the_framework_does(kept: Case) -> None:
    theirs = Case.objects.select_related("organisation", "initiator").get(pk=kept.pk)
    (ours,) = lean.select(
        Case, "WHERE t.id = %s", [kept.pk], joined=["organisation", "initiator", "concerns"]
    )
    names = [field.attname for field in Case._meta.concrete_fields]
    assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]
    assert ours.organisation.name == theirs.organisation.name
    assert ours.initiator.email == theirs.initiator.email
    with CaptureQueriesContext(connection) as queries:
        assert ours.concerns is None
    assert len(queries) == 0


def test_only_the_named_columns_are_changed(kept: Case) -> None:
    kept.state, kept.round = "approved", 7
    lean.update(kept, ["state"])
    kept.refresh_from_db()
    assert (kept.state, kept.round) == ("approved", 1)


def test_rows_that_are_there_are_left_alone(kept: Case) -> None:
    again = Case(**{f.attname: getattr(kept, f.attname) for f in Case._meta.concrete_fields[1:]})
    lean.insert([again], ignore_conflicts=True)
    assert Case.objects.count() == 1
    assert again.pk is None


def test_nothing_is_written_for_no_rows() -> None:
    with CaptureQueriesContext(connection) as queries:
        lean.insert([])
    assert len(queries) == 0


def test_whoever_captures_queries_sees_them_also_when_they_are_prepared(kept: Case) -> None:
    with CaptureQueriesContext(connection) as queries:
        for _ in range(lean.PREPARE_AFTER * 3):
            lean.update(kept, ["state"])
    assert all(query["sql"].startswith("UPDATE") for query in queries)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE%'")
        assert cursor.fetchone()[0] >= 1
