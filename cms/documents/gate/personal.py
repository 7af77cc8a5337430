"""Personal data in text: Swedish identity numbers with their check digit, and e-mail addresses."""

import re
from collections.abc import Iterator

from personnummer import personnummer

# Twelve or ten digits; also with spaces, as people write them in running text.
NUMBER = re.compile(r"(?<![\d-])(?:(?:18|19|20)\d{2}|\d{2})\d{4}[ ]?[-+–]?[ ]?\d{4}(?![\d-])")
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
BETWEEN = re.compile(r"[\s\u00a0]+")


def in_text(text: str, place: str) -> Iterator[tuple[str, str]]:
    """The kinds of personal data in the text; what was found is not repeated."""
    if any(map(is_number, NUMBER.findall(text.replace("\u00a0", " ")))):
        yield "personal_number", place
    if ADDRESS.search(text):
        yield "email", place


def is_number(written: str) -> bool:
    """Whether it is an identity or co-ordination number: the date exists and the digits add up."""
    compact = BETWEEN.sub("", written).replace("–", "-")
    try:
        return bool(personnummer.valid(compact))
    except ValueError:
        return False
