from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit import registry

OPERATIONS = {
    "case.open": _("started the case"),
    "case.decide": _("decided a step"),
    "case.decide_by_link": _("used the link in a message"),
    "case.decide_many": _("decided several cases"),
    "case.return": _("returned the case with questions"),
    "case.complete": _("answered the questions"),
    "case.withdraw": _("withdrew the case"),
    "case.clock": _("reminded about what waits, and called in help"),
    "case.lapse": _("let a silent case lapse"),
    "case.reassign": _("handed a step over"),
    "delegation.add": _("appointed a deputy"),
    "delegation.end": _("ended a deputy's time"),
    "health.digest": _("told administrators what is broken"),
    "message.queue": _("queued a message"),
    "message.send": _("sent a message"),
    "message.retry": _("tried a failed message again"),
    "message.returned": _("noted that a message came back"),
    "message.hold": _("held a message back until the hours are not quiet"),
    "message.send_digest": _("sent a summary of messages"),
    "message.word": _("worded a kind of message anew"),
    "message.plan": _("decided when messages are held"),
    "message.review": _("decided whether messages of a decision wait as drafts"),
    "message.release": _("read the draft of a message and sent it"),
    "message.withhold": _("read the draft of a message and stopped it"),
    "message.wish": _("chose how messages come"),
    "message.rule": _("took a message rule into use"),
    "message.rule_end": _("took a message rule out of use"),
    "message.by_rule": _("queued messages by a rule"),
    "message.erase": _("erased the texts of old messages"),
    "mailing.draft": _("wrote a draft to many"),
    "mailing.discard": _("threw a draft away"),
    "mailing.send": _("sent a message to many"),
    "mailing.stop": _("stopped a message to many"),
    "task.postpone": _("put tasks off"),
    "task.resume": _("took tasks back that had been put off"),
    "workflow.publish": _("published a workflow"),
    "workflow.setup": _("set up a workflow"),
    "workflow.edit": _("edited a workflow"),
    "workflow.retire": _("retired a workflow"),
    "workflow.restore": _("took an older version into the draft"),
    "workflow.test": _("changed a test case of a workflow"),
    "workflow.move": _("moved running cases to another version"),
    "workflow.move_many": _("asked for many running cases to be moved"),
    "workflow.import": _("imported a workflow"),
}


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Workflows")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give operations their words, and say which tables are left out of the trail."""
        from core import exchange
        from workflows.carrying import WORKFLOW

        exchange.register(WORKFLOW)
        from core import health, post
        from workflows import checks_daily, outbox

        post.register_sender(outbox.queue_worded)
        from workflows import sources
        from workflows.answering import ToAnswer
        from workflows.mailing import kinds as message_kinds
        from workflows.mailing.case_kinds import CASE_KINDS, OTHER_KINDS
        from workflows.mailing.drafts import ToReview

        sources.register(ToAnswer())
        sources.register(ToReview())
        message_kinds.register(*CASE_KINDS, *OTHER_KINDS)
        message_kinds.register_area("case", _("Cases and decisions"))
        message_kinds.register_area("resume", _("Forms"))
        message_kinds.register_area("health", _("The portal itself"))
        health.register_check("workflows", _("Workflows"), checks_daily.workflows)
        health.register_check("mail", _("Messages"), checks_daily.mails)
        for name, words in OPERATIONS.items():
            registry.register_operation(name, words)
        registry.exempt(
            "workflows.WorkItem", "derived from the case and its decisions, which are tracked"
        )
        registry.exempt(
            "workflows.CaseMoveRow",
            "how far a move has come; each case's move is tracked with the case",
        )
        registry.exempt(
            "workflows.CaseCounter", "the last number of a series; the cases themselves are tracked"
        )
