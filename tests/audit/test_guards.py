"""A6: nobody rewrites history, and what the owner of the tables undoes is found."""

from collections.abc import Callable

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from audit import drift, registry, roles
from audit.models import InboxEvent, Operation, ReadEvent
from audit.operations import operation
from audit.reads import record_reading
from people.models import Role, User
from tests.audit.builders import capture_of, make

pytestmark = pytest.mark.django_db

REWRITES = [
    "UPDATE audit_inbox SET payload = ''",
    "DELETE FROM audit_inbox",
    "TRUNCATE audit_inbox",
    "INSERT INTO audit_inbox (id, at, tbl, op, pk, db_user, txid, payload)"
    " SELECT id, at, tbl, op, pk, db_user, txid, payload FROM audit_inbox"
    " ON CONFLICT (id) DO UPDATE SET payload = ''",
    "ALTER TABLE audit_inbox DISABLE TRIGGER ALL",
    "DROP TRIGGER {trigger} ON people_role",
    "SET session_replication_role = replica",
    "ALTER TABLE people_role DISABLE TRIGGER {trigger}",
    "CREATE OR REPLACE FUNCTION public.audit_refuse() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE RULE quiet AS ON UPDATE TO people_role DO INSTEAD NOTHING",
    "UPDATE people_historicalrole SET name = ''",
    "DELETE FROM people_historicalrole",
    "TRUNCATE people_historicalrole",
    "INSERT INTO people_historicalrole (history_id, history_date, history_type, key, name,"
    " capabilities) VALUES (1, now(), '+', 'x', 'x', '{{}}')",
    "UPDATE audit_operation SET actor_name = ''",
    "DELETE FROM audit_operation",
    "TRUNCATE audit_operation",
    "INSERT INTO audit_operation SELECT * FROM audit_operation",
    "UPDATE audit_readevent SET actor_name = ''",
    "DELETE FROM audit_readevent",
    "TRUNCATE people_role CASCADE",
    "TRUNCATE people_user CASCADE",
    "DELETE FROM people_user",
    "SELECT audit_operation_of('{{}}')",
    "SET audit.written = ''; DELETE FROM people_historicalrole",
    "SET pgtrigger.ignore = '{{{trigger}}}'; UPDATE people_historicalrole SET name = ''",
]


def capture_of_roles() -> str:
    return str(capture_of(Role).get_pgid(Role))


@pytest.fixture
def history(operation: None) -> None:
    make(Role)
    make(User)
    record_reading("test.read", "N-1")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("sql", REWRITES)
def test_the_application_cannot_rewrite(
    history: None, as_app: Callable[[str], bool], sql: str
) -> None:
    assert as_app(sql.format(trigger=capture_of_roles()))


