"""What the gate finds: a rule, a place and words."""

from dataclasses import dataclass
from enum import StrEnum

from forms_app.schema import FieldSchema


class Level(StrEnum):
    """Whether it stops the form."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """Something in the form that breaks a rule, or nearly does."""

    level: Level
    #: «WCAG 3.3.2» or «GDPR 9».
    rule: str
    message: str
    step: int | None = None
    field: int | None = None

    @property
    def stops(self) -> bool:
        """Whether it stops publishing."""
        return self.level is Level.ERROR


@dataclass(frozen=True)
class Place:
    """A question and where it stands; questions of a group stand where the group does."""

    schema: FieldSchema
    step: int
    field: int

    def error(self, rule: str, message: str) -> Finding:
        """It stops the form."""
        return Finding(Level.ERROR, rule, message, self.step, self.field)

    def advice(self, rule: str, message: str) -> Finding:
        """It does not stop the form."""
        return Finding(Level.ADVICE, rule, message, self.step, self.field)
