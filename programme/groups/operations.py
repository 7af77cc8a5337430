"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "group.make": _("made a group"),
    "group.change": _("changed a group"),
    "group.cancel": _("cancelled a group"),
    "group.place": _("placed participants in groups"),
    "group.move": _("moved a participant to another group"),
    "group.take_out": _("took a participant out of a group"),
    "group.advance": _("began or finished groups"),
    "participation.end": _("ended a participation"),
    "preparation.mark": _("marked a preparation as done"),
    "preparation.unmark": _("marked a preparation as not done"),
    "preparation.save": _("changed what districts prepare"),
    "leaving_reason.save": _("changed a reason for leaving"),
    "module.save": _("changed a module"),
    "module.remove": _("removed a module"),
    "course.make": _("made a course"),
    "course.change": _("changed a course"),
    "unit.change": _("changed a learning unit"),
    "completion.decide": _("decided when a course is completed"),
}
