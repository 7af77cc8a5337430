"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "scb.make": _("made a file to Statistics Sweden"),
    "scb.send": _("noted that a file is sent"),
    "scb.reconcile": _("compared a file with its receipt"),
    "scb.decide_columns": _("decided the columns of the file to Statistics Sweden"),
    "scb.stale": _("noted that a file must be sent again"),
    "scb.read_numbers": _("opened personal identity numbers for a file to Statistics Sweden"),
}
