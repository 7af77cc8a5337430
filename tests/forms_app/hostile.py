"""Files made to do harm, generated from a fixed seed; nothing hostile lies in the repository."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from forms_app.files import EICAR

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n"
SCRIPT = b"<script>alert(document.cookie)</script>"


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture, or what says that it is one of that size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 14))
        + chunk(b"IEND", b"")
    )


def jpg(width: int = 2, height: int = 2) -> bytes:
    """The markers of a JPEG."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = (
        b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\1\x11\0\2\x11\1\3\x11\1"
    )
    return b"\xff\xd8" + app + frame + b"\xff\xda\0\2" + b"\0" * 20 + b"\xff\xd9"


def office(main: str, extra: dict[str, bytes] | None = None, types: bool = True) -> bytes:
    """An Office file with the given main part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if types:
            archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


DOCX, XLSX = "word/document.xml", "xl/workbook.xml"


def honest() -> Iterator[tuple[str, bytes]]:
    """What people really send: every one must be taken in."""
    yield "plan.pdf", PDF
    yield "plan.PDF", PDF
    yield "plan.docx", office(DOCX)
    yield "lista.xlsx", office(XLSX)
    yield "bild.png", png()
    yield "foto.jpg", jpg()
    yield "foto.jpeg", jpg()
    yield "text.txt", "Åtgärder för språk".encode()
    yield "gammal.txt", "Åtgärder".encode("cp1252")
    yield "excel.txt", b"\xef\xbb\xbfhej;d\xc3\xa5\r\n"


def hostile() -> Iterator[tuple[str, bytes]]:
    """What must never be stored."""
    yield "page.html", SCRIPT
    yield "picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"
    yield "program.exe", b"MZ\x90\0"
    yield "noextension", PDF
    yield ".htaccess", b"Options +Indexes"
    yield "plan.pdf.exe", PDF
    yield "plan.exe\x00.pdf", b"MZ\x90\0"
    yield "macro.docm", office(DOCX)
    yield "archive.zip", office("x")
    yield "empty.pdf", b""
    for name in ("a.pdf", "a.png", "a.jpg", "a.docx", "a.xlsx"):
        yield name, SCRIPT
        yield name, b"<!DOCTYPE html><html>" + SCRIPT
        yield name, b"MZ\x90\0" + b"\0" * 200
        yield name, b"#!/bin/sh\nrm -rf /\n"
        yield name, b"plain words"
    for content in (
        SCRIPT,
        b"\xef\xbb\xbf" + SCRIPT,
        b"#!/bin/sh\n",
        b"MZ\x90",
        b"a\0b",
        b"\x1b[2J",
    ):
        yield "a.txt", content
    yield "svg.txt", b"  \n<svg onload=alert(1)>"
    yield "php.txt", b"<?php system($_GET[0]);"
    # Two things at once.
    archive = office("x")
    yield "poly.pdf", PDF + archive
    yield "poly.png", png() + archive
    yield "poly.png", png() + SCRIPT
    yield "poly.jpg", jpg() + archive
    yield "late.pdf", SCRIPT + PDF
    yield "gif.pdf", b"GIF89a" + PDF
    yield (
        "active.pdf",
        PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    )
    yield "launch.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/Launch/F(cmd)>>")
    yield "cut.pdf", b"%PDF-1.4\n"
    # The industry's test file.
    yield "eicar.txt", EICAR + b"!$H+H*"
    yield "eicar.pdf", PDF.replace(b"%%EOF", EICAR + b"\n%%EOF")
    # Pixel floods and broken pictures.
    yield "flood.png", png(100_000, 100_000)
    yield "flood.jpg", jpg(65_535, 65_535)
    yield "zero.png", png(0, 5)
    yield "cut.png", png()[:-20]
    yield "lying.png", png()[:33] + struct.pack(">I", 0xFFFFFFFF) + b"IDAT" + b"x"
    yield "loop.jpg", b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0"
    # Archives that want to burst, lie or climb.
    yield "bomb.docx", office(DOCX, {"word/bomb.xml": b"\0" * 30_000_000})
    yield "many.xlsx", office(XLSX, {f"xl/{n}.xml": b"" for n in range(2_500)})
    yield "climb.docx", office(DOCX, {"../../etc/passwd": b"x"})
    yield "absolute.docx", office(DOCX, {"/etc/passwd": b"x"})
    yield "macro.docx", office(DOCX, {"word/vbaProject.bin": b"x"})
    yield "typeless.docx", office(DOCX, types=False)
    yield "wrongmain.docx", office(XLSX)
    yield "wrongmain.xlsx", office(DOCX)
    good = office(DOCX)
    yield "prefixed.docx", SCRIPT + good
    yield "cut.docx", good[: len(good) // 2]
    yield (
        "locked.docx",
        good.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
    )
    yield "spoofed.docx", spoofed(good)
    # The same good beginnings with noise after them.
    noise = random.Random(20261122)
    for name, content in (("n.png", png()), ("n.docx", good), ("n.xlsx", office(XLSX))):
        for _ in range(4):
            broken = bytearray(content)
            for _ in range(12):
                broken[noise.randrange(8, len(broken))] = noise.randrange(256)
            yield name, bytes(broken[: noise.randrange(20, len(broken) - 6)])


def spoofed(content: bytes) -> bytes:
    """Every member declared four gigabytes large in the directory."""
    at, made = content.find(b"PK\x01\x02"), bytearray(content)
    while at >= 0:
        made[at + 24 : at + 28] = b"\xfe\xff\xff\xff"
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(made)
