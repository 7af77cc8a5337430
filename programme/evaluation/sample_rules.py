"""How a sample is drawn, and what an extract says of a person: pure rules."""

import datetime
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from programme.figure_rules import age_on


@dataclass(frozen=True)
class Candidate:
    """Somebody who has said yes, and the stratum they are drawn in."""

    key: str
    stratum: str


@dataclass(frozen=True)
class Drawn:
    """Who is drawn, by stratum, and from how many."""

    picked: Mapping[str, Sequence[str]]
    population: Mapping[str, int]
    digest: str


def draw(candidates: Iterable[Candidate], *, seed: str, each: int) -> Drawn:
    """So many of each stratum: those whose digest with the seed comes first.

    The same seed, rule and candidates give the same people whatever order they come in, and
    whoever is not a candidate any more moves nobody else.
    """
    strata: dict[str, list[str]] = {}
    for one in sorted(candidates, key=lambda one: one.key):
        strata.setdefault(one.stratum, []).append(one.key)
    picked = {
        stratum: sorted(keys, key=lambda key: _lot(seed, key))[:each]
        for stratum, keys in sorted(strata.items())
    }
    everyone = "\n".join(sorted(key for keys in strata.values() for key in keys))
    return Drawn(
        picked=picked,
        population={stratum: len(keys) for stratum, keys in sorted(strata.items())},
        digest=hashlib.sha256(everyone.encode()).hexdigest(),
    )


def _lot(seed: str, key: str) -> str:
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


# Letters only, so that no code looks like a number of anybody's.
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")


def code_of(salt: str, key: str) -> str:
    """A person's code in one extract: the same in all its rows, and in no other extract."""
    digest = hmac.new(salt.encode(), key.encode(), hashlib.sha256).hexdigest()
    return digest[:12].translate(_LETTERS)


# The bands that regulation (EU) 2021/1057 annex I counts in, and two between them.
BANDS = ((18, "< 18"), (30, "18–29"), (45, "30–44"), (55, "45–54"))


def age_band(born: datetime.date | None, on: datetime.date) -> str:
    """The age band on the day; nothing when the birth date is not known."""
    if born is None:
        return ""
    age = age_on(born, on)
    return next((word for below, word in BANDS if age < below), "≥ 55")
