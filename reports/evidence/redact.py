"""No personal identity number leaves in a print, wherever somebody has typed it."""

import re

from django.utils.translation import gettext as _

from people.identity import BadIdentityNumber, parse

# Eight or six digits, a sign or none, four digits – also with the last ones hidden.
NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:18|19|20)?\d{6}[-+–\u00a0 ]?(?:\d{4}|\*{4})(?![0-9A-Za-z])"
)


def without_numbers(text: str) -> str:
    """The text with each personal identity number taken away, and told so."""
    return NUMBER.sub(_instead, text)


def _instead(match: re.Match[str]) -> str:
    written = match.group()
    if not written.endswith("*"):
        try:
            parse(written)
        except BadIdentityNumber:
            return written
    return _("[identity number left out]")
