"""Style sheets and scripts as few small files: joined, compressed and named by their content.

A page asks for one style sheet instead of a dozen, in a tenth of the bytes. The name
holds a digest of the content, so a browser keeps the file for ever and a new version
has a new name. Packs are made when first asked for and kept in the process.
"""

import gzip
import hashlib
import logging
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse

log = logging.getLogger(__name__)

LIBRARY_STYLE = "vendor/govuk/govuk-frontend.min.css"
LIBRARY_SCRIPT = "vendor/govuk/govuk-frontend.min.js"
SHARED_STYLES = (LIBRARY_STYLE, "css/tokens.css", "css/portal.css")
PORTAL_SCRIPT = "js/portal.js"

_ADDRESS = re.compile(r"""url\(\s*["']?(?!data:|https?:|/|#)([^"')]+)["']?\s*\)""")
_MAP = re.compile(r"(?:/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)")


@dataclass(frozen=True)
class Pack:
    """One file as it is sent, plain and compressed."""

    name: str
    content_type: str
    plain: bytes
    gzipped: bytes
    brotlied: bytes
    digest: str

    @property
    def address(self) -> str:
        """Where it is; another content has another address."""
        return reverse("packed", args=[self.digest, self.name])


def pack(name: str) -> Pack | None:
    """The pack of this name, or None when there is no such pack."""
    maker = _MAKERS.get(name)
    # While style sheets are being written, each visit reads them anew.
    return (maker() if settings.DEBUG else _kept(name)) if maker else None


@lru_cache(maxsize=8)
def _kept(name: str) -> Pack:
    return _MAKERS[name]()


def room_styles() -> tuple[str, ...]:
    """The style sheets that single rooms add: static/css/<room>.css."""
    folder = Path(settings.BASE_DIR) / "static" / "css"
    # A name with a hyphen (workflows-editor.css) is for a page that asks for it itself.
    return tuple(
        f"css/{file.name}"
        for file in sorted(folder.glob("*.css"))
        if f"css/{file.name}" not in SHARED_STYLES and "-" not in file.stem
    )


def _styles() -> Pack:
    parts = [_with_whole_addresses(name) for name in (*SHARED_STYLES, *room_styles())]
    return _made("portal.css", "text/css; charset=utf-8", "\n".join(parts))


def _script() -> Pack:
    """The portal's script, which asks for the library by its packed name."""
    library = pack("library.js")
    assert library is not None
    text = re.sub(r'"[^"]*govuk-frontend\.min\.js"', f'"{library.address}"', _text(PORTAL_SCRIPT))
    return _made("portal.js", "text/javascript; charset=utf-8", text)


def _library() -> Pack:
    return _made("library.js", "text/javascript; charset=utf-8", _text(LIBRARY_SCRIPT))


_MAKERS: dict[str, Callable[[], Pack]] = {
    "portal.css": _styles,
    "portal.js": _script,
    "library.js": _library,
}


def _made(name: str, content_type: str, text: str) -> Pack:
    plain = _MAP.sub("", text).encode()
    return Pack(
        name=name,
        content_type=content_type,
        plain=plain,
        gzipped=gzip.compress(plain, mtime=0),
        brotlied=brotli.compress(plain, quality=9),
        digest=hashlib.sha256(plain).hexdigest()[:16],
    )


def _text(name: str) -> str:
    """A static file, from where it is written or from where it has been collected to."""
    found = finders.find(name)
    if found:
        return Path(found).read_text(encoding="utf-8")
    try:
        with staticfiles_storage.open(name) as file:
            return bytes(file.read()).decode()
    except FileNotFoundError:
        # A page without its looks can still be read and used.
        log.error("%s is missing: run «npm ci» and collectstatic", name)
        return ""


def _with_whole_addresses(name: str) -> str:
    """The style sheet with its fonts and pictures by their full address."""
    folder = posixpath.dirname(name)

    def whole(match: re.Match[str]) -> str:
        return f'url("{static(posixpath.normpath(posixpath.join(folder, match[1])))}")'

    return _ADDRESS.sub(whole, _text(name))
