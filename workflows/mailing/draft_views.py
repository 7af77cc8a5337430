"""Drafts of decisions' messages: the list, one of them, and which kinds wait as drafts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.pages import paginate
from people.models import User
from workflows import delivery
from workflows.case_messages import told
from workflows.mailing import access, drafts, errors, timing
from workflows.mailing import words as worded
from workflows.mailing.forms import DecisionDraftForm, ReviewForm, StopForm
from workflows.mailing.kinds import kind_named
from workflows.mailing.views import sending, wording
from workflows.mailing.words import Words
from workflows.models import Message


@login_required
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """Every draft, those that have waited longest first, and which the reader may send."""
    user = sending(request)
    page = paginate(request.GET.get("page"), drafts.drafts())
    shown: list[Message] = list(page.object_list)
    plan = timing.plan_on(timezone.localdate())
    context = {
        "page": page,
        "rows": [(one, _may_send(one.message, user)) for one in told(shown, user)],
        "days": plan.draft_days if plan else None,
        "may_send": True,
    }
    return render(request, "workflows/messages/drafts.html", context)


def _may_send(message: Message, user: User) -> bool:
    try:
        drafts.ensure_colleague(message, user)
    except errors.CannotSend:
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """One draft as its reader would get it: change the words, send, or send to nobody."""
    user = sending(request)
    public_id = public_id.replace("\x00", "")
    found = drafts.drafts().filter(public_id=public_id).first()
    if found is None:
        # A colleague was faster: the address stands in both inboxes until then.
        get_object_or_404(drafts.released(), public_id=public_id)
        messages.warning(request, str(errors.NOT_A_DRAFT))
        return redirect("workflows:message_drafts")
    now = worded.as_sent(found)
    initial = {"subject": now.subject, "body": now.body}
    stops = request.POST.get("action") == "stop"
    form = DecisionDraftForm(
        request.POST if request.method == "POST" and not stops else None, initial=initial
    )
    stop = StopForm(request.POST if stops else None, prefix="stop")
    if (stop if stops else form).is_valid():
        try:
            if stops:
                drafts.stop(message_id=found.pk, reason=stop.cleaned_data["reason"], actor=user)
                messages.success(request, _("The message goes to nobody. The reason is kept."))
            else:
                new = Words(form.cleaned_data["subject"], form.cleaned_data["body"])
                drafts.send(message_id=found.pk, words=None if new == now else new, actor=user)
                messages.success(request, _("The message is on its way."))
        except errors.CannotSend as error:
            messages.warning(request, str(error.message))
        return redirect("workflows:message_drafts")
    found.subject, found.body = now.subject, now.body
    context = {
        "message": found,
        "told": told([found], user)[0],
        "kind": kind_named(found.kind),
        "rendered": delivery.render(found),
        "may_release": _may_send(found, user),
        "form": form,
        "stop": stop,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "workflows/messages/draft.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def reviews(request: HttpRequest) -> HttpResponse:
    """Which decisions' messages wait as drafts, and a decision about one of them."""
    user = wording(request)
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        clean = form.cleaned_data
        if kind_named(clean["kind"]) is None:
            raise Http404
        drafts.decide(
            kind=clean["kind"],
            waits=clean["waits"] == "draft",
            decision=clean["decision"],
            actor=user,
        )
        messages.success(request, _("It holds from now on. What is on its way is not touched."))
        return redirect("workflows:message_reviews")
    context = {
        "choices": drafts.choices(),
        "form": form,
        "may_send": access.may_send(user),
    }
    status = 422 if form.errors else 200
    return render(request, "workflows/messages/reviews.html", context, status=status)
