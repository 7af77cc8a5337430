"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "seats.plan": _("decided how an occasion is filled"),
    "seats.release": _("released the districts' unused seats"),
    "registration.register": _("registered for an occasion"),
    "registration.leave": _("gave up a registration"),
    "registration.accept": _("accepted an offered seat"),
    "registration.decline": _("said no to an offered seat"),
    "registration.lapse": _("let offers without an answer lapse"),
    "registration.approve": _("let an approval give a seat"),
    "registration.refuse": _("ended a registration that was not approved"),
    "registration.substitute": _("let a colleague take a registered seat"),
    "registration.add": _("registered someone by hand"),
    "registration.remove": _("took a registration away"),
    "registration.reorder": _("changed the order of a waiting list"),
    "registration.tell": _("told those in line that an occasion has changed"),
    "registration.tell_page": _("told those registered that a public page is taken down"),
    "registration.export": _("took out the list of those registered"),
}
