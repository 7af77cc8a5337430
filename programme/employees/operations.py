"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "employees.preview": _("read a list of employees"),
    "employees.import": _("took in a list of employees"),
    "employees.erase": _("erased lists of employees that nobody took in"),
    "employees.export": _("fetched the register of employees as a list"),
}
