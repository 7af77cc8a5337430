"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "lecture.add": _("added a lecture"),
    "lecture.change": _("changed a lecture"),
    "lecture.open": _("opened a lecture to participants"),
    "lecture.close": _("closed a lecture"),
    "lecture.tags": _("changed the tags of lectures"),
    "unit.review": _("reviewed material before participants see it"),
    "unit.questions": _("changed the questions that material is reviewed with"),
    "recording.upload": _("uploaded a recording"),
    "recording.change": _("changed captions, transcript or chapters"),
    "recording.publish": _("published a recording"),
    "recording.withdraw": _("withdrew a recording"),
    "viewing.follow": _("followed a recording"),
    "viewing.watch": _("watched a recording"),
    "reflection.write": _("wrote a reflection"),
    "question.ask": _("asked the lecturer"),
    "question.answer": _("answered a question"),
}
