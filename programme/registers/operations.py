"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "register.load": _("laid out the registers that come with the portal"),
    "register.define": _("defined a register"),
    "register.change": _("changed a register"),
    "register.add": _("added an entry to a register"),
    "register.edit": _("changed an entry of a register"),
    "register.withdraw": _("withdrew an entry of a register"),
    "register.freeze": _("froze a version of a register"),
    "demo.registers": _("invented entries of registers for the demo"),
}
