"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "absence.preview": _("read a list of absences"),
    "absence.import": _("took in a list of absences"),
    "absence.erase": _("erased absences that are no longer needed"),
    "absence.set_aside": _("set an absence aside"),
}
