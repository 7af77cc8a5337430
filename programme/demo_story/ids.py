"""Public ids that follow from a seed, so that the same demo has the same addresses."""

import random

from core.models import ALPHABET


class Ids:
    """A row of public ids, some 57 bits each, as random ones have."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(f"ids/{seed}")

    def new(self) -> str:
        """The next one."""
        return "".join(self._random.choices(ALPHABET, k=12))
