"""Numbers that check themselves: pure decisions about digits."""

import re

# Swedish organisation numbers: the third digit is at least 2, so that they can
# never be mistaken for a personal identity number, whose third is a month's.
ORGANISATION_NUMBER = re.compile(r"^\d{2}[2-9]\d{3}-?\d{4}$", re.ASCII)


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (modulus 10)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def organisation_number(text: str) -> str | None:
    """The number as ``NNNNNN-NNNN``, or none when it is not a valid one."""
    text = text.strip()
    digits = text.replace("-", "")
    if not ORGANISATION_NUMBER.match(text) or not luhn_holds(digits):
        return None
    return f"{digits[:6]}-{digits[6:]}"


def lineage_of(own_id: int, above: list[int]) -> list[int]:
    """A node's line: everyone above it from the root down, and itself last."""
    return [*above, own_id]
