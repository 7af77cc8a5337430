"""Each broker the portal can use, with a real worker process."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from kombu import Queue as KombuQueue

from config.celery import app
from tests.config.queue_tasks import start_then_wait, write_line
from tests.services import URLS

ROOT = Path(__file__).resolve().parents[2]
BROKERS = [
    pytest.param("filesystem", id="filesystem"),
    pytest.param("redis", id="redis", marks=pytest.mark.needs("redis")),
    pytest.param("rabbitmq", id="rabbitmq", marks=pytest.mark.needs("rabbitmq")),
]
SECONDS_TO_WAIT = 30


class Queue:
    """One queue of its own on a broker: a sender here, workers in processes."""

    def __init__(self, broker: str, folder: Path) -> None:
        self.name = f"test-{uuid.uuid4().hex}"
        self.output = folder / "output"
        self._queue_dir = folder / "queue"
        self._url = URLS.get(broker, "filesystem://localhost")
        self._workers: list[subprocess.Popen[bytes]] = []
        self.sender = Celery(broker=self._url, set_as_current=False)
        self.sender.conf.update(broker_url=self._url)
        self.sender.conf.broker_transport_options = {}
        if broker == "filesystem":
            messages, control = self._queue_dir / "messages", self._queue_dir / "control"
            messages.mkdir(parents=True)
            self.sender.conf.broker_transport_options = {
                "data_folder_in": str(messages),
                "data_folder_out": str(messages),
                "control_folder": str(control),
            }

    def send(self, task: str, *arguments: object, expires: float | None = None) -> None:
        self.sender.send_task(task, args=arguments, queue=self.name, expires=expires)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--app", "config", "--quiet", "worker"),
                *("--include", "tests.config.queue_tasks", "--queues", self.name),
                *("--concurrency", "1", "--loglevel", "ERROR"),
                *("--without-gossip", "--without-mingle", "--hostname", f"{self.name}@%h"),
            ],
            cwd=ROOT,
            env=os.environ
            | {
                "TESTING": "1",
                "CELERY_BROKER_URL": self._url,
                "QUEUE_DIR": str(self._queue_dir),
                "DATABASE_URL": "postgres://nobody@localhost/none",
            },
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._workers.append(worker)
        return worker

    def lines(self) -> list[str]:
        return self.output.read_text().splitlines() if self.output.exists() else []

    def wait_for(self, reached: Callable[[list[str]], bool]) -> list[str]:
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while not reached(lines := self.lines()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return lines

    def close(self) -> None:
        for worker in self._workers:
            kill(worker)
        with self.sender.connection_for_write() as connection:
            KombuQueue(self.name)(connection.default_channel).delete()
        self.sender.close()


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """End the worker and its pool at once, as a power cut would."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


@pytest.fixture
def queue(broker: str, tmp_path: Path) -> Iterator[Queue]:
    queue = Queue(broker, tmp_path)
    yield queue
    queue.close()


@pytest.mark.parametrize("broker", BROKERS)
def test_a_worker_runs_every_task_once_also_those_sent_before_it_started(queue: Queue) -> None:
    for number in range(3):
        queue.send(write_line.name, str(queue.output), f"before {number}")
    queue.start_worker()
    assert len(queue.wait_for(lambda lines: len(lines) == 3)) == 3
    queue.send(write_line.name, str(queue.output), "after")
    lines = queue.wait_for(lambda lines: "after" in lines)
    assert sorted(lines) == ["after", "before 0", "before 1", "before 2"]


@pytest.mark.parametrize("broker", [pytest.param("rabbitmq", marks=pytest.mark.needs("rabbitmq"))])
def test_the_task_of_a_killed_worker_runs_again(queue: Queue) -> None:
    queue.send(start_then_wait.name, str(queue.output), 2)
    first = queue.start_worker()
    assert queue.wait_for(lambda lines: lines == ["begun"]) == ["begun"]
    kill(first)
    queue.start_worker()
    lines = queue.wait_for(lambda lines: "ended" in lines)
    assert lines == ["begun", "begun", "ended"]


def test_every_task_on_the_clock_exists() -> None:
    app.loader.import_default_modules()
    planned = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned - set(app.tasks) == set()


def test_no_call_from_the_clock_outlives_the_next_one() -> None:
    planned: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    for name, entry in planned.items():
        every: Any = entry["schedule"]
        if type(every) is crontab:
            at: Any = every
            minutes = sorted(at.minute)
            apart = [b - a for a, b in pairwise([*minutes, minutes[0] + 60])]
            every = 24 * 3600 if len(at.hour) == 1 and len(minutes) == 1 else 60 * min(apart)
        assert 0 < entry["options"]["expires"] <= every, name


def test_a_worker_passes_over_calls_whose_time_is_past(tmp_path: Path) -> None:
    queue = Queue("filesystem", tmp_path)
    try:
        for number in range(3):
            queue.send(write_line.name, str(queue.output), f"late {number}", expires=0.01)
        queue.send(write_line.name, str(queue.output), "in time", expires=60)
        time.sleep(0.1)
        queue.start_worker()
        assert queue.wait_for(lambda lines: "in time" in lines) == ["in time"]
    finally:
        queue.close()
