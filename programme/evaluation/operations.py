"""The words of this part's operations."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, str | Promise] = {
    "evaluation.report": _("registered an evaluation report"),
    "evaluation.finding": _("registered a finding of the evaluation"),
    "evaluation.recommend": _("registered a recommendation"),
    "evaluation.present": _("noted that a report was shown to the steering group"),
    "evaluation.publish": _("published an evaluation report"),
    "evaluation.answer": _("answered a recommendation"),
    "demo.evaluation": _("invented an evaluation for the demo"),
    "evaluation.grant_extract": _("gave the evaluator leave to fetch an extract"),
    "interview.consent": _("said yes to being asked for an interview"),
    "interview.take_back": _("took back a yes to interviews"),
    "interview.draw": _("drew an interview sample"),
    "evaluation.done": _("noted that a recommendation is carried out"),
    "evaluation.extract": _("took out figures for the evaluation"),
    "interview.contacts": _("read how those chosen for interviews are reached"),
}
