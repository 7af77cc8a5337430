"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "rate.decide": _("decided a rate"),
    "plan.decide": _("decided a plan"),
    "dated.take_back": _("took back a value to come"),
}
