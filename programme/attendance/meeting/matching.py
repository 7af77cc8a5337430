"""Whose a row of a report is: by personal join token or e-mail address, never by name. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.models import ALPHABET

_TOKEN = re.compile(rf"(?<![a-z0-9])[{ALPHABET}]{{12}}(?![a-z0-9])")
TOKEN, EMAIL = "token", "email"


@dataclass(frozen=True)
class Expected:
    """Someone on the list, and what a report may say of them."""

    person: int
    token: str
    emails: tuple[str, ...]


class Register:
    """Who is expected, found by what reports carry."""

    def __init__(self, expected: Iterable[Expected]) -> None:
        self._tokens: dict[str, int] = {}
        emails: dict[str, set[int]] = defaultdict(set)
        for each in expected:
            self._tokens[each.token] = each.person
            for email in each.emails:
                if email.strip():
                    emails[email.strip().casefold()].add(each.person)
        # An address that two share tells nothing.
        self._emails = {email: min(who) for email, who in emails.items() if len(who) == 1}

    def find(self, *, email: str, cells: Iterable[str]) -> tuple[int, str] | None:
        """The person and how they were found; nothing when a human has to decide."""
        found = {
            self._tokens[token]
            for cell in cells
            for token in _TOKEN.findall(cell)
            if token in self._tokens
        }
        person = self._emails.get(email.strip().casefold())
        # A token that was lent, or two of them: what speaks for two persons is nobody's yet.
        if len(found) > 1 or (found and person not in {None, *found}):
            return None
        if found:
            return found.pop(), TOKEN
        return None if person is None else (person, EMAIL)
