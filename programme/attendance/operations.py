"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "attendance.mark": _("marked attendance"),
    "attendance.all_present": _("marked everyone as present"),
    "attendance.undo_all_present": _("took back that everyone was present"),
    "attendance.temporary_person": _("wrote a person down by name at an occasion"),
    "attendance.merge": _("merged a person into another"),
    "attendance.check_in": _("checked in"),
    "attendance.check_out": _("checked out"),
    "attendance.new_codes": _("renewed the check-in codes"),
    "attendance.receive_report": _("received a meeting report"),
    "attendance.import_report": _("counted a meeting report"),
    "attendance.decide_row": _("decided a row of a meeting report"),
    "attendance.decide_row_again": _("decided a row of a meeting report again"),
    "attendance.take_back_report": _("took a meeting report back"),
    "attendance.receive_list": _("received a signed list"),
}
