"""The daily digest: what is broken is told once a day, and calm days are quiet."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from audit.operations import operation
from core import health
from core.health import Finding, Severity
from people import health as roles
from people.models import Capability, Organisation, Role, RoleAssignment, User
from workflows import checks_daily, digest
from workflows.mailing.actions import word
from workflows.mailing.words import as_sent
from workflows.models import Message

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture(autouse=True)
def _own_checks() -> Iterator[None]:
    known = dict(health._CHECKS)
    health._CHECKS.clear()
    with translation.override("sv"):
        yield
    health._CHECKS.clear()
    health._CHECKS.update(known)


def breaks(severity: Severity = Severity.BROKEN) -> None:
    health.register_check("prov", "Prov", lambda day: [Finding("Ingen hemma", severity)])


@pytest.fixture
def city() -> Organisation:
    with transaction.atomic(), operation("test"):
        made = Organisation.objects.create(
            code="c", name="City", short_name="C", kind="city", valid_from=datetime.date(2020, 1, 1)
        )
        made.lineage = [made.pk]
        made.save()
    return made


def account(name: str, city: Organisation, *capabilities: str, **held: datetime.date) -> User:
    with transaction.atomic(), operation("test"):
        made = User.objects.create_user(f"{name}@example.org", "long-enough-password")
        role, _new = Role.objects.get_or_create(
            key=f"r-{name}", defaults={"name": name, "capabilities": list(capabilities)}
        )
        RoleAssignment.objects.create(
            user=made,
            role=role,
            organisation=city,
            **{"valid_from": datetime.date(2020, 1, 1), **held},
        )
    return made


def test_administrators_are_told_once_a_day(city: Organisation) -> None:
    admin = account("ada", city, Capability.MANAGE_DEFINITIONS)
    account("bo", city, Capability.SEE_TOTALS)
    breaks()
    assert digest.send(today()) == 1
    assert digest.send(today()) == 1  # run again, as after a killed worker
    message = Message.objects.get()
    assert message.recipient == admin
    assert "Ingen hemma" in message.body
    assert message.link == "/arbete/driftkontroll/"
    digest.send(today() + DAY)
    assert Message.objects.count() == 2


def test_calm_days_are_quiet(city: Organisation) -> None:
    account("ada", city, Capability.MANAGE_DEFINITIONS)
    breaks(Severity.WARNING)
    assert digest.send(today()) == 0
    assert not Message.objects.exists()


def test_what_is_soon_due_is_told_too_after_what_is_broken(city: Organisation) -> None:
    account("ada", city, Capability.MANAGE_DEFINITIONS)
    health.register_check("first", "Filer", lambda day: [Finding("snart", Severity.SOON)])
    health.register_check("prov", "Prov", lambda day: [Finding("trasig", Severity.BROKEN)])
    assert digest.send(today()) == 1
    assert Message.objects.get().body.splitlines() == [
        "Prov: trasig",
        "Brådskar. Filer: snart",
    ]


def test_staff_word_the_message(city: Organisation) -> None:
    admin = account("ada", city, Capability.MANAGE_DEFINITIONS, Capability.MANAGE_PROGRAMME)
    word(
        kind="health.digest",
        subject="{number} att rätta",
        body="God morgon!\n{more}",
        reason="Vänligare",
        actor=admin,
    )
    breaks()
    digest.send(today())
    words = as_sent(Message.objects.get(kind="health.digest"))
    assert (words.subject, words.body) == ("1 att rätta", "God morgon!\nProv: Ingen hemma")


def test_the_page_says_what_is_soon_due(city: Organisation, client: Client) -> None:
    client.force_login(
        account("ada", city, Capability.MANAGE_DEFINITIONS),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    breaks(Severity.SOON)
    page = client.get("/arbete/driftkontroll/").content.decode()
    assert "<strong>Soon due:</strong>" in page
    assert ">soon due</span>" in page


def test_the_page_is_for_those_who_can_put_it_right(city: Organisation, client: Client) -> None:
    breaks()
    assert client.get("/arbete/driftkontroll/").status_code == 302
    client.force_login(account("bo", city, Capability.SEE_TOTALS))
    assert client.get("/arbete/driftkontroll/").status_code == 404
    client.force_login(account("ada", city, Capability.MANAGE_DEFINITIONS))
    page = client.get("/arbete/driftkontroll/")
    assert page.status_code == 200
    assert "Ingen hemma" in page.content.decode()


def said(day: datetime.date | None = None) -> str:
    return " ".join(one.message for one in roles.check(day or today()))


def test_a_role_that_nobody_holds_any_more_is_found(city: Organisation) -> None:
    account("ada", city, Capability.MANAGE_DEFINITIONS, Capability.MANAGE_ACCOUNTS)
    assert said() == ""
    account("bo", city, Capability.NOMINATE, valid_to=today() - DAY)
    assert "Ingen har rollen «bo»" in said()
    account("cecilia", city, Capability.NOMINATE, valid_to=today() + 3 * DAY)
    assert "Den sista som har rollen «cecilia»" in said()


def test_nobody_left_who_can_put_things_right_is_found(city: Organisation) -> None:
    account("bo", city, Capability.NOMINATE)
    assert said().count("Ingen får göra det här") == 2


def test_roles_cost_the_same_for_many(city: Organisation) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            said()
        return len(seen)

    for number in range(2):
        account(f"few{number}", city, Capability.NOMINATE)
    few = cost()
    for number in range(20):
        account(f"many{number}", city, Capability.NOMINATE)
    assert cost() == few


def test_failed_and_stuck_messages_are_found(city: Organisation) -> None:
    admin = account("ada", city, Capability.MANAGE_DEFINITIONS)
    breaks()
    digest.send(today())
    assert list(checks_daily.mails(today())) == []
    with transaction.atomic(), operation("test"):
        Message.objects.update(created_at=timezone.now() - 2 * DAY)
    assert "väntat" in " ".join(one.message for one in checks_daily.mails(today()))
    with transaction.atomic(), operation("test"):
        Message.objects.update(state=Message.State.FAILED)
    found = list(checks_daily.mails(today()))
    assert [one.severity for one in found] == [Severity.BROKEN]
    assert admin.pk
