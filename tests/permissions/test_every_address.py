"""Every address, by GET and POST, as each person: let in or kept out as the table says."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from config import urls
from people import access
from tests.permissions import expectations as expected
from tests.permissions import rows
from tests.permissions.patterns import Pattern, walk
from tests.permissions.scene import ACCOUNTS, Scene, built

IDENTITIES = [*ACCOUNTS, "anonymous", "deactivated", "superuser"]
SIGN_IN = re.compile(r"^/logga-in/|^/_util/login/|^/cms/login/")
#: What somebody who is let in is answered: a page, the way on, or what is wrong with what was sent.
LET_IN = {200, 302, 409, 410, 422}
# A session, and that somebody tried to read what is sealed, may be written on a denial.
WRITE = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE)\b(?!.*(django_session|audit_readevent))", re.I | re.S
)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The demo with things of Farsta's, for all tests of this module."""
    with django_db_blocker.unblock(), built() as scene:
        for identity, user in scene.users.items():
            if user is not None:
                client = Client()
                client.force_login(user)
                # What a request does to it is taken back with the request.
                scene.sessions[identity] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield scene


@pytest.fixture(autouse=True)
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of four doors are shut; the page that says so is looked at elsewhere."""
    for status in (403, 404):

        def refused(request: HttpRequest, exception: Exception, status: int = status) -> Any:
            return HttpResponse(status=status)

        monkeypatch.setattr(urls, f"handler{status}", refused, raising=False)


def knocking(scene: Scene, identity: str) -> Client:
    """A client of its own: an address that signs out must not blind the rest."""
    client = Client(raise_request_exception=False)
    if identity in scene.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = scene.sessions[identity]
    return client


def outcome(client: Client, method: str, path: str) -> tuple[str, int, list[str]]:
    """«in», «out» or «no method», the status, and the statements that changed something."""
    statements: list[str] = []

    def noted(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        statements.append(sql)
        return execute(sql, *arguments)

    # Without their values, which take long to spell out for so many statements.
    with connection.execute_wrapper(noted):
        response = getattr(client, method)(path)
    status, location = response.status_code, response.headers.get("Location", "")
    writes = [sql for sql in statements if WRITE.match(str(sql))]
    if status == 405:
        return "no method", status, writes
    out = status in (403, 404) or (status == 302 and SIGN_IN.match(location))
    return ("out" if out else "in" if status in LET_IN else "broke"), status, writes


def wrong(scene: Scene, identity: str, pattern: Pattern) -> list[str]:
    """What differs from the table for one person at one address."""
    found = []
    in_editor = pattern.route.startswith(expected.EDITOR)
    if in_editor and (identity in expected.EDITORS or pattern.route in expected.EDITOR_OPEN):
        return []
    row = rows.Row(set(), set()) if in_editor else expected.TABLE[pattern.route]
    for method, allowed in (("get", row.get), ("post", row.post)):
        path = pattern.filled(scene.values_for(pattern.name))
        # Taken back, so that what one request deletes is there for the next.
        with transaction.atomic():
            result, status, writes = outcome(knocking(scene, identity), method, path)
            transaction.set_rollback(True)
        where = f"{method.upper()} {path} as {identity}: {status}"
        if result == "broke":
            found.append(f"{where} broke")
        elif allowed is None:
            # Sent to sign in, not found, or told so; a redirect elsewhere has done something.
            if result == "in":
                found.append(f"{where} although the method does not exist")
        elif result == "no method":
            found.append(f"{where}, a method that the table says there is")
        elif (result == "in") != (identity in allowed):
            found.append(f"{where}, expected {'in' if identity in allowed else 'out'}")
        elif (
            result == "out"
            and identity not in rows.ANONYMOUS
            # 403 would tell that the thing exists; the editor's door is no secret.
            and status != (403 if in_editor else 404)
        ):
            found.append(f"{where}, which tells more than that it was not found")
        if result != "in" and writes:
            found.append(f"{where} wrote {writes[0][:120]}")
    return found


def test_every_address_has_an_expectation() -> None:
    routes = {pattern.route for pattern in walk() if not pattern.route.startswith(expected.EDITOR)}
    assert routes - set(expected.TABLE) == set(), "addresses without an expectation"
    assert set(expected.TABLE) - routes == set(), "expectations without an address"


# The mark makes the runner create the database before the scene is built in it.
@pytest.mark.django_db
@pytest.mark.parametrize("identity", IDENTITIES)
def test_everyone_is_let_in_or_kept_out_as_the_table_says(scene: Scene, identity: str) -> None:
    found = [line for pattern in walk() for line in wrong(scene, identity, pattern)]
    assert "\n".join(found) == ""


@pytest.mark.django_db
def test_a_missing_check_would_be_seen(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with every capability granted, the walk finds doors that stand open."""
    monkeypatch.setattr(access.Held, "can", lambda self, capability: True)
    patterns = [pattern for pattern in walk() if pattern.name == "programme:waves"]
    assert wrong(scene, "own manager", patterns[0]) == [
        "GET /omgangar/ as own manager: 200, expected out"
    ]
