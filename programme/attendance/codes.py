"""Codes that change: pure, from a secret and the time.

A code says nothing by itself: it counts only for who is on the list of an
occasion that is going on.
"""

import datetime
import hashlib
import hmac

from core.models import ALPHABET

SCREEN_LENGTH, PERSONAL_LENGTH = 6, 8


def step_of(moment: datetime.datetime, seconds: int) -> int:
    """Which code's turn it is."""
    return int(moment.timestamp()) // seconds


def seconds_left(moment: datetime.datetime, seconds: int) -> int:
    """How long the code of the moment is still shown."""
    return seconds - int(moment.timestamp()) % seconds


def screen_code(secret: str, *, occasion: str, occasion_secret: str, step: int) -> str:
    """The code of one occasion and one step."""
    return _short(secret, f"screen:{occasion}:{occasion_secret}:{step}", SCREEN_LENGTH)


def personal_code(secret: str, *, person: str, day: datetime.date) -> str:
    """The code of one person and one day."""
    return _short(secret, f"person:{person}:{day.isoformat()}", PERSONAL_LENGTH)


def device_digest(secret: str, *, occasion: str, device: str) -> str:
    """A device at one occasion; the same device gives another digest at the next one."""
    return _mac(secret, f"device:{occasion}:{device}").hex()[:32]


def typed(text: str) -> str:
    """A code as typed: without spaces, hyphens and capitals."""
    return "".join(text.split()).replace("-", "").lower()[:40]


def same(one: str, other: str) -> bool:
    """Whether two codes are equal, in a time that does not tell how nearly."""
    return hmac.compare_digest(one.encode(), other.encode())


def shown(code: str) -> str:
    """The code in groups, as it is read aloud."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def _mac(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), f"attendance:{text}".encode(), hashlib.sha256).digest()


def _short(secret: str, text: str, length: int) -> str:
    number = int.from_bytes(_mac(secret, text), "big")
    signs = []
    for _each in range(length):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)
