"""Outgoing mail: the demo's mailbox, and what could not be delivered."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.pages import paginate
from people.access import held_by
from people.models import Capability, User
from workflows import delivery
from workflows.models import Message


def _mailbox(user: User) -> QuerySet[Message]:
    """The person's own mail; the project office's own staff see all of it."""
    if not settings.DEMO:
        raise Http404
    rows = Message.objects.exclude(state=Message.State.DRAFT).select_related("recipient", "case")
    if held_by(user).can(Capability.MANAGE_PROGRAMME):
        return rows
    return rows.filter(recipient=user)


@login_required
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The demo's mailbox: what an installation with a mail server would have sent."""
    user = cast(User, request.user)
    page = paginate(request.GET.get("page"), _mailbox(user))
    context = {"page": page, "all": held_by(user).can(Capability.MANAGE_PROGRAMME)}
    return render(request, "workflows/mail_list.html", context)


@login_required
@require_safe
def mail_message(request: HttpRequest, public_id: str) -> HttpResponse:
    """One message as it was sent."""
    message = get_object_or_404(_mailbox(cast(User, request.user)), public_id=public_id)
    context = {
        "message": message,
        "rendered": delivery.render(message),
        "message_id": delivery.message_id(message),
        "paragraphs": [part for part in message.body.split("\n") if part.strip()],
    }
    return render(request, "workflows/mail_message.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def failed_mail(request: HttpRequest) -> HttpResponse:
    """Messages that were given up, for the project office to see and send again."""
    if not held_by(cast(User, request.user)).can(Capability.MANAGE_PROGRAMME):
        raise Http404
    if request.method == "POST":
        # PostgreSQL does not even compare with a NUL character.
        chosen = request.POST.get("message", "").replace("\x00", "")
        message = get_object_or_404(delivery.failed(), public_id=chosen)
        delivery.try_again(message, actor=cast(User, request.user))
        messages.success(request, _("The message will be sent again within a minute."))
        return redirect("workflows:failed_mail")
    page = paginate(request.GET.get("page"), delivery.failed())
    return render(request, "workflows/failed_mail.html", {"page": page})
