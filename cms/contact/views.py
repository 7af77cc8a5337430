"""The staff's side: what has come in, and that it is answered."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.contact import access, actions
from cms.models.contact import ContactMessage
from core.pages import paginate
from people.models import User


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not access.may_read(user):
        raise Http404
    return user


@login_required
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Every message, the latest first; or only those nobody has answered."""
    _reader(request)
    waiting = request.GET.get("visa") != "alla"
    rows = ContactMessage.objects.select_related("answered_by")
    if waiting:
        rows = rows.filter(answered_at__isnull=True)
    page = paginate(request.GET.get("page"), rows)
    return render(request, "cms/messages.html", {"page": page, "waiting": waiting})


@login_required
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """One message, and a button for whoever has answered it."""
    user = _reader(request)
    found = get_object_or_404(
        ContactMessage.objects.select_related("answered_by"), public_id=public_id
    )
    if request.method == "POST":
        actions.mark_answered(message_id=found.pk, actor=user)
        messages.success(request, _("The message is marked as answered."))
        return redirect("cms:messages")
    return render(request, "cms/message.html", {"message": found})
