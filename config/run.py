"""``make run``: everything the portal needs, in one terminal, until Ctrl-C.

Prepares the database and the demo data, then runs the web server, the Celery
worker and Celery's clock side by side. Safe to run again: every step adds
only what is missing.
"""

import os
import shlex
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from honcho.manager import Manager

from config import embedded, web

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
POSTGRES = VAR / "postgres"
BEAT = VAR / "beat"
# What the demo writes, and what `--reset` removes.
DEMO_DATA = (POSTGRES, BEAT, VAR / "queue", VAR / "media", VAR / "private")
STOPPED_BY_HAND = (130, 143)
SECONDS_TO_STOP = 5
SECONDS_TO_ANSWER = 60

BANNER = """
The portal answers at {address}
Ctrl-C stops it, and everything that was started with it.

Sign in with the password "demo" as
  avdelningschef.farsta@example.org   head of department in a district
  chef.farsta@example.org             nearest manager
  deltagare.farsta@example.org        participant
  projektledare@example.org           project manager
  administrator@example.org  ekonom@example.org  kommunikator@example.org
  revisor@example.org  styrgrupp@example.org
In place of farsta: bromma, enskede-arsta-vantor, hagersten-alvsjo, hasselby-vallingby, jarva,
kungsholmen, norra-innerstaden, skarpnack, skarholmen or sodermalm.
"""


def main(arguments: list[str]) -> int:
    """Run the portal, or with ``--reset`` remove the demo's data."""
    if arguments == ["--reset"]:
        return reset()
    port = int(os.environ.get("PORT", "8000"))
    if _taken(port):
        print(f"Port {port} is taken: choose another, for example make run PORT={port + 1}")
        return 1
    # Also where a shell started this in the background, with Ctrl-C ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    # A closed terminal is a Ctrl-C too; honcho listens to SIGTERM.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("BASE_URL", f"http://localhost:{port}")
    try:
        prepare()
        return serve(port)
    except KeyboardInterrupt:
        return 0
    finally:
        _end_children()
        embedded.release(POSTGRES)


def reset() -> int:
    """Remove the demo's data, unless someone is using it."""
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is set: that database is yours to empty. Nothing was removed.")
        return 1
    if embedded.in_use(POSTGRES):
        print("The portal is running: stop it first. Nothing was removed.")
        return 1
    for folder in DEMO_DATA:
        shutil.rmtree(folder, ignore_errors=True)
    print("The demo's data is gone; make run starts over.")
    return 0


def prepare() -> None:
    """Bring the database and the demo data to where the code is."""
    BEAT.mkdir(parents=True, exist_ok=True)
    if not os.environ.get("DATABASE_URL"):
        with _step("Starting PostgreSQL"):
            os.environ["DATABASE_URL"] = embedded.database_url(POSTGRES)
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    with _step("Bringing the tables up to date"):
        django.setup()
        call_command("migrate", verbosity=0)
    with _step("Loading the demo"):
        call_command("demo")
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s"
            " AND pg_has_role(current_user, oid, 'MEMBER'))",
            [settings.AUDIT_APP_ROLE],
        )
        if cursor.fetchone()[0]:
            # What runs from here on may add to history and never change it.
            os.environ.setdefault("DATABASE_SET_ROLE", "1")
    # The processes started next are copies of this one and must not share its connection.
    connections.close_all()


def serve(port: int) -> int:
    """Run web, worker and clock until one of them, or the user, stops them all."""
    python = shlex.quote(sys.executable)
    # Celery warns at every start of a worker run as root, which a container is.
    celery = f"exec {python} -W ignore:::celery.platforms -m celery --app config --quiet"
    manager = Manager()
    manager.add_process(
        "web",
        f"exec {shlex.join(web.command(port))}",
        cwd=ROOT,
    )
    manager.add_process(
        "worker",
        f"{celery} worker --loglevel WARNING --pool threads --concurrency 2"
        " --without-gossip --without-mingle --without-heartbeat",
        cwd=ROOT,
    )
    manager.add_process(
        "clock",
        f"{celery} beat --loglevel WARNING --pidfile= --schedule {shlex.quote(str(BEAT / 'beat'))}",
        cwd=ROOT,
    )
    threading.Thread(target=_announce, args=(port,), daemon=True).start()
    manager.loop()
    return 0 if manager.returncode in STOPPED_BY_HAND else 1


def _announce(port: int) -> None:
    """Say where the portal is, once it is there."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa/", timeout=5):
                print(BANNER.format(address=f"http://localhost:{port}/"), flush=True)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    print(f"The portal did not answer within {SECONDS_TO_ANSWER} seconds.", flush=True)


@contextmanager
def _step(words: str) -> Iterator[None]:
    print(f"{words} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _end_children() -> None:
    """Stop what is still running, also when the start itself was interrupted."""
    children = psutil.Process().children(recursive=True)
    for child in children:
        try:
            child.terminate()
        except psutil.NoSuchProcess:
            continue
    _, alive = psutil.wait_procs(children, timeout=SECONDS_TO_STOP)
    for child in alive:
        child.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
