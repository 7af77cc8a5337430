"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "document.ask": _("asked for a document to be published"),
    "document.override": _("gave a reason for an exception from the publish gate"),
    "document.publish": _("published a document"),
    "document.return": _("returned a document that was asked to be published"),
    "document.withdraw": _("withdrew a document from the public"),
    "document.retention": _("decided how long a document is kept"),
    "document.read_unpublished": _("opened a document that is not public"),
    "document.meeting": _("put up a document of a meeting"),
    "document.read_meeting": _("opened a document of a meeting"),
    "demo.documents": _("invented documents for the demo"),
    "request.wagtaildocs:add": _("put up a document"),
    "request.wagtaildocs:edit": _("changed a document"),
}
