"""Where a month or a statement stands, in a word with a colour."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.models import Correction, Month
from programme.months.rules import Standing
from programme.status import Status

STANDING = {
    Standing.WAITING: Status(_("Not attested"), "amber"),
    Standing.CHANGED: Status(_("Changed since attested"), "red"),
    Standing.ATTESTED: Status(_("Attested, to be checked"), "teal"),
    Standing.CHECKED: Status(pgettext_lazy("month", "Checked"), "green"),
    Standing.GONE: Status(_("No hours left"), "grey"),
}
MONTH = {
    Month.State.OPEN: Status(pgettext_lazy("month", "Open"), "teal"),
    Month.State.LOCKED: Status(_("Locked"), "green"),
}
CORRECTION = {
    Correction.State.PROPOSED: Status(_("Waits for a second person"), "amber"),
    Correction.State.APPROVED: Status(_("Approved"), "green"),
    Correction.State.DECLINED: Status(_("Declined"), "grey"),
    Correction.State.WITHDRAWN: Status(_("Taken back"), "grey"),
}
