"""What a public page costs, against the first page of a bare ``wagtail start`` project."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection, transaction

from audit.operations import operation
from cms.models import LectureIndexPage, LecturePage
from cms.setup import load_site
from config import web
from people.setup import load_organisations, load_roles
from programme.lectures import making
from programme.models import Lecture
from programme.setup import load_programme
from tests.bench.harness import Result, benchmark
from tests.programme.builders import build_world
from tests.programme.lectures.builders import facts
from tests.programme.registrations.builders import open_occasion, plan_for

ROUNDS, SECONDS_EACH, VISITORS = 6, 1.0, 4
BARE = """
from .base import *
DEBUG = False
SECRET_KEY = "only-for-measuring"
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", "NAME": "{name}",
    "HOST": "{host}", "PORT": "{port}", "USER": "{user}", "PASSWORD": "{password}",
    "OPTIONS": {options}, "CONN_MAX_AGE": 60}}}}
"""


@benchmark(least_ratio=15)
def public_page() -> Result:
    """A lecture's page as visitors meet it, kept ready, against the bare project's first page."""
    return _compared(kept_seconds=60, against="a bare wagtail start home page on the same server")


@benchmark(least_ratio=0.7)
def public_page_made_anew() -> Result:
    """The same with nothing kept: every visit makes the page from its rows."""
    return _compared(kept_seconds=0, against="a bare wagtail start home page on the same server")


def _compared(*, kept_seconds: int, against: str) -> Result:
    """Requests a second of both, in alternating rounds: one worker of the web server, one PostgreSQL."""
    page = _lecture_page()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ours = stack.enter_context(_portal(folder, kept_seconds))
        theirs = stack.enter_context(_bare(folder))
        path = urlsplit(page.get_url() or "").path
        for port, address in ((ours, path), (theirs, "/")):
            _requests_a_second(port, address, 0.5)
        pairs = [
            (
                _requests_a_second(ours, path, SECONDS_EACH),
                _requests_a_second(theirs, "/", SECONDS_EACH),
            )
            for _round in range(ROUNDS)
        ]
    # The best of each: what else the machine does only ever takes away.
    mine, other = (max(side) for side in zip(*pairs, strict=True))
    return Result(round(mine, 1), "requests/s", round(mine / other, 2), against)


def _lecture_page() -> LecturePage:
    """An open lecture of the catalogue, live in a week with seats to register for."""
    with transaction.atomic(), operation("bench"):
        load_organisations()
        load_roles()
        load_programme()
        load_site()
        world = build_world(identities=False)
        lecture = making.save_lecture(
            facts=facts(), programme=world.programme, actor=world.administrator
        )
        plan_for(open_occasion(world, unit=lecture.unit), seats=30)
        page = LecturePage(title="Om samtal", slug="om-samtal", lecture=lecture)
        LectureIndexPage.objects.get(locale__language_code="sv").add_child(instance=page)
        page.save_revision().publish()
        Lecture.objects.update(state=Lecture.State.OPEN)
    return page


def _database(name: str) -> dict[str, str]:
    row = connection.settings_dict
    return {
        "name": name,
        "host": str(row["HOST"] or ""),
        "port": str(row["PORT"] or ""),
        "user": str(row["USER"]),
        "password": str(row["PASSWORD"]),
        # An embedded server is reached by its socket's folder, which stands here alone.
        "options": repr(row["OPTIONS"]),
    }


def _url(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def _portal(folder: str, kept_seconds: int) -> Iterator[int]:
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": _url(str(connection.settings_dict["NAME"])),
        "DEMO": "1",
        "TESTING": "",
        "CACHE_URL": f"filecache://{folder}/cache",
        "QUEUE_DIR": f"{folder}/queue",
        "CELERY_BROKER_URL": "filesystem://",
        "PUBLIC_PAGES_KEPT_SECONDS": str(kept_seconds),
    }
    with _served("config.wsgi", settings.BASE_DIR, env) as port:
        yield port


@contextmanager
def _bare(folder: str) -> Iterator[int]:
    """What ``wagtail start`` makes, on the same PostgreSQL, without debugging."""
    name, root = f"bare_{os.getpid()}", Path(folder) / "bare"
    root.mkdir()
    start = "from wagtail.bin.wagtail import main; main()"
    subprocess.run(
        [sys.executable, "-c", start, "start", "bare", str(root)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (root / "bare/settings/bench.py").write_text(BARE.format(**_database(name)))
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bare.settings.bench"}
    with psycopg.connect(_url("postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity=0"],
                cwd=root,
                env=env,
                check=True,
            )
            with _served("bare.wsgi", root, env) as port:
                yield port
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _served(application: str, folder: Path, env: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = web.command(port, module=application, workers=1)
    process = subprocess.Popen(command, cwd=folder, env=env, start_new_session=True)
    try:
        _wait(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(15)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def _requests_a_second(port: int, path: str, for_seconds: float) -> float:
    """Four visitors asking again and again, each over one connection; every answer is 200."""
    question = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    count, started = 0, time.perf_counter()
    with ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            for _visitor in range(VISITORS)
        ]
        for line in lines:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (spent := time.perf_counter() - started) < for_seconds:
            for line in lines:
                line.sendall(question)
            for line in lines:
                _answer(line)
            count += len(lines)
    return count / spent


def _answer(line: socket.socket) -> None:
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(line)
    head, _blank, body = got.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head[:200].decode("latin-1"))
    length = next(
        int(row.split(b":")[1])
        for row in head.split(b"\r\n")
        if row.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += _more(line)


def _more(line: socket.socket) -> bytes:
    part = line.recv(65536)
    if not part:
        raise RuntimeError("the server closed the connection")
    return part
