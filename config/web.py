"""The web server: how it is started, the same for `make run`, the tests and the benchmarks."""

import sys
from collections.abc import Sequence


def command(
    port: int, *, module: str = "config.wsgi", workers: int = 2, threads: int = 4
) -> Sequence[str]:
    """What starts the server on 127.0.0.1, to be run in the project's folder.

    :param module: where the WSGI `application` is.
    :param threads: requests that each worker answers at a time.
    """
    return (
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        # Nobody speaks HTTP/2 to it: the proxy in front ends that.
        "--http=1",
        "--host=127.0.0.1",
        f"--port={port}",
        f"--workers={workers}",
        f"--blocking-threads={threads}",
        # A worker that dies is started again, as long as the others answer.
        "--respawn-failed-workers",
        "--no-access-log",
        "--log-level=warning",
        f"{module}:application",
    )
