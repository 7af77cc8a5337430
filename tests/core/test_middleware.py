"""NUL characters in addresses: PostgreSQL fails on them, so no page may pass them on."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DataError, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory
from pytest_django import Settings

from core.middleware import NulMiddleware, without_nul
from people.models import Capability
from tests.people import builders

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GUARD = "core.middleware.NulMiddleware"
PATHS = [
    "/arenden/%00/",
    "/nominera/kvitto/a%00b/",
    "/filer/%00/",
    "/demo/post/%00/",
]
QUERIES = ["/konton/?q=%00", "/konton/?q=a%00b", "/konton/?%00=1"]

pytestmark = pytest.mark.usefixtures("operation")


@pytest.fixture
def browser(settings: Settings) -> Client:
    """Somebody signed in who administers accounts."""
    settings.DEMO = True
    user = builders.account("kim")
    city = builders.organisation("city")
    builders.holds(user, "office", city, Capability.MANAGE_ACCOUNTS)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.parametrize("path", PATHS)
def test_a_path_with_nul_is_no_page(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("address", QUERIES)
def test_a_query_with_nul_shows_the_page(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("address", [PATHS[0], QUERIES[0]])
def test_without_the_guard_the_page_breaks(
    browser: Client, settings: Settings, address: str
) -> None:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != GUARD]

    assert browser.get(address).status_code == 500


def test_only_nul_characters_are_left_out() -> None:
    cleaned = without_nul(QueryDict("a=1&a=2%00&b%00=x+y"))

    assert dict(cleaned.lists()) == {"a": ["1", "2"], "b": ["x y"]}


def test_what_someone_signed_in_sees_is_kept_nowhere(browser: Client) -> None:
    assert browser.get("/konton/")["Cache-Control"] == "private, no-store"
    assert "no-store" not in Client().get("/halsa/").get("Cache-Control", "")


def test_without_the_middleware_a_shared_computer_keeps_it(
    browser: Client, settings: Settings
) -> None:
    guard = "core.middleware.PrivatePagesMiddleware"
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != guard]
    assert "no-store" not in browser.get("/konton/").get("Cache-Control", "")


def test_the_editor_refuses_plug_ins_and_foreign_frames() -> None:
    policy = Client().get("/cms/")["Content-Security-Policy"]
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("PostgreSQL text fields cannot contain NUL (0x00) bytes", 400),
        ("A string literal cannot contain NUL (0x00) characters.", 400),
        (r"unsupported Unicode escape sequence DETAIL:  \u0000 cannot be converted", 400),
        ("value too long for type character varying(20)", None),
    ],
)
def test_only_a_text_with_nul_is_answered_in_words(
    rf: RequestFactory, words: str, status: int | None
) -> None:
    request = rf.post("/franvaro/")
    request.user = AnonymousUser()
    with transaction.atomic():
        answer = NulMiddleware(lambda request: HttpResponse()).process_exception(
            request, DataError(words)
        )
        undone = transaction.get_rollback()
        transaction.set_rollback(False)
    assert (answer.status_code if answer else None) == status
    # What was written before the text is not kept.
    assert undone is (status is not None)
    if answer:
        assert "Inget sparades" in answer.content.decode()
