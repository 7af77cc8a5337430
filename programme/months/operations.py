"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "month.attest": _("attested own hours"),
    "month.attest_on_paper": _("noted a signed statement of hours"),
    "month.check": _("checked attested hours"),
    "month.remind": _("reminded participants to attest"),
    "month.lock": _("locked a month"),
    "correction.propose": _("proposed a correction of hours"),
    "correction.approve": _("approved a correction of hours"),
    "correction.decline": _("declined a correction of hours"),
    "correction.withdraw": _("took back a proposed correction"),
}