@pytest.mark.parametrize(
    "sql",
    [sql for sql in REWRITES if sql.startswith(("UPDATE", "DELETE", "TRUNCATE"))],
)
def test_not_even_the_owner_rewrites_by_accident(history: None, sql: str) -> None:
    for prefix in ("", "SET LOCAL session_replication_role = replica; "):
        with (
            pytest.raises(ProgrammingError, match="refused"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(prefix + sql)


def test_the_application_works_with_its_rights(
    history: None, as_app: Callable[[str], bool]
) -> None:
    """The control: the same role writes tracked rows, and that leaves history."""
    events = InboxEvent.objects.count()

    assert not as_app("UPDATE people_role SET name = name || 'x'")
    assert not as_app("SELECT count(*) FROM audit_inbox")
    assert not as_app("INSERT INTO audit_readevent (at, name, actor_id, actor_name, request_id,"
                      " subject, reason) VALUES (now(), '', '', '', '', '', '')")  # fmt: skip

    assert InboxEvent.objects.count() > events


def test_a_connection_may_put_the_role_on(history: None) -> None:
    roles.put_on(connection)
    try:
        role = make(Role)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Role.history.update(name="Someone else")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")

    assert role.history.count() == 1


def test_without_the_guard_history_can_be_rewritten(history: None) -> None:
    """Negative control: it is the trigger that refuses, nothing else."""
    for trigger in registry.triggers_of(Role.history.model):
        trigger.uninstall(Role.history.model)

    Role.history.update(name="Someone else")

    assert set(Role.history.values_list("name", flat=True)) == {"Someone else"}


def test_a_write_outside_an_operation_is_refused() -> None:
    with pytest.raises(ProgrammingError, match="outside an operation"), transaction.atomic():
        make(Role)

    capture_of(Role).uninstall(Role)
    make(Role)  # the control: without the trigger nobody asks for an operation


def test_a_secret_changes_with_an_event_but_without_its_value(operation: None) -> None:
    user = make(User, password="first-secret")
    events = InboxEvent.objects.filter(table="people_user")
    before = events.count()

    User.objects.filter(pk=user.pk).update(password="second-secret")
    User.objects.filter(pk=user.pk).update(last_login="2026-01-01T00:00:00Z")

    assert events.count() == before + 1
    assert not events.filter(payload__contains="secret").exists()


def test_nothing_drifts_after_migrating() -> None:
    assert drift.problems("default") == []
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    drift.ensure()


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("DROP TRIGGER {trigger} ON people_role", "missing"),
        ("ALTER TABLE people_role DISABLE TRIGGER {trigger}", "not always enabled"),
        ("ALTER TABLE people_role ENABLE TRIGGER {trigger}", "not always enabled"),
        (
            "DROP TRIGGER {trigger} ON people_role; CREATE TRIGGER {trigger} AFTER DELETE ON"
            " people_role FOR EACH ROW EXECUTE FUNCTION audit_capture('people_historicalrole',"
            " '{{}}', '{{}}'); ALTER TABLE people_role ENABLE ALWAYS TRIGGER {trigger}",
            "does something else",
        ),
        (
            "CREATE OR REPLACE FUNCTION public.audit_refuse() RETURNS trigger"
            " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "audit_refuse is missing or altered",
        ),
        ("CREATE RULE quiet AS ON UPDATE TO people_role DO INSTEAD NOTHING", "goes around"),
        ("DROP TRIGGER {event} ON mfa_authenticator", "mfa_authenticator"),
    ],
)
def test_what_the_owner_undoes_is_found_and_repaired(sql: str, word: str) -> None:
    from allauth.mfa.models import Authenticator

    event = registry.triggers_of(Authenticator)[0].get_pgid(Authenticator)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(trigger=capture_of_roles(), event=event))

    assert word in "\n".join(drift.problems("default"))
    assert [message.id for message in run_checks(tags=[Tags.database], databases=["default"])]
    with pytest.raises(ImproperlyConfigured, match="not in force"):
        drift.ensure()
    if "RULE" in sql:
        return
    call_command("repair_audit", verbosity=0)
    assert drift.problems("default") == []
    assert InboxEvent.objects.filter(op="!", payload__contains=word).exists()


def test_the_web_does_not_start_on_a_database_without_guards(
    settings: object, client: Client
) -> None:
    settings.TESTING = False  # type: ignore[attr-defined]
    Client().get("/finns-inte/")  # the control: it starts when nothing is wrong
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {capture_of_roles()} ON people_role")

    with pytest.raises(ImproperlyConfigured, match="not in force"):
        Client().get("/finns-inte/")


@pytest.mark.parametrize(
    "command", ["clean_old_history", "clean_duplicate_history", "populate_history"]
)
def test_commands_that_rewrite_history_do_not_run(command: str) -> None:
    with pytest.raises(CommandError):
        call_command(command)


def test_operations_and_readings_have_no_way_back(history: None) -> None:
    for model in (Operation, InboxEvent, ReadEvent):
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.all().delete()
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.update(**{model._meta.fields[1].attname: None})


def test_an_operation_that_changes_nothing_leaves_nothing() -> None:
    with transaction.atomic(), operation("test.nothing"):
        Role.objects.filter(pk="nobody").update(name="x")

    assert not Operation.objects.filter(name="test.nothing").exists()
