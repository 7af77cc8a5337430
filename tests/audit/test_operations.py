"""A9: every event from the web or a task says who, why and from where."""

import pytest
from celery import shared_task
from django.conf import settings as django_settings
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.models import InboxEvent, Operation
from audit.operations import NOBODY, Actor, Caller, current_caller, operation
from audit.operations import operation as open_operation
from audit.tasks import as_command
from config.celery import app
from people.models import Role, User
from tests.audit.builders import make


@pytest.fixture
def user(db: None) -> User:
    with transaction.atomic(), operation("test.user"):
        return User.objects.create_user(
            "asta@example.org", "a long password", first_name="Asta", last_name="Ask"
        )


@pytest.fixture
def client(user: User, settings: pytest.FixtureRequest) -> Client:
    settings.ROOT_URLCONF = "tests.audit.urls"  # type: ignore[attr-defined]
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def operation_of(role: str) -> Operation:
    operations = InboxEvent.objects.filter(row_id=role).values("operation_id")
    return Operation.objects.get(pk__in=operations)


def exists(role: str) -> bool:
    return Role.objects.filter(pk=role).exists()


def test_a_request_names_its_user_and_itself(client: Client, user: User) -> None:
    client.post("/write/fine/")
    client.post("/write/template/")

    first, second = operation_of("role-fine"), operation_of("role-template")
    assert (first.actor_id, first.actor_name) == (f"user:{user.pk}", "Asta Ask")
    assert (first.channel, first.name) == ("web", "request.write")
    assert len(first.request_id) == 32
    assert first.request_id != second.request_id


def test_someone_not_signed_in_is_named_so(client: Client) -> None:
    client.logout()
    client.post("/write/fine/")

    assert operation_of("role-fine").actor_id == "anonymous"


@pytest.mark.parametrize("end", ["raise", "missing", "error", "again"])
def test_a_request_that_fails_writes_nothing(client: Client, end: str) -> None:
    status = client.post(f"/write/{end}/").status_code

    assert status == {"raise": 500, "missing": 404, "error": 500, "again": 302}[end]
    assert not exists(f"role-{end}")


@pytest.mark.parametrize("end", ["fine", "invalid", "template"])
def test_a_request_that_answers_keeps_what_it_wrote(client: Client, end: str) -> None:
    """The control of the test above."""
    client.post(f"/write/{end}/")

    assert exists(f"role-{end}")


def test_a_page_that_is_read_has_no_operation(client: Client) -> None:
    assert client.get("/write/fine/").status_code == 500


def test_an_inner_operation_gives_the_outer_one_back(client: Client) -> None:
    client.post("/write/inner/")

    events = InboxEvent.objects.filter(row_id="role-inner").order_by("id")
    names = [Operation.objects.get(pk=str(event.operation_id)).name for event in events]
    assert names == ["request.write", "test.inner", "request.write"]
    inner = Operation.objects.get(name="test.inner")
    outer = Operation.objects.get(name="request.write")
    assert (inner.reason, inner.subject) == ("why", "N-1")
    assert inner.request_id == outer.request_id


def test_who_acts_may_be_said_by_the_action(client: Client) -> None:
    client.post("/write/other/")

    assert Operation.objects.get(name="test.other").actor_name == "Someone"


def test_signing_in_and_out_and_changing_the_password_work(client: Client, user: User) -> None:
    client.logout()

    answer = client.post(
        reverse("account_login"), {"login": user.email, "password": "a long password"}
    )
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    changed = client.post(
        reverse("account_change_password"),
        {
            "oldpassword": "a long password",
            "password1": "another long one",
            "password2": "another long one",
        },
    )
    assert changed.status_code == 302, changed.content.decode()[-3000:]
    event = InboxEvent.objects.filter(table="people_user", op="~").latest("id")
    assert Operation.objects.get(pk=str(event.operation_id)).actor_id == f"user:{user.pk}"
    assert client.post(reverse("account_logout")).status_code == 302


