"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "body.add": _("registered a body"),
    "body.change": _("changed a body"),
    "body.rules": _("decided how often a body meets"),
    "seat.add": _("added a seat to a body"),
    "seat.end": _("ended a seat of a body"),
    "meeting.call": _("called a meeting"),
    "meeting.change": _("changed a meeting"),
    "meeting.cancel": _("cancelled a meeting"),
    "meeting.agenda": _("put a matter on an agenda"),
    "meeting.unlist": _("took a matter off an agenda"),
    "meeting.hold": _("noted who was at a meeting"),
    "decision.record": _("recorded a decision"),
    "decision.correct": _("corrected a recorded decision"),
    "decision.follow_up": _("followed up a decision"),
    "demo.governance": _("invented meetings and decisions for the demo"),
}
