"""Published forms and given answers do not change, not even for those who write SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit.operations import operation
from forms_app import actions
from forms_app.models import FormVersion, Submission

from .conftest import Room


def submission(room: Room) -> Submission:
    return actions.submit_answers(
        version=room.version,
        raw={"person": room.anna.public_id, "manager": "nej"},
        actor=room.alice,
    )


def refused(sql: str, row: int) -> bool:
    """Whether the database refuses the statement, even inside an operation."""
    try:
        with transaction.atomic(), operation("test"), connection.cursor() as cursor:
            cursor.execute(sql, [row])
    except DatabaseError as error:
        return "is refused" in str(error)
    return False


CHANGE_VERSION = "UPDATE forms_app_formversion SET schema = '{}' WHERE id = %s"
DELETE_VERSION = "DELETE FROM forms_app_formversion WHERE id = %s"
CHANGE_ANSWERS = "UPDATE forms_app_submission SET answers = '{}' WHERE id = %s"
DELETE_ANSWERS = "DELETE FROM forms_app_submission WHERE id = %s"


def test_a_version_is_never_changed_or_deleted(room: Room) -> None:
    assert refused(CHANGE_VERSION, room.version.pk)
    assert refused(DELETE_VERSION, room.version.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), operation("test"):
        FormVersion.objects.update(schema={})


def test_a_submission_is_never_changed_or_deleted(room: Room) -> None:
    made = submission(room)
    assert refused(CHANGE_ANSWERS, made.pk)
    assert refused(DELETE_ANSWERS, made.pk)


def test_replica_mode_does_not_pass_the_guard(room: Room) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        assert refused(CHANGE_VERSION, room.version.pk)


def test_without_the_guards_they_would_change(room: Room) -> None:
    """The control: the same statements once the triggers are gone."""
    made = submission(room)
    with connection.cursor() as cursor:
        for table in ("forms_app_formversion", "forms_app_submission"):
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
                " AND NOT tgisinternal AND (tgname LIKE '%%frozen%%' OR tgname LIKE '%%never%%')",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
    assert not refused(CHANGE_VERSION, room.version.pk)
    assert not refused(CHANGE_ANSWERS, made.pk)
    assert not refused(DELETE_ANSWERS, made.pk)
    room.version.refresh_from_db()
    assert room.version.schema == {}


def test_an_answer_reads_as_its_own_version_asked(room: Room) -> None:
    from forms_app import answers

    made = submission(room)
    with transaction.atomic(), operation("test"):
        definition = room.version.definition
        definition.name = "Helt annat"
        definition.steps[0].value["title"] = "Ny rubrik"
        definition.save()
        newer = actions.freeze(definition, published_by="x")
    assert newer.number == 2
    assert newer.schema["steps"][0]["title"] == "Ny rubrik"
    assert answers.in_words(made, room.alice)[0].title == "Vem?"