def test_the_editor_can_be_used(db: None, settings: pytest.FixtureRequest) -> None:
    with transaction.atomic(), operation("test.user"):
        editor = User.objects.create_superuser(
            "e@example.org", "a long password", first_name="E", last_name="E"
        )
    client = Client()
    client.force_login(editor)

    answer = client.post("/cms/groups/new/", {"name": "Writers"})

    assert answer.status_code < 500


@shared_task(name="tests.write_role")
def write_role() -> None:
    with transaction.atomic(), operation("test.task"):
        Role.objects.create(key="from-task", name="x")


def test_a_task_names_itself(db: None) -> None:
    app.conf.task_always_eager = True
    try:
        result = write_role.delay()
    finally:
        app.conf.task_always_eager = django_settings.CELERY_TASK_ALWAYS_EAGER

    done = operation_of("from-task")
    assert (done.channel, done.actor_id, done.request_id) == ("task", "system", result.id)
    assert current_caller.get() == NOBODY


def test_without_a_caller_the_task_would_look_like_a_command(db: None) -> None:
    """Negative control: the task's body alone names neither channel nor task."""
    write_role()

    done = operation_of("from-task")
    assert (done.channel, done.request_id) == ("command", "")


def test_a_command_names_itself(operation: None) -> None:
    with as_command("load_people"), transaction.atomic(), open_operation("test.command"):
        role = make(Role)

    done = operation_of(role.pk)
    assert done.channel == "command"
    assert done.request_id.startswith("load_people:")


@pytest.mark.django_db(transaction=True)
def test_every_event_of_the_web_and_of_tasks_names_who_and_where(client: Client) -> None:
    for end in ("fine", "inner", "other", "template", "raise"):
        client.post(f"/write/{end}/")

    events = InboxEvent.objects.filter(table="people_role")
    operations = Operation.objects.filter(
        pk__in=events.values("operation_id"), channel__in=["web", "task"]
    )
    assert events.count() == 7
    assert operations.count() == 6
    assert not operations.filter(actor_id="").exists()
    assert not operations.filter(request_id="").exists()


def test_an_operation_needs_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="needs the transaction"), operation("test.none"):
        pass


def test_an_operation_ends_with_its_block(transactional_db: None) -> None:
    with transaction.atomic():
        with operation("test.first"):
            make(Role)
        with pytest.raises(ProgrammingError, match="outside"), transaction.atomic():
            make(Role)


def test_after_an_error_the_outer_operation_is_back(operation: None) -> None:
    token = current_caller.set(Caller(Actor("user:7", "Seven"), "web", "r"))
    try:
        with pytest.raises(ZeroDivisionError), open_operation("test.raises"):
            raise ZeroDivisionError
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            open_operation("test.breaks"),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1/0")
    finally:
        current_caller.reset(token)
    role = make(Role)

    assert operation_of(role.pk).name == "test"


def test_a_rolled_back_part_takes_its_operation_along(operation: None) -> None:
    with open_operation("test.whole"):
        with transaction.atomic():
            make(Role)
            transaction.set_rollback(True)
        role = make(Role)

    assert operation_of(role.pk).name == "test.whole"


@pytest.mark.django_db(transaction=True)
def test_the_last_operation_of_a_transaction_ends_with_it() -> None:
    with transaction.atomic(), operation("test.last", last=True):
        Role.objects.create(key="role-last", name="last", capabilities=[])
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('audit.operation', true), '')")
        assert cursor.fetchone()[0] == ""
    assert operation_of("role-last").name == "test.last"


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_it_ends_where_it_says() -> None:
    def write_after_it() -> None:
        with transaction.atomic(), operation("test.last", last=True):
            Role.objects.create(key="role-last", name="last", capabilities=[])
        Role.objects.create(key="role-after", name="after", capabilities=[])

    with pytest.raises(DatabaseError, match="outside an operation"):
        transaction.atomic(write_after_it)()
    assert not exists("role-last")
