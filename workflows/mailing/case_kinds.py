"""The messages about cases, with their first words."""

from django.utils.translation import gettext_lazy as _

from workflows.mailing.kinds import MessageKind, Placeholder
from workflows.mailing.rules import Importance

_CASE = {
    "reference": Placeholder(_("reference"), "N-2027-0042"),
    "kind": Placeholder(_("kind of case"), _("nomination")),
}
_STEP = {
    **_CASE,
    "step": Placeholder(_("step"), _("Prioritise")),
    "due": Placeholder(_("due day"), "2027-03-15"),
    "more": Placeholder(_("addition"), _("You are asked as a deputy. The page tells whose.")),
}

CASE_KINDS = (
    MessageKind(
        key="case.waiting",
        name=_("A case waits for a decision"),
        rule=_("Goes to everyone who can decide the step, when it begins to wait."),
        placeholders=_STEP,
        subject=_("{reference} is waiting for your decision"),
        body=_(
            "The step “{step}” in {reference} ({kind}) is waiting for you.\n"
            "Please decide by {due}.\n{more}"
        ),
    ),
    MessageKind(
        key="case.moved",
        name=_("A case waits for a decision after its workflow was changed"),
        rule=_("Goes to those who can decide now that the case runs on a newer version."),
        placeholders=_STEP,
        subject=_("{reference} is waiting for your decision"),
        body=_(
            "The workflow has been changed, so the step “{step}” in {reference} ({kind}) "
            "is waiting for you now.\nPlease decide by {due}."
        ),
    ),
    MessageKind(
        key="case.reminded",
        name=_("Reminder of a case that waits"),
        rule=_("Goes to everyone who can decide, before the due day or when it has been missed."),
        placeholders=_STEP,
        subject=_("Reminder: {reference} is waiting for your decision"),
        body=_(
            "The step “{step}” in {reference} is still waiting for you.\n"
            "It is to be decided by {due}.\n{more}"
        ),
    ),
    MessageKind(
        key="case.escalated",
        name=_("A late case: others may decide too"),
        rule=_("Goes to those who are called in when the due day has passed."),
        placeholders=_STEP,
        subject=_("{reference} is late: you may decide too"),
        body=_(
            "The step “{step}” in {reference} was to be decided by {due} and nobody has.\n"
            "You can now decide it too. Whoever answers first decides.\n{more}"
        ),
    ),
    MessageKind(
        key="case.handed",
        name=_("A step has been handed over"),
        rule=_("Goes to the one who has been given the step, or given it back."),
        placeholders=_STEP,
        subject=_("{reference} has been handed over to you"),
        body=_(
            "The step “{step}” in {reference} has been handed over to you.\n"
            "Please decide by {due}. The reason is on the page of the case.\n{more}"
        ),
    ),
    MessageKind(
        key="case.office_told",
        name=_("A case stands still"),
        rule=_("Goes to the project office when nobody has decided, or nobody holds the role."),
        placeholders=_STEP,
        subject=_("{reference} stands still"),
        body=_(
            "The step “{step}” in {reference} was to be decided by {due}. "
            "Nobody has answered, or nobody holds the role.\n"
            "Hand the step over to someone, or give someone the role."
        ),
    ),
    MessageKind(
        key="case.returned",
        name=_("A case has come back with a question"),
        rule=_("Goes to whoever started the case."),
        decides=True,
        placeholders=_CASE,
        subject=_("Question about {reference}"),
        body=_(
            "{reference} has come back to you with a question.\n"
            "Sign in to read it and answer. What you have written before is kept."
        ),
    ),
    MessageKind(
        key="case.approved",
        name=_("A case is approved"),
        rule=_("Goes to whoever started the case."),
        decides=True,
        importance=Importance.NICE_TO_KNOW,
        placeholders=_CASE,
        subject=_("{reference} is approved"),
        body=_("All steps of {reference} are approved. Nothing more is asked of you now."),
    ),
    MessageKind(
        key="case.declined",
        name=_("A case is declined"),
        rule=_("Goes to whoever started the case."),
        decides=True,
        placeholders=_CASE,
        subject=_("{reference} is declined"),
        body=_("{reference} has been declined. The reason is on the page of the case."),
    ),
    MessageKind(
        key="case.declined_later",
        name=_("A case that was approved earlier is declined"),
        rule=_("Goes to those who approved an earlier step, when a later one is declined."),
        decides=True,
        placeholders=_CASE,
        subject=_("{reference} is declined"),
        body=_(
            "{reference}, which you approved earlier, has been declined at a later step.\n"
            "The reason is on the page of the case. Nothing more is asked of you."
        ),
    ),
    MessageKind(
        key="case.lapsed",
        name=_("A case has lapsed"),
        rule=_("Goes to whoever started the case, when nobody has decided in time."),
        decides=True,
        placeholders=_CASE,
        subject=_("{reference} has lapsed"),
        body=_(
            "Nobody decided {reference} in time, so it has lapsed. Nothing has been approved.\n"
            "You can start it anew. Ask the project office if you wonder why."
        ),
    ),
)

# Worded by people or by other packages each time; only how they are sent is known here.
OTHER_KINDS = (
    MessageKind(
        key="account",
        name=_("Signing in"),
        rule=_("Goes to whoever asked for it."),
        importance=Importance.URGENT,
    ),
    MessageKind(
        key="resume",
        name=_("A link to go on with a form on another device"),
        rule=_("Goes to whoever asked for it."),
        importance=Importance.URGENT,
        placeholders={
            "form": Placeholder(_("form"), _("Nomination")),
            "days": Placeholder(_("days that the link works"), "7"),
        },
        subject=_("Go on with “{form}”"),
        body=_(
            "You asked for a link to go on with “{form}” on another device. What you have"
            " written is saved.\nSign in when the page asks you to. The link works for {days}"
            " days and only for you."
        ),
    ),
    MessageKind(
        key="health.digest",
        name=_("What is broken or soon due in the portal"),
        rule=_("Goes to administrators once a day, when there is something to put right."),
        placeholders={
            "number": Placeholder(_("how many things"), "2"),
            "more": Placeholder(
                _("a line for each thing"),
                _("Workflows: nobody can decide the step “Prioritise”."),
            ),
        },
        subject=_("To put right in the portal: {number}"),
        body="{more}",
    ),
    MessageKind(
        key="many.must",
        name=_("A message to many that must be known"),
        rule=_("Goes to those whom staff have chosen."),
    ),
    MessageKind(
        key="many.nice",
        name=_("A message to many that is nice to know"),
        rule=_("Goes to those whom staff have chosen."),
        importance=Importance.NICE_TO_KNOW,
    ),
)
