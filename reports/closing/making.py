"""Making the package, a file at a time, and keeping the newest one of each who asks."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.utils import timezone

from people.models import User
from programme.models import Programme
from reports.closing import package, sources
from reports.closing.access import with_trail


@dataclass(frozen=True)
class Made:
    """A package that lies ready."""

    made_at: str
    files: int
    size: int
    sha256: str
    left_out: list[str]


def _store() -> Storage:
    return storages["private"]


def _name(user: User) -> str:
    return f"closing/{user.public_id}"


def ready(user: User) -> Made | None:
    """What the user has last had made."""
    name = f"{_name(user)}.json"
    if not _store().exists(name):
        return None
    with _store().open(name) as file:
        return Made(**json.load(file))


def opened(user: User) -> File:  # type: ignore[type-arg]
    """The package itself; the caller has been asked before."""
    return _store().open(f"{_name(user)}.zip")


def make(
    *,
    programme: Programme,
    actor: User,
    total: Callable[[int], None] = lambda number: None,
    advance: Callable[[int], None] = lambda number: None,
) -> Made:
    """Write the package and keep it in the place of the one before.

    :param total: told how many files there are; :param advance: told of each that is written.
    """
    live, left_out = sources.pages(), []
    versions = list(sources.document_files())
    total(len(live) + len(versions) + 1)

    def files() -> Iterator[sources.File]:
        for page in live:
            made = sources.page_file(page)
            if made is None:
                left_out.append(f"{page.title} ({page.locale.language_code})")
            else:
                yield made
            advance(1)
        for version in versions:
            yield sources.version_file(version)
            advance(1)
        yield from sources.registers(programme)
        if with_trail(actor):
            yield from sources.trail()

    about = {"programme": programme.record_number, "name": programme.name, "left_out": left_out}
    with tempfile.TemporaryFile() as whole:
        number = package.write(whole, files(), about)
        size = whole.tell()
        whole.seek(0)
        digest = hashlib.file_digest(whole, "sha256").hexdigest()
        whole.seek(0)
        _keep(f"{_name(actor)}.zip", File(whole))
    made = Made(timezone.now().isoformat(), number, size, digest, left_out)
    _keep(f"{_name(actor)}.json", ContentFile(json.dumps(asdict(made)).encode()))
    advance(1)
    return made


def _keep(name: str, content: "File[bytes]") -> None:
    # Only the newest: nobody clears away a pile of packages.
    _store().delete(name)
    _store().save(name, content)
