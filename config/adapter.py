"""How the demo sends the sign-in pages' mail: into its mailbox, where a visitor can read it."""

import uuid
from typing import Any

from people.adapter import AccountAdapter
from people.models import User
from workflows.outbox import queue


class DemoAccountAdapter(AccountAdapter):
    """As everywhere, but mail becomes a message of the outbox.

    Elsewhere a link for a new password goes straight to the mail server: such a
    link is a key, and keys are not kept in rows.
    """

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail for the account; an address without one gets nothing here."""
        recipient = User.objects.filter(email=email).first()
        if recipient is None:
            return
        mail = self.render_mail(template_prefix, email, context)
        queue(
            recipient=recipient,
            kind="account",
            dedupe_key=f"account:{uuid.uuid4()}",
            subject=str(mail.subject),
            body=str(mail.body),
        )
