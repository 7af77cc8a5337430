"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "guests.list": _("decided how many guests an event takes"),
    "guest.ask": _("asked to come to an event as a guest"),
    "guest.confirm": _("confirmed a guest's registration"),
    "guest.leave": _("took a guest's registration back"),
    "guest.mail": _("sent mail to a guest"),
    "guest.erase": _("erased the names of guests"),
    "guest.tell": _("told guests that an event has changed"),
    "guests.count": _("counted those who came, by municipality"),
    "guests.read": _("read the list of guests"),
}
