"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "demo.story": _("told the demo's story"),
    "demo.planted_error": _("planted an error in the demo"),
}
