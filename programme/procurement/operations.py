"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "procurement.plan": _("planned a procurement"),
    "procurement.change": _("changed a procurement"),
    "procurement.announce": _("announced a procurement"),
    "procurement.cancel": _("cancelled a procurement"),
    "procurement.criterion": _("added a criterion to a procurement"),
    "procurement.openers": _("named who opens the tenders"),
    "procurement.question": _("registered a question about a procurement"),
    "procurement.answer": _("answered a question about a procurement"),
    "procurement.publish_answers": _("published answers to everybody at once"),
    "procurement.tender": _("registered a sealed tender"),
    "procurement.opening_begin": _("asked for the tenders to be opened"),
    "procurement.opening_join": _("opened the tenders together with a colleague"),
    "procurement.award": _("recorded an award decision"),
    "procurement.contract": _("recorded a contract"),
    "procurement.call_off": _("called off under a contract"),
    "procurement.call_off_cancel": _("cancelled a call-off"),
    "procurement.follow_up": _("followed up a contract"),
    "procurement.end": _("ended a procurement"),
    "demo.procurements": _("invented procurements for the demo"),
    "tender.read": _("read a tender"),
    "tender.refused": _("was refused to open a tender"),
}
