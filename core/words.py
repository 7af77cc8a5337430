"""Whether a text says anything to whoever reads it."""

import unicodedata


def says(text: str) -> bool:
    """Whether there is anything to read: not only spaces, and not only what no one can see.

    Zero-width characters, marks of writing direction and control characters count as nothing,
    so they are no reason for a correction.
    """
    # Z are spaces of every kind; C are control, format, unassigned and private characters.
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def said(text: str) -> str:
    """The text without the space around it; nothing where it says nothing."""
    return text.strip() if says(text) else ""
