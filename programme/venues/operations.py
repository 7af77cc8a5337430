"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "venue.add": _("added a venue"),
    "venue.change": _("changed a venue"),
    "venue.check": _("filled in an accessibility checklist"),
    "venue.book": _("booked a venue"),
    "venue.rebook": _("moved a booking"),
    "venue.release": _("gave a booked venue back"),
    "need.tell": _("told what is needed to take part"),
    "need.withdraw": _("took back what was needed to take part"),
    "need.handle": _("arranged what someone needs"),
    "need.not_arranged": _("noted that something needed could not be arranged"),
    "need.read": _("read what participants need"),
    "need.erase": _("erased what someone needed"),
}
