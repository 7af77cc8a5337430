"""History written once for a statement says the same as history written row by row."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from audit import drift
from audit.history import tracked
from audit.models import InboxEvent
from audit.operations import operation
from people.models import Role, User
from programme.models import CountedTime, Occasion
from tests.audit.builders import capture_by, captures_of, make

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("by_statement", [False, True], ids=["by row", "by statement"])
KEYS = ["a", "b", "c"]


@pytest.fixture
def roles(operation: None) -> list[Role]:
    capture_by(Role, by_statement=True)
    return Role.objects.bulk_create(
        [Role(key=key, name=key.upper(), capabilities=[]) for key in KEYS]
    )


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def told() -> list[tuple[str, str]]:
    """Kind and key of each event of the roles, oldest first."""
    events = InboxEvent.objects.filter(table="people_role", row_id__in=[*KEYS, "d"])
    return list(events.order_by("id").values_list("op", "row_id"))


def test_one_statement_of_many_rows_is_an_event_for_each(roles: list[Role]) -> None:
    Role.objects.filter(key__in=KEYS).update(name="Same")
    Role.objects.filter(key__in=["a", "b"]).delete()

    assert told()[:3] == [("+", key) for key in KEYS]
    assert sorted(told()[3:6]) == [("~", key) for key in KEYS]
    assert sorted(told()[6:]) == [("-", "a"), ("-", "b")]
    assert set(Role.history.filter(key="c").values_list("history_type", "name")) == {
        ("+", "C"),
        ("~", "Same"),
    }


def test_only_the_rows_that_changed_are_told(roles: list[Role]) -> None:
    run("UPDATE people_role SET name = CASE key WHEN 'b' THEN 'Other' ELSE name END")
    Role.objects.update(name="Other")
    Role.objects.update(name="Other")

    changes = [key for kind, key in told() if kind == "~"]
    assert changes[0] == "b"
    assert sorted(changes[1:]) == ["a", "c"]


def test_a_row_that_gets_another_key_is_a_change(roles: list[Role]) -> None:
    run("UPDATE people_role SET key = 'd' WHERE key = 'a'")

    assert told()[3:] == [("~", "d")]


def test_a_statement_that_adds_and_changes_tells_both(roles: list[Role]) -> None:
    run(
        "INSERT INTO people_role (key, name, capabilities) VALUES ('c', 'New', '{}'),"
        " ('d', 'D', '{}') ON CONFLICT (key) DO UPDATE SET name = excluded.name"
    )

    assert sorted(told()[3:]) == [("+", "d"), ("~", "c")]


def test_a_statement_with_several_writes_in_it_tells_them_all(roles: list[Role]) -> None:
    run(
        "WITH gone AS (DELETE FROM people_role WHERE key = 'a' RETURNING key),"
        " moved AS (UPDATE people_role SET name = 'M' WHERE key = 'b' RETURNING key)"
        " INSERT INTO people_role (key, name, capabilities) SELECT 'd', gone.key, '{}' FROM gone, moved"
    )

    assert sorted(told()[3:]) == [("+", "d"), ("-", "a"), ("~", "b")]


def test_rows_that_are_copied_in_are_told(roles: list[Role]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY people_role (key, name, capabilities) FROM STDIN") as copy,
    ):
        copy.write_row(("d", "D", "{}"))

    assert told()[3:] == [("+", "d")]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO people_role (key, name, capabilities) VALUES ('d', 'D', '{}')",
        "UPDATE people_role SET name = 'x'",
        "DELETE FROM people_role WHERE key = 'c'",
    ],
)
def test_outside_an_operation_each_kind_is_refused(sql: str) -> None:
    with transaction.atomic(), operation("test.roles"):
        Role.objects.create(key="c", name="C", capabilities=[])
    capture_by(Role, by_statement=True)

    with pytest.raises(ProgrammingError, match="outside an operation"), transaction.atomic():
        run(sql)

    for trigger in captures_of(Role):
        trigger.uninstall(Role)
    for kind in ("insert", "update", "delete"):
        run(f"DROP TRIGGER IF EXISTS {pgid_by_statement(kind)} ON people_role")
    run(sql)  # the control: without the triggers nobody asks for an operation


def pgid_by_statement(kind: str) -> str:
    """The name in the database of one of the three."""
    [trigger] = [one for one in captures_of(CountedTime) if one.name.endswith(kind)]
    return str(trigger.get_pgid(Role))


def test_a_statement_that_meets_no_row_needs_no_operation() -> None:
    capture_by(Role, by_statement=True)

    Role.objects.filter(key="nobody").update(name="x")
    Role.objects.filter(key="nobody").delete()


@BOTH
def test_what_is_never_copied_is_not_in_either(by_statement: bool, operation: None) -> None:
    capture_by(User, by_statement=by_statement)
    user = make(User, password="first-secret")
    events = InboxEvent.objects.filter(table="people_user")
    before = events.count()

    User.objects.filter(pk=user.pk).update(password="second-secret")
    User.objects.filter(pk=user.pk).update(last_login="2026-01-01T00:00:00Z")

    assert events.count() == before + 1
    assert not events.filter(payload__contains="secret").exists()


def test_both_ways_write_the_same_history_and_the_same_events(operation: None) -> None:
    written: list[Any] = []
    rows = [make(Occasion), make(Occasion)]
    for by_statement in (False, True):
        capture_by(Occasion, by_statement=by_statement)
        Occasion.objects.update(title=f"moved {by_statement}", online=False)
        Occasion.objects.update(title="", online=True, breaks=[{"a": [1, None, "å"]}])
        history = Occasion.history.order_by("-history_id")[: len(rows)]
        events = InboxEvent.objects.filter(table="programme_occasion").order_by("-id")
        own = ("history_id", "history_date")
        written.append(
            [
                sorted(
                    (
                        {key: value for key, value in row.items() if key not in own}
                        for row in history.values()
                    ),
                    key=str,
                ),
                sorted(
                    without(event.payload, *own) + event.op + event.row_id + event.db_user
                    for event in events[: len(rows)]
                ),
            ]
        )

    assert written[0] == written[1]


def without(payload: str, *keys: str) -> str:
    """The payload's own text, without what differs between any two."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb - %s::text[])::text", [payload, list(keys)])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize("kind", ["insert", "update", "delete"])
def test_each_of_the_three_triggers_is_missed(kind: str) -> None:
    [trigger] = [one for one in captures_of(CountedTime) if one.name.endswith(kind)]
    assert drift.problems("default") == []

    trigger.uninstall(CountedTime)

    assert f"the trigger {trigger.get_pgid(CountedTime)} is missing" in str(
        drift.problems("default")
    )


def test_a_trigger_that_sees_other_rows_is_found() -> None:
    """The function reads its rows by name; a trigger that gives it others is not ours."""
    [trigger] = [one for one in captures_of(CountedTime) if one.name.endswith("update")]
    sql = str(trigger.compile(CountedTime).install_sql)

    run(sql.replace("OLD TABLE AS old_rows", "OLD TABLE AS new_rows", 1)
        .replace("NEW TABLE AS new_rows", "NEW TABLE AS old_rows", 1))  # fmt: skip

    assert "does something else" in str(drift.problems("default"))


def test_a_model_chooses_its_way_where_it_says_tracked() -> None:
    assert not tracked().by_statement
    assert tracked(by_statement=True).by_statement
    assert [trigger.name for trigger in captures_of(Role)] == ["audit_capture"]
    assert len(captures_of(CountedTime)) == 3
