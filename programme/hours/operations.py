"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "hours.count": _("counted hours"),
    "hours.recount": _("counted all hours anew"),
    "hours.decide_rules": _("decided rules for hours"),
    "month.open": _("opened a month"),
}
