"""One archive with a list of what is in it: the same content gives the same bytes."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
# The oldest day a zip knows. A file's own day would make two packages of the same differ.
TIME = (1980, 1, 1, 0, 0, 0)


def write(target: IO[bytes], files: Iterable[tuple[str, bytes]], about: dict[str, Any]) -> int:
    """Write the files and, last, their list; how many files there are.

    `SHA256SUMS` is read by `sha256sum -c`, so that anyone can check the package without us.

    :param about: what the list says of the package itself.
    :raises ValueError: when two files have the same name.
    """
    listed: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files:
            if name in listed:
                raise ValueError(f"two files are called {name}")
            listed[name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            _add(archive, name, content)
        named = sorted(listed.items())
        manifest = {**about, "files": [{"name": name, **told} for name, told in named]}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        _add(archive, MANIFEST, text.encode())
        sums = "".join(f"{told['sha256']}  {name}\n" for name, told in named)
        _add(archive, SUMS, sums.encode())
    return len(listed)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    told = zipfile.ZipInfo(name, TIME)
    told.compress_type = zipfile.ZIP_DEFLATED
    told.external_attr = 0o644 << 16
    archive.writestr(told, content)


def wrong(source: IO[bytes]) -> list[str]:
    """Files that are not what the package's list says, lacking ones and unlisted ones."""
    with zipfile.ZipFile(source) as archive:
        listed = {one["name"]: one for one in json.loads(archive.read(MANIFEST))["files"]}
        there = set(archive.namelist()) - {MANIFEST, SUMS}
        differing = [
            name
            for name in sorted(there & set(listed))
            if hashlib.sha256(archive.read(name)).hexdigest() != listed[name]["sha256"]
        ]
    return differing + sorted(there ^ set(listed))
