"""Tasks that only the queue's tests run: their effect is a line in a file."""

import time
from pathlib import Path

from celery import shared_task


@shared_task(name="tests.write_line")
def write_line(path: str, line: str) -> None:
    """Append the line."""
    with Path(path).open("a") as file:
        file.write(line + "\n")


@shared_task(name="tests.start_then_wait")
def start_then_wait(path: str, seconds: float) -> None:
    """Say that the work began, take long, and say that it ended."""
    write_line(path, "begun")
    time.sleep(seconds)
    write_line(path, "ended")
