"""The door before the framework: what it hands out is what the framework would have sent."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory
from pytest_django import Settings

from cms.pagecache import renew
from cms.pagecache.door import Door

pytestmark = pytest.mark.django_db

Answer = tuple[str, dict[str, str], bytes]


@pytest.fixture(autouse=True)
def _outlives_requests(pages_kept: None) -> Iterator[None]:
    """The test's transaction is not ended with a request."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


class Counted:
    """The framework, and how often it has been asked."""

    def __init__(self) -> None:
        self.framework = WSGIHandler()
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.framework(environ, start_response)


def answer_of(application: Any, path: str = "/nyheter/", **environ: str) -> Answer:
    """What a server would send for the request."""
    said: list[Any] = []
    given = {**RequestFactory().get(path).environ, **environ}
    body = b"".join(application(given, lambda status, headers: said.extend((status, headers))))
    return said[0], dict(said[1]), body


def test_what_is_handed_out_is_what_was_sent_with_every_header() -> None:
    counted = Counted()
    door = Door(counted)

    first = answer_of(door)
    again = answer_of(door)

    assert first == again
    assert counted.asked == 1
    status, headers, body = again
    assert status == "200 OK"
    assert int(headers["Content-Length"]) == len(body)
    # What the outermost parts of the framework add is there too.
    assert {"X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy"} <= set(headers)


def test_a_browser_that_has_the_page_is_told_so_and_a_head_has_no_body() -> None:
    door = Door(Counted())
    etag = answer_of(door)[1]["ETag"]

    status, headers, body = answer_of(door, HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
    assert (status, body) == ("304 Not Modified", b"")
    assert headers["ETag"] == etag
    assert "Content-Length" not in headers
    assert answer_of(door, HTTP_IF_NONE_MATCH='"other"')[0] == "200 OK"

    status, headers, body = answer_of(door, REQUEST_METHOD="HEAD")
    assert (status, body) == ("200 OK", b"")
    assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "sessionid=x"},
        {"QUERY_STRING": "sida=2"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_HOST": "elsewhere.example"},
        {"wsgi.url_scheme": "https"},
    ],
)
def test_whoever_may_be_shown_something_else_goes_in(environ: dict[str, str]) -> None:
    counted = Counted()
    door = Door(counted)
    answer_of(door)

    answer_of(door, **environ)

    assert counted.asked == 2


def test_a_change_is_seen_by_the_next_visitor() -> None:
    counted = Counted()
    door = Door(counted)
    answer_of(door)
    answer_of(door)
    assert counted.asked == 1

    renew()
    answer_of(door)

    assert counted.asked == 2


def test_the_proxys_word_for_a_safe_line_is_the_frameworks(settings: Settings) -> None:
    """A page kept for one that is not must not be sent where another scheme was asked for."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    counted = Counted()
    door = Door(counted)
    answer_of(door)

    answer_of(door, HTTP_X_FORWARDED_PROTO="https, http")
    assert counted.asked == 2
    answer_of(door, HTTP_X_FORWARDED_PROTO="https")
    assert counted.asked == 2
    answer_of(door, HTTP_X_FORWARDED_PROTO="http")
    assert counted.asked == 2


def test_the_server_is_given_the_door() -> None:
    assert django_settings.WSGI_APPLICATION == "config.wsgi.application"
    from config.wsgi import application

    assert isinstance(application, Door)
