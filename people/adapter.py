"""How allauth behaves here: who may have an account, how guessing is slowed, where sign-in leads."""

import hashlib
import secrets
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.letters import with_emblem
from people.access import held_by
from people.identity import open_text, seal_text
from people.models import Capability, User

DEVICE_COOKIE = "known_device"
DEVICE_SALT = "people.known-device"
DEVICE_SECONDS = 365 * 24 * 3600
MY_PAGE = "/mina-sidor/"
TEACHING = "/mina-utbildningstillfallen/"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the city; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address and the password do not go together."),
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, or choose a new password through the link below."
        ),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("That is not the password you have now."),
        "rate_limited": _("Too many tries. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account comes with a role, which someone must grant."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """My work for those who hold a role, the own pages for a participant, and a trainer's own days.

        A procured trainer has no cases: my work would be empty.
        """
        user = request.user
        if isinstance(user, User) and not user.is_superuser:
            held = held_by(user)
            if not held.any():
                return MY_PAGE
            if held.only(Capability.TEACH):
                return TEACHING
        url: str = super().get_login_redirect_url(request)
        return url

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """The mail in the same frame as all others, with the Union's emblem."""
        mail = super().render_mail(template_prefix, email, context, headers)
        statement = gettext("Co-funded by the European Union")
        paragraphs = [part for part in str(mail.body).split("\n\n") if part.strip()]
        if statement in paragraphs[-1]:
            # The sender and the statement, which the frame has itself.
            paragraphs = paragraphs[:-1]
        else:
            mail.body = f"{mail.body}\n\n{settings.WAGTAIL_SITE_NAME}\n{statement}"
        html = render_to_string(
            "account/email/letter.html",
            {
                "portal": settings.WAGTAIL_SITE_NAME,
                "subject": mail.subject,
                "paragraphs": paragraphs,
            },
        )
        mail = cast(EmailMultiAlternatives, mail)
        mail.attach_alternative(html, "text/html")
        return with_emblem(mail)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # A device that has signed in before counts its tries apart, so that somebody
        # who guesses elsewhere locks out the guesser and not the owner.
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{_device(request, str(credentials.get('email', '')))}"

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on to the page asked for, and remember the device."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not _device(request, user.email):
            response.set_cookie(
                DEVICE_COOKIE,
                signing.dumps([_of(user.email), secrets.token_hex(8)], salt=DEVICE_SALT),
                max_age=DEVICE_SECONDS,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say nothing when someone signs in or out: the page itself says it."""
        if message_template and message_template.endswith(("logged_in.txt", "logged_out.txt")):
            return
        super().add_message(request, level, message_template, message_context, extra_tags, message)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The seeds of second factors lie encrypted, like every other secret."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a seed before it is stored."""
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored seed."""
        return open_text(encrypted_text)


def _of(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]


def _device(request: HttpRequest, email: str) -> str:
    """The name of a device that this account has signed in on; empty otherwise."""
    try:
        owner, name = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=DEVICE_SECONDS
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(name) if owner == _of(email) else ""
