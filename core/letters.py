"""Mail as everybody gets it: a text, the same in HTML, and the Union's emblem with its statement.

Article 50 of regulation (EU) 2021/1060 asks for the emblem on what participants are sent,
too. The picture travels in the mail (``cid:``), because mail programs hold back pictures
from the network. Its alternative text is the statement: who sees no picture reads it, once.
"""

from email.mime.image import MIMEImage

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import get_language

from core.emblem import FOLDER

PICTURE = "emblem"


def letter(
    *, subject: str, text: str, html: str, to: str, message_id: str = ""
) -> EmailMultiAlternatives:
    """The mail, ready to send, with the emblem in the active language.

    :param html: made of ``mail/frame.html``, which shows the picture.
    :param message_id: the same for every attempt, so that a repeated mail is recognised.
    """
    headers = {"Auto-Submitted": "auto-generated"}
    if message_id:
        headers["Message-ID"] = message_id
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers=headers,
    )
    mail.attach_alternative(html, "text/html")
    return with_emblem(mail)


def with_emblem(mail: EmailMultiAlternatives) -> EmailMultiAlternatives:
    """The mail with the picture that its HTML names."""
    name = "eu-en" if (get_language() or "sv").startswith("en") else "eu-sv"
    picture = MIMEImage((FOLDER / f"{name}.png").read_bytes())
    picture.add_header("Content-ID", f"<{PICTURE}>")
    picture.add_header("Content-Disposition", "inline", filename=f"{name}.png")
    mail.mixed_subtype = "related"  # type: ignore[attr-defined]  # Django's, not in its stubs
    mail.attach(picture)
    return mail
