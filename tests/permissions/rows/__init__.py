"""Who knocks, and the line an address has: used by the table of each part."""

from dataclasses import dataclass

ANONYMOUS = {"anonymous", "deactivated"}
# The own participant is offered the place that stands in the addresses.
PARTICIPANTS = {"own participant", "other participant"}
MANAGERS = {"own manager", "other manager"}
HEADS = {"own head", "other head"}
OFFICE = {"project leader", "administrator"}
SIGNED_IN = {
    *PARTICIPANTS,
    *MANAGERS,
    *HEADS,
    *OFFICE,
    "economist",
    "communicator",
    "steering group",
    "auditor",
    "trainer",
    "superuser",
}
EVERYONE = ANONYMOUS | SIGNED_IN
# The city's own; auditor, steering group and trainer are not participants-to-be.
EMPLOYEES = SIGNED_IN - {"auditor", "steering group", "trainer", "superuser"}
WITH_ROLES = SIGNED_IN - {*PARTICIPANTS, "superuser"}
OWN_CHAIN = {"own manager", "own head", *OFFICE, "auditor"}


@dataclass(frozen=True)
class Row:
    """Who is let in by GET and by POST; ``None`` where the method does not exist."""

    get: set[str] | None
    post: set[str] | None = None
