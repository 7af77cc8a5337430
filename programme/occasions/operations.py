"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "occasion.add": _("planned an occasion"),
    "occasion.change": _("changed an occasion"),
    "occasion.reschedule": _("moved an occasion"),
    "occasion.cancel": _("cancelled an occasion"),
    "occasion.follow": _("let invitations follow the group"),
    "occasion.invite": _("sent invitations"),
    "occasion.remind": _("reminded of an occasion"),
    "occasion.answer": _("answered an invitation"),
    "occasion.substitute": _("let a colleague take a seat"),
    "occasion.seat": _("gave one person a seat"),
    "occasion.join": _("went to the online meeting; says nothing of attendance"),
    "calendar.open": _("began a calendar subscription"),
    "calendar.renew": _("renewed the address of a calendar"),
}
