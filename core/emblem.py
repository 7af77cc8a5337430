"""The Union's emblem with its statement, for mail: a picture that every mail program shows.

Mail programs leave SVG out, and most of them hold back pictures from the network, so
the mail carries the picture itself. It is made from the drawing, and by nothing else:
``python -m core.emblem`` draws ``static/emblem/eu-*.png`` anew.
"""

from pathlib import Path
from typing import Any, cast

import typst

FOLDER = Path(__file__).resolve().parent.parent / "static" / "emblem"
# The drawing's height in points; a mail shows the picture at a third of its dots, sharp everywhere.
HEIGHT_SHOWN = 46
DOTS_FOR_EACH = 3

_PAGE = """
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image("emblem.svg", height: {height}pt)
"""


def drawn(name: str) -> bytes:
    """The PNG of ``static/emblem/<name>.svg`` on white, as a mail carries it."""
    files: dict[str, bytes | Path] = {
        "main.typ": _PAGE.format(height=HEIGHT_SHOWN).encode(),
        "emblem.svg": FOLDER / f"{name}.svg",
    }
    return typst.compile(
        cast(Any, files), format="png", ppi=72.0 * DOTS_FOR_EACH, ignore_system_fonts=True
    )


def main() -> None:
    """Draw the pictures of both languages."""
    for name in ("eu-sv", "eu-en"):
        (FOLDER / f"{name}.png").write_bytes(drawn(name))


if __name__ == "__main__":
    main()
