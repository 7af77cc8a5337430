"""What the writes of registers answer when they refuse."""

from collections.abc import Mapping, Sequence

from programme.errors import Refused


class Invalid(Refused):
    """What was given cannot be kept; holds the reasons by field."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(" ".join(one for said in errors.values() for one in said))
        self.errors = errors
