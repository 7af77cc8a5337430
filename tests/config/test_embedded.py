"""The embedded PostgreSQL: started once for many, stopped by the last, never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config import embedded

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
import psycopg
from config.embedded import database_url
url = database_url(Path(sys.argv[1]), durable=False)
with psycopg.connect(url) as connection:
    print(*connection.execute("SELECT pg_postmaster_start_time(), upper('å')").fetchone(), flush=True)
sys.stdin.read()
"""


def user_of(data_dir: Path) -> "subprocess.Popen[str]":
    """A process that uses the server until its input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", USE_UNTIL_TOLD, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def leave(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=30)


def servers_on(data_dir: Path) -> list[int]:
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if (command := process.info["cmdline"])
        and command[0].endswith("/postgres")
        and str(data_dir) in command
    ]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    # Below a folder that only its owner may enter, as a home folder is.
    tmp_path.chmod(0o700)
    return tmp_path / "server"


def test_processes_that_start_together_share_one_server(data_dir: Path) -> None:
    users = [user_of(data_dir) for _ in range(4)]
    answers = {said(process) for process in users}
    assert len(answers) == 1
    assert answers.pop().endswith("Å")
    assert len(servers_on(data_dir)) == 1
    assert embedded.in_use(data_dir)
    for process in users:
        leave(process)
    assert servers_on(data_dir) == []
    assert not embedded.in_use(data_dir)


def test_only_the_last_one_to_leave_stops_the_server(data_dir: Path) -> None:
    first, second = user_of(data_dir), user_of(data_dir)
    said(first), said(second)
    leave(first)
    assert len(servers_on(data_dir)) == 1
    leave(second)
    assert servers_on(data_dir) == []


def test_a_killed_process_does_not_keep_the_server_alive(data_dir: Path) -> None:
    killed, other = user_of(data_dir), user_of(data_dir)
    said(killed), said(other)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    leave(other)
    assert servers_on(data_dir) == []


def test_a_killed_server_starts_again_with_its_data(data_dir: Path) -> None:
    first = user_of(data_dir)
    started = said(first)
    (server,) = servers_on(data_dir)
    os.kill(server, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while psutil.pid_exists(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    second = user_of(data_dir)
    assert said(second) not in ("", started)
    leave(first)
    leave(second)
    assert servers_on(data_dir) == []


def test_an_interrupted_creation_leaves_nothing_that_looks_finished(data_dir: Path) -> None:
    unfinished = data_dir.with_name("server.new")
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    user = user_of(data_dir)
    assert said(user).endswith("Å")
    leave(user)


def test_a_path_too_long_for_a_socket_still_works(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 30) / "server"
    user = user_of(data_dir)
    assert said(user).endswith("Å")
    leave(user)
    assert servers_on(data_dir) == []
