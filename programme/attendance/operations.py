"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "attendance.mark": _("Attendance marked"),
    "attendance.all_present": _("Everyone marked as present"),
    "attendance.undo_all_present": _("Everyone present undone"),
    "attendance.temporary_person": _("Person written down by name at an occasion"),
    "attendance.merge": _("Person merged into another"),
    "attendance.check_in": _("Checked in"),
    "attendance.check_out": _("Checked out"),
    "attendance.new_codes": _("Check-in codes renewed"),
    "attendance.receive_report": _("Meeting report received"),
    "attendance.import_report": _("Meeting report counted"),
    "attendance.decide_row": _("Row of a meeting report decided"),
    "attendance.decide_row_again": _("Row of a meeting report decided again"),
    "attendance.receive_list": _("Signed list received"),
}
