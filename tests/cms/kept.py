"""Asking for pages that may be kept."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Change = Callable[[Callable[[], object]], None]


def queries(client: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path, headers=headers).status_code == 200
    return len(captured)


def read(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode()
