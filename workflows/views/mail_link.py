"""The page behind the link in a message: the facts, and the answers to choose from."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.models import User
from workflows import actions, mail_links
from workflows.actions.by_link import decide_by_link
from workflows.case_page import CasePage, case_page
from workflows.forms import FORMS, DecisionForm
from workflows.models import Message
from workflows.views.cases import DONE, answer_in, answers_to, seen_case


@login_required
@require_http_methods(["GET", "POST"])
def mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be decided; only the page's own form decides it, and once."""
    user = cast(User, request.user)
    message = mail_links.message_in(token)
    if message is None or message.case is None or message.recipient_id != user.pk:
        raise Http404
    seen = seen_case(request, message.case.reference)
    if mail_links.is_used(message):
        messages.info(request, str(actions.UsedUp.default))
        return redirect(seen)
    page = case_page(seen, user)
    if page.step is None:
        messages.info(request, _("Nothing in this case waits for your decision now."))
        return redirect(seen)
    verdict = request.POST.get("verdict", "")
    if request.method != "POST" or verdict not in FORMS:
        return _show(request, page)
    form = answer_in(request, page, verdict)
    if not form.is_valid():
        return _show(request, page, form, verdict)
    return _decide(request, message, page, form, verdict)


def _show(
    request: HttpRequest, page: CasePage, bound: DecisionForm | None = None, verdict: str = ""
) -> HttpResponse:
    answers = answers_to(page)
    if bound is not None:
        answers[verdict] = bound
    context = {
        "page": page,
        "case": page.case,
        "answers": answers,
        "action": request.path,
        "form": bound,
        "open": verdict,
    }
    return render(request, "workflows/mail_link.html", context, status=422 if bound else 200)


def _decide(
    request: HttpRequest, message: Message, page: CasePage, form: DecisionForm, verdict: str
) -> HttpResponse:
    actor = cast(User, request.user)
    try:
        decide_by_link(message_id=message.pk, actor=actor, verdict=verdict, **form.cleaned_data)
    except actions.WorkflowError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, DONE[verdict]())
    return redirect(page.case)
