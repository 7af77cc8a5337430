"""The web server over the tests' own database, and a browser that speaks to it over HTTP."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from threading import Barrier
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.test import Client

from config import web
from people.models import User
from tests.journeys.portal import ROOT, free_port

GUARDED, UNGUARDED = "config.wsgi", "tests.programme.races.unguarded"
START_LIMIT_SECONDS = 120
Answer = tuple[int, str]


@contextmanager
def serving(module: str, *, workers: int, threads: int) -> Iterator[str]:
    """Where a web server on the test's database answers, until the block ends.

    It has the tests' settings, so a session made here is signed in there.
    """
    port = free_port()
    database = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": urlunsplit(database._replace(path=f"/{name}")),
        # As many connections as there are requests, and none of them kept.
        "CONN_MAX_AGE": "0",
        "RACERS": str(threads),
    }
    process = subprocess.Popen(
        web.command(port, module=module, workers=workers, threads=threads), cwd=ROOT, env=env
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/halsa/", process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.2)
    raise TimeoutError(url)


class Browser:
    """Someone signed in, with cookies of their own; it follows no redirect."""

    def __init__(self, server: str, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.server = server
        self.cookies = {settings.SESSION_COOKIE_NAME: client.session.session_key or ""}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: object) -> Answer:
        """Send a form, with the token that an opened page gave."""
        token = self.cookies[settings.CSRF_COOKIE_NAME]
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": token}))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        link = HTTPConnection(self.server, timeout=120)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            link.request(method, path, body, {"Cookie": cookies, **form})
            response = link.getresponse()
            for line in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return response.status, response.read().decode()
        finally:
            link.close()


def together(work: Callable[[Browser], Answer], browsers: Sequence[Browser]) -> list[Answer]:
    """What everyone is answered who does the same at the same moment."""
    start = Barrier(len(browsers))

    def one(browser: Browser) -> Answer:
        start.wait(timeout=60)
        return work(browser)

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(one, browsers))
