"""Which figures a member is shown: pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A number of persons against the plan; nothing where they are so few that it tells of them."""

    shown: int | None
    planned: int

    @property
    def hidden(self) -> bool:
        """Whether there is somebody, but too few to tell of."""
        return self.shown is None


def figure(persons: int, planned: int, limit: int) -> Figure:
    """The number, unless it is of fewer persons than the limit; nobody at all is told."""
    return Figure(None if 0 < persons < limit else persons, planned)
