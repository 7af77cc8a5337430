"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "participation.start": _("noted that a participation started"),
    "participation.complete": _("noted that a participation is completed"),
    "participation.reopen": _("reopened a completed participation"),
    "homework.done": _("did the homework"),
    "homework.undone": _("took back that the homework is done"),
    "staff.digest": _("told managers how their staff are doing"),
}
