"""Many registrations at once over real HTTP: a server of its own, and bounded clients."""

import http.client
import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from audit.operations import operation
from config import web
from people.models import Person, User
from programme.models import Participation
from tests.journeys.portal import _wait_for, free_port
from tests.programme.builders import LONG_AGO, World

ROOT = Path(__file__).resolve().parents[3]
# Django takes any token of this length that cookie and form agree on.
TOKEN = "a" * 32


@dataclass(frozen=True)
class Click:
    """One registration: how the server answered, and when."""

    status: int
    seconds: float


@contextmanager
def server(*, module: str = "config.wsgi", workers: int = 2, **extra: str) -> Iterator[int]:
    """The portal over the test's own database; gives the port."""
    name = connection.settings_dict["NAME"]
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    port = free_port()
    process = subprocess.Popen(
        web.command(port, module=module, workers=workers),
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": url,
            "TESTING": "1",
            "CELERY_BROKER_URL": "memory://",
            **extra,
        },
        start_new_session=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/halsa/", [process])
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@transaction.atomic
def many(world: World, number: int) -> list[str]:
    """So many participants with accounts, in few statements; gives a session key for each."""
    with operation("test.many"):
        users = User.objects.bulk_create(
            User(
                email=f"burst{turn}@example.org",
                first_name="Förnamn",
                last_name=f"Efternamn{turn}",
                password="!",
            )
            for turn in range(number)
        )
        persons = Person.objects.bulk_create(
            Person(
                first_name=user.first_name,
                last_name=user.last_name,
                email=user.email,
                unit=world.unit,
                user=user,
            )
            for user in users
        )
        course = world.programme.courses.get(key="serie")
        Participation.objects.bulk_create(
            Participation(
                person=person,
                course=course,
                category=world.categories["medarbetare"],
                unit=world.unit,
                district=world.farsta,
                admitted_on=LONG_AGO,
            )
            for person in persons
        )
    return [_signed_in(user) for user in users]


def _signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def click(port: int, session: str, occasion: str) -> Click:
    """Register as that person, and wait for the answer."""
    body = urlencode({"csrfmiddlewaretoken": TOKEN})
    begun = time.monotonic()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        client.request(
            "POST",
            f"/anmalan/{occasion}/anmal/",
            body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            },
        )
        response = client.getresponse()
        response.read()
        return Click(response.status, time.monotonic() - begun)
    finally:
        client.close()


def all_at_once(port: int, sessions: Sequence[str], occasion: str, *, clients: int) -> list[Click]:
    """Everybody registers for one occasion as fast as so many clients can."""
    together = threading.Barrier(min(clients, len(sessions)))
    first = iter(range(together.parties))

    def one(session: str) -> Click:
        if next(first, None) is not None:
            together.wait(timeout=60)
        return click(port, session, occasion)

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, sessions))


def spread(
    port: int, sessions: Sequence[str], occasions: Sequence[str], *, within: float
) -> list[Click]:
    """Registrations at an even pace for several occasions, as when registration opens."""
    pace = within / len(sessions)
    begun = time.monotonic()

    def one(turn: int) -> Click:
        time.sleep(max(0.0, begun + turn * pace - time.monotonic()))
        return click(port, sessions[turn], occasions[turn % len(occasions)])

    with ThreadPoolExecutor(64) as pool:
        return list(pool.map(one, range(len(sessions))))


def p95(clicks: Sequence[Click]) -> float:
    """Seconds that nineteen of twenty did not wait longer than."""
    return statistics.quantiles([one.seconds for one in clicks], n=20)[-1]


def errors(clicks: Sequence[Click]) -> list[int]:
    """Answers that are not a redirect to the page that tells how it went."""
    return [one.status for one in clicks if one.status != 302]
