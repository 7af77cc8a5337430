"""A document in words: what the page shows, what the PDF prints, what the digest covers."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Row:
    """A label with its value, and what more there is to say of it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """Labels with values."""

    rows: Sequence[Row]
    kind: str = "facts"


@dataclass(frozen=True)
class Table:
    """Rows under heads; ``widths`` are shares of the line, 0 as wide as it needs."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    caption: str = ""
    kind: str = "table"

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each cell with its head, for narrow pages where a row becomes a card."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Entry:
    """Something that happened: what, how it went, what was said, and the particulars."""

    title: str
    rows: Sequence[Row] = ()
    tag: str = ""
    colour: str = "teal"
    quote: str = ""
    kind: str = "entry"


@dataclass(frozen=True)
class Note:
    """A sentence that explains."""

    text: str
    kind: str = "note"


Block = Facts | Table | Entry | Note


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it."""

    title: str
    blocks: Sequence[Block] = ()
    level: int = 2
    tag: str = ""
    colour: str = "grey"


@dataclass(frozen=True)
class Document:
    """The whole of it."""

    title: str
    kicker: str
    heading: str
    lead: str
    language: str
    sections: Sequence[Section] = field(default_factory=tuple)

    def canonical(self) -> bytes:
        """The content in its one canonical form; the file that follows with the PDF."""
        plain = asdict(self)
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form: the same content has the same digest."""
        return hashlib.sha256(self.canonical()).hexdigest()
