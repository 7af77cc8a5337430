"""Whether a text says anything to whoever reads it."""

import unicodedata


def says(text: str) -> bool:
    """Whether there is anything to read: not only spaces, and not only what no one can see.

    Zero-width characters, marks of writing direction and control characters count as nothing,
    so they are no reason for a correction.
    """
    # Z are spaces of every kind; C are control, format, unassigned and private characters.
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def whole(text: str) -> int | None:
    """The whole number that somebody wrote in figures; nothing for anything else.

    A raised ² is a digit to «isdigit» and no number to «int», which also refuses thousands of
    figures: what no key and no column can hold is not read at all.
    """
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else None


def said(text: str) -> str:
    """The text without the space around it; nothing where it says nothing."""
    return text.strip() if says(text) else ""
