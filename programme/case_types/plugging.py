"""What the rooms below are told when the application starts."""

from django.utils.translation import gettext_lazy as _

from audit.registry import register_operation
from core import exchange
from forms_app.access import register_file_viewer
from people.backends import opens, permissions_for
from people.models import Capability
from programme.case_types.access import may_see_answers
from programme.case_types.exchange import CASE_TYPE
from programme.case_types.kind import staff_kinds
from workflows.kinds import register_source

OPERATIONS = {
    "case_type.use": _("took a case type into use"),
    "case_type.retire": _("took a case type out of use"),
    "case_type.setup": _("laid out a case type"),
    "staff_case.start": _("began a case"),
    "staff_case.submit": _("sent a case"),
    "staff_case.complete": _("answered what was asked about a case"),
}


def plug_in() -> None:
    """Register the source of kinds, the way to files, the file format, the editor's right and the words."""
    register_source(staff_kinds)
    register_file_viewer(may_see_answers)
    exchange.register(CASE_TYPE)
    opens(Capability.MANAGE_DEFINITIONS, permissions_for("programme.CaseType"))
    for name, words in OPERATIONS.items():
        register_operation(name, words)
