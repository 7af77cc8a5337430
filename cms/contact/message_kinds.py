"""The message about what has come in through the contact page, with its first words."""

from django.utils.translation import gettext_lazy as _

from workflows.mailing.kinds import MessageKind, Placeholder

AREA = ("contact", _("The contact page"))
RECEIVED = MessageKind(
    key="contact.received",
    name=_("A message through the contact page"),
    rule=_("Goes to those with the role that the contact page names, when somebody has written."),
    # Never what was written or by whom: that is read on the page.
    placeholders={
        "about": Placeholder(_("what the message is about"), _("A question about the project"))
    },
    subject=_("A message has come in through the contact page"),
    body=_("It is about: {about}\nSign in to read it and mark it as answered."),
)
