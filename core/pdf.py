"""PDF that everyone can read: tagged, titled and checked against PDF/UA-1 while it is made.

A template is a Typst file in ``templates/pdf``; it reads its values from one
JSON input. What people have typed is therefore only ever text: there is no
markup to fall into. The template sees the files it is given and nothing else
of the machine. The same values at the same moment give the same bytes.
"""

import atexit
import datetime
import json
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

# The faces of the pages. Their files hold one alphabet each, so each becomes a family of its own.
FACES = {
    "Portal Sans": "vendor/sans/source-sans-3-{}-wght-normal.woff2",
    "Portal Serif": "vendor/serif/source-serif-4-{}-wght-normal.woff2",
}
ALPHABETS = ("latin", "latin-ext", "greek", "cyrillic")
SHARED = ("base.typ",)
EMBLEMS = {"sv": "emblem/eu-sv.svg", "en": "emblem/eu-en.svg"}
KEPT = frozenset("\n\u00ad")


class MissingFile(RuntimeError):
    """A font or a picture that every PDF needs has not been installed."""


def render(
    template: str,
    data: Mapping[str, Any],
    *,
    made_at: datetime.datetime,
    attached: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF that ``templates/pdf/<template>.typ`` makes of the data.

    :param data: JSON values; the template gets them as ``data`` from ``base.typ``.
    :param made_at: the only thing besides the data that the bytes depend on.
    :param attached: files by name that follow with the PDF, byte for byte.
    :raises typst.TypstError: when the template is at fault or breaks PDF/UA-1.
    """
    folder = Path(settings.BASE_DIR) / "templates" / "pdf"
    files: dict[str, bytes | Path] = {name: folder / name for name in SHARED}
    files["main.typ"] = folder / f"{template}.typ"
    files["emblem.svg"] = _static(EMBLEMS.get(str(data.get("language")), EMBLEMS["sv"]))
    for name, content in (attached or {}).items():
        files[f"attached/{name}"] = content
    text = json.dumps(printable(data), ensure_ascii=False)
    return typst.compile(
        cast(Any, files),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )


def printable(value: Any) -> Any:
    """The values with every character that cannot be printed written as its number.

    PDF/UA refuses a text that the faces lack signs for. Controls that turn the
    order of writing are shown too, or a text could say something else than it looks.
    """
    if isinstance(value, str):
        return value if _is_plain(value) else "".join(map(_sign, value.replace("\r\n", "\n")))
    if isinstance(value, Mapping):
        return {printable(key): printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value


def _sign(character: str) -> str:
    if character in KEPT or (
        ord(character) in _covered() and unicodedata.category(character)[0] != "C"
    ):
        return character
    if character in "\t\r\v\f":
        return " "
    return f"[U+{ord(character):04X}]"


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _static(name: str) -> Path:
    """A static file, from where it is written or from where it has been collected to."""
    found = finders.find(name) or str(Path(settings.STATIC_ROOT) / name)
    path = Path(found)
    if not path.is_file():
        raise MissingFile(f"{name} is missing: run «npm ci» and collectstatic")
    return path


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """Every character that all faces have a sign for."""
    covered: dict[str, set[int]] = {family: set() for family in FACES}
    for family, _name, path in _files():
        with TTFont(path) as font:
            covered[family] |= set(font.getBestCmap())
    return frozenset(set.intersection(*covered.values()))


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """The faces unpacked for the compiler, once a process, in a folder that goes away with it.

    They are never passed on, and carry names of ours while they are there, since
    the licence keeps the real names for files that nobody has changed.
    """
    folder = tempfile.TemporaryDirectory(prefix="portal-fonts-")
    atexit.register(folder.cleanup)
    for _family, name, path in _files():
        with TTFont(path) as font:
            font.flavor = None
            for record in font["name"].names:
                if record.nameID in (1, 4, 6, 16):
                    record.string = name
            font.save(Path(folder.name) / f"{path.stem}.ttf", reorderTables=False)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder.name]
    )


def _files() -> Iterator[tuple[str, str, Path]]:
    for family, pattern in FACES.items():
        for alphabet in ALPHABETS:
            name = family if alphabet == ALPHABETS[0] else f"{family} {alphabet}"
            yield family, name, _static(pattern.format(alphabet))
