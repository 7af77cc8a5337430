"""What is wrong with the emblem on something that leaves the house; nothing when all is well.

Regulation (EU) 2021/1060 article 50 and annex IX: the emblem with its statement in full
beside it, and at least as large as the largest other logo.
"""

import email
import io
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any, cast

from pypdf import PdfReader

from core.emblem import FOLDER

STATEMENT = {
    "sv": "Medfinansieras av Europeiska unionen",
    "en": "Co-funded by the European Union",
}
# Who else has a mark here; a photograph or a chart is none.
LOGO = re.compile(r"brand/|logo|mark\.svg|logotyp", re.I)
HIDDEN = re.compile(r"hidden|display:\s*none", re.I)


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append({name: value or "" for name, value in attrs})


def pictures_of(html: str) -> list[dict[str, str]]:
    """The attributes of every picture."""
    parser = _Pictures()
    parser.feed(html)
    return parser.found


def faults_in_page(html: str, language: str, *, source: str = "emblem/eu-") -> list[str]:
    """What is wrong with the emblem on a page."""
    pictures = pictures_of(html)
    emblems = [one for one in pictures if source in one.get("src", "")]
    if not emblems:
        return ["no emblem"]
    found = []
    first = emblems[0]
    if first.get("alt") != STATEMENT[language]:
        found.append(f"the emblem says {first.get('alt')!r}")
    if any(HIDDEN.search(value) for value in (first.get("style", ""), first.get("class", ""))):
        found.append("the emblem is hidden")
    for one in pictures:
        if one not in emblems and LOGO.search(one.get("src", "") + one.get("class", "")):
            found += [
                f"{one.get('src')} is larger"
                for side in ("width", "height")
                if int(one.get(side, 10_000)) > int(first.get(side, 0))
            ]
    return found


def faults_in_mail(sent: bytes, language: str = "sv") -> list[str]:
    """What is wrong with the emblem in a mail, as a mail server gets it."""
    mail = cast(EmailMessage, email.message_from_bytes(sent, policy=cast(Any, default)))
    found = []
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    if text is None or html is None:
        return ["a version is missing"]
    if str(text.get_content()).count(STATEMENT[language]) != 1:
        found.append("the text does not say it once")
    shown = str(html.get_content())
    if shown.count(STATEMENT[language]) != 1:
        found.append("the HTML does not say it once")
    found += faults_in_page(shown, language, source="cid:emblem")
    carried = [part for part in mail.walk() if part.get("Content-ID") == "<emblem>"]
    picture = FOLDER / f"eu-{language}.png"
    if [part.get_payload(decode=True) for part in carried] != [picture.read_bytes()]:
        found.append("the picture is not in the mail")
    elif mail.get_content_type() != "multipart/related":
        found.append("the picture is a file beside the text")
    return found


def faults_in_pdf(made: bytes, language: str) -> list[str]:
    """What is wrong with the emblem in a PDF: found among its tagged pictures, with their sizes."""
    figures = list(_figures(PdfReader(io.BytesIO(made))))
    emblems = [box for words, box in figures if words == STATEMENT[language]]
    if not emblems:
        return ["no emblem"]
    width, height = _sides(emblems[0])
    found = [] if height >= 28 else [f"the emblem is {height:.0f} points high"]
    for words, box in figures:
        # Larger than every other mark, counted by either side as annex IX does.
        if words != STATEMENT[language] and _sides(box)[0] > width and _sides(box)[1] > height:
            found.append(f"{words!r} is larger")
    return found


def _sides(box: list[float]) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _figures(reader: PdfReader) -> Iterator[tuple[str, list[float]]]:
    """Every tagged picture: its words and its box."""
    root = cast(Any, reader.trailer["/Root"])
    stack = [root["/StructTreeRoot"]]
    while stack:
        node = stack.pop().get_object()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                yield str(node.get("/Alt", "")), _box(node)
            if "/K" in node:
                stack.append(node["/K"])


def _box(node: dict[str, Any]) -> list[float]:
    layout: Any = node.get("/A")
    layout = layout.get_object() if layout is not None else []
    for each in layout if isinstance(layout, list) else [layout]:
        if "/BBox" in each.get_object():
            return [float(side) for side in each.get_object()["/BBox"]]
    return [0.0, 0.0, 0.0, 0.0]
