"""The services that some tests talk to, and what happens where one does not answer.

``@pytest.mark.needs("redis")`` skips a test, with a line that says so. With
``CI=true`` the same test fails instead: there nothing may go untested unseen.
"""

import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

URLS = {
    "redis": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/15"),
    "rabbitmq": os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
}
PORTS = {"redis": 6379, "rabbitmq": 5672}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def answers(service: str) -> bool:
    """Whether the service can be used from here."""
    if service == "chromium":
        return browser() is not None
    url = urlsplit(URLS[service])
    try:
        with socket.create_connection(
            (url.hostname or "127.0.0.1", url.port or PORTS[service]), timeout=2
        ):
            return True
    except OSError:
        return False


def browser() -> Path | None:
    """The machine's Chromium."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


def require(service: str) -> None:
    """Go on only where the service answers."""
    if answers(service):
        return
    message = f"{service} does not answer"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
