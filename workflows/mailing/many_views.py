"""Messages to many: choose readers, write, see it as a given reader, send, follow, stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pages import paginate
from core.words import whole
from people.models import User
from workflows import delivery
from workflows.mailing import actions, errors, queries
from workflows.mailing.audiences import Audience, Reader, audience_named
from workflows.mailing.forms import AudienceForm, DraftForm
from workflows.mailing.views import sending
from workflows.models import Mailing, Message

MOST_SHOWN = 200


@login_required
@require_safe
def mailings(request: HttpRequest) -> HttpResponse:
    """Drafts first, then what has been sent."""
    user = sending(request)
    rows = Mailing.objects.select_related("created_by", "sent_by")
    page = paginate(request.GET.get("page"), rows.exclude(state=Mailing.State.DISCARDED))
    page.object_list = queries.mailing_lines(list(page.object_list), user)
    return render(request, "workflows/messages/mailings.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def new_mailing(request: HttpRequest) -> HttpResponse:
    """Choose the readers, then write."""
    user = sending(request)
    chosen = AudienceForm(request.GET if "readers" in request.GET else None, user=user)
    if not chosen.is_valid():
        status = 422 if chosen.errors else 200
        return render(
            request, "workflows/messages/mailing_readers.html", {"form": chosen}, status=status
        )
    key, subject = chosen.chosen
    audience = _audience(key)
    form = DraftForm(request.POST or None, placeholders=audience.placeholders)
    if form.is_valid():
        mailing = actions.draft(actor=user, audience=key, subject_key=subject, **form.cleaned_data)
        return redirect("workflows:mailing", mailing.public_id)
    context = {"form": form, "audience": audience, "why": queries.why(audience, subject, user)}
    status = 422 if form.errors else 200
    return render(request, "workflows/messages/mailing_write.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def change_mailing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a draft's words."""
    user = sending(request)
    mailing = _mailing(public_id)
    audience = _audience(mailing.audience)
    if mailing.state != Mailing.State.DRAFT:
        messages.warning(request, str(errors.NOT_A_DRAFT))
        return redirect("workflows:mailing", mailing.public_id)
    initial = {name: getattr(mailing, name) for name in ("subject", "body", "must_know")}
    form = DraftForm(request.POST or None, placeholders=audience.placeholders, initial=initial)
    if form.is_valid():
        try:
            actions.draft(actor=user, mailing_id=mailing.pk, **form.cleaned_data)
        except errors.CannotSend as error:
            messages.warning(request, str(error.message))
        return redirect("workflows:mailing", mailing.public_id)
    why = queries.why(audience, mailing.subject_key, user)
    context = {"form": form, "audience": audience, "mailing": mailing, "why": why}
    status = 422 if form.errors else 200
    return render(request, "workflows/messages/mailing_write.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def mailing(request: HttpRequest, public_id: str) -> HttpResponse:
    """A draft as a given reader would get it, with who gets it and why; or how sending goes."""
    user = sending(request)
    found = _mailing(public_id)
    if request.method == "POST":
        return _carry_out(request, found, user)
    audience = _audience(found.audience)
    context: dict[str, Any] = {
        "mailing": found,
        "line": queries.mailing_lines([found], user)[0],
        "audience": audience,
        "why": queries.why(audience, found.subject_key, user),
    }
    if found.state == Mailing.State.DRAFT:
        readers = actions.readers_of(found, user)
        context |= _preview(found, readers, audience, request.GET.get("som", ""))
        context |= {
            "readers": readers[:MOST_SHOWN],
            "count": len(readers),
            "budget": queries.budget(readers, timezone.now()),
            "needs_colleague": actions.needs_colleague(found, len(readers), user),
        }
    return render(request, "workflows/messages/mailing.html", context)


def _preview(
    found: Mailing, readers: Sequence[Reader], audience: Audience, wanted: str
) -> dict[str, Any]:
    """The mail as one reader would get it: the one asked for, else the first."""
    as_reader = next(
        (reader for reader in readers if str(reader.user_id) == wanted),
        readers[0] if readers else None,
    )
    if as_reader is None:
        return {"as_reader": None}
    words = actions.words_to(found, as_reader)
    message = Message(
        recipient=User(first_name=as_reader.first_name),
        subject=words.subject,
        body=words.body,
        link=as_reader.link,
    )
    return {"as_reader": as_reader, "rendered": delivery.render(message)}


def _carry_out(request: HttpRequest, found: Mailing, user: User) -> HttpResponse:
    """Send, stop or throw away, as the button says."""
    action = request.POST.get("action", "")
    revision = request.POST.get("revision", "")
    try:
        if action == "send":
            count = actions.send(mailing_id=found.pk, revision=whole(revision) or 0, actor=user)
            messages.success(request, _sent_words(count))
        elif action == "stop":
            count = actions.stop(mailing_id=found.pk, actor=user)
            messages.success(request, _stopped_words(count))
        elif action == "discard":
            actions.discard(mailing_id=found.pk, actor=user)
            messages.success(request, _("The draft is thrown away."))
            return redirect("workflows:mailings")
        else:
            raise Http404
    except errors.CannotSend as error:
        messages.warning(request, str(error.message))
    return redirect("workflows:mailing", found.public_id)


def _sent_words(count: int) -> str:
    return ngettext(
        "The message is on its way to %(n)s reader.",
        "The message is on its way to %(n)s readers.",
        count,
    ) % {"n": count}


def _stopped_words(count: int) -> str:
    if not count:
        return _("Everything had gone out already, so there was nothing to stop.")
    return ngettext(
        "%(n)s message was stopped. What had gone out cannot be called back.",
        "%(n)s messages were stopped. What had gone out cannot be called back.",
        count,
    ) % {"n": count}


@login_required
@require_POST
def retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send again what the mail server has refused."""
    user = sending(request)
    found = _mailing(public_id)
    again = list(delivery.failed().filter(mailing=found)[:MOST_SHOWN])
    for message in again:
        delivery.try_again(message, actor=user)
    messages.success(request, _sent_words(len(again)))
    return redirect("workflows:mailing", found.public_id)


def _mailing(public_id: str) -> Mailing:
    rows = Mailing.objects.select_related("created_by", "sent_by")
    return get_object_or_404(rows, public_id=public_id.replace("\x00", ""))


def _audience(key: str) -> Audience:
    found = audience_named(key)
    if found is None:
        raise Http404
    return found
