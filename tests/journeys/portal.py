"""The whole portal as users meet it: web, worker and scheduler over a demo of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from config import web

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_SECONDS = 60
CELERY = (
    sys.executable,
    "-m",
    *["celery", "-A", "config", "worker", "-B", "-c", "1", "-l", "WARNING", "-s"],
)


@dataclass(frozen=True)
class Portal:
    """A running portal: where it answers, where its rows are, and where its mail ends up."""

    url: str
    database_url: str
    mail: str


# Who decides that the nights are not quiet.
NIGHT_SHIFT = {
    "name": "message.plan",
    "actor_id": "test",
    "actor_name": "Test",
    "on_behalf_of": "",
    "reason": "",
    "channel": "command",
    "request_id": "",
    "subject": "",
}


def _without_quiet_hours(database_url: str) -> None:
    """Let mail go out whatever the hour the tests are run at."""
    with psycopg.connect(database_url) as connection:
        explained = json.dumps({"id": str(uuid.uuid4()), **NIGHT_SHIFT})
        connection.execute("SELECT set_config('audit.operation', %s, true)", [explained])
        connection.execute(
            "INSERT INTO workflows_messageplan (valid_from, quiet_from, quiet_to, quiet_days_off,"
            " digest_at, review_over, many_a_week, keep_bodies_days, draft_days, decision)"
            " VALUES (current_date, '00:00', '00:00', false, '08:00', 100, 5, 400, 2, 'Test')"
        )


@contextmanager
def running_portal(
    server_url: str, tables: str, *, demo: Sequence[str] = ("--scale=0",)
) -> Iterator[Portal]:
    """Start the portal over a scratch database on the given server; take it all away after.

    :param tables: the database with the tables made, which is copied.
    :param demo: how much of the demo there is: by default people and no story.
    """
    name = f"journeys_{os.getpid()}"
    database_url = urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{tables}"')
    try:
        with tempfile.TemporaryDirectory() as folder:
            env = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": database_url,
                "DEMO": "1",
                "TESTING": "",
                "QUEUE_DIR": f"{folder}/queue",
                "MEDIA_ROOT": f"{folder}/media",
                "PRIVATE_ROOT": f"{folder}/private",
                "CACHE_URL": f"filecache://{folder}/cache",
                "CELERY_BROKER_URL": "filesystem://",
                "EMAIL_URL": f"filemail:///{folder}/mail",
            }
            for command in (["migrate"], ["demo", *demo]):
                subprocess.run(
                    [sys.executable, "manage.py", *command, "--verbosity=0"],
                    cwd=ROOT,
                    env=env,
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
            _without_quiet_hours(database_url)
            # As make run does: what users meet has the rights of the application only.
            env["DATABASE_SET_ROLE"] = "1"
            port = free_port()
            processes = [
                _start(env, web.command(port)),
                _start(env, (*CELERY, f"{folder}/beat")),
            ]
            try:
                url = f"http://127.0.0.1:{port}"
                _wait_for(f"{url}/halsa/", processes)
                yield Portal(url, database_url, f"{folder}/mail")
            finally:
                for process in processes:
                    with suppress(ProcessLookupError):  # it ended by itself
                        os.killpg(process.pid, signal.SIGTERM)
                for process in processes:
                    try:
                        process.wait(10)
                    except subprocess.TimeoutExpired:
                        os.killpg(process.pid, signal.SIGKILL)
                        process.wait()
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _start(env: dict[str, str], command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)


def free_port() -> int:
    """A port of this machine that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    """Return once the address answers 200.

    :raises TimeoutError: when it does not in time.
    :raises RuntimeError: when a process has given up; it has said why.
    """
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            raise RuntimeError("a process of the portal ended while starting")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(url)
