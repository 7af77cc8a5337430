"""Where a month's file stands, in a word with a colour."""

from django.utils.translation import gettext_lazy as _

from programme.status import Status
from reports.models import ScbFile

NOT_MADE = Status(_("Not made"), "grey")
NO_HOURS = Status(_("No hours"), "grey")
STALE = Status(_("To be sent again"), "red")
STATES = {
    ScbFile.State.MADE: Status(_("Made, to be sent"), "amber"),
    ScbFile.State.SENT: Status(_("Sent"), "green"),
    ScbFile.State.REPLACED: Status(_("Replaced"), "grey"),
}


def status_of(file: ScbFile | None) -> Status:
    """The newest version's state; one that is old must be sent again."""
    if file is None:
        return NOT_MADE
    if file.stale_since is not None and file.state != ScbFile.State.REPLACED:
        return STALE
    return STATES[ScbFile.State(file.state)]
