"""Pages: they translate between addresses and the room, and decide nothing."""

from workflows.views.bottlenecks import bottlenecks
from workflows.views.cases import case, case_messages, decide, withdraw
from workflows.views.deputies import deputies, end_deputy, new_deputy
from workflows.views.handing import handing
from workflows.views.health import health
from workflows.views.mail import failed_mail, mail, mail_message
from workflows.views.mail_link import mail_link
from workflows.views.postponing import postpone, resume
from workflows.views.time_machine import time_machine
from workflows.views.work import decide_many, work

__all__ = [
    "bottlenecks",
    "case",
    "case_messages",
    "decide",
    "decide_many",
    "deputies",
    "end_deputy",
    "failed_mail",
    "handing",
    "health",
    "mail",
    "mail_link",
    "mail_message",
    "new_deputy",
    "postpone",
    "resume",
    "time_machine",
    "withdraw",
    "work",
]
