"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "certificate.issue": _("issued certificates"),
    "certificate.revoke": _("revoked a certificate"),
    "certificate.replace": _("replaced a certificate"),
    "certificate.read": _("read another person's certificate"),
    "person.read_own_data": _("read what is kept about themselves"),
}
