"""The page of one case, and the answers given there."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.pages import paginate
from people.models import User
from workflows import actions
from workflows import case_messages as sent_about
from workflows.case_page import CasePage, case_page
from workflows.forms import FORMS, DecisionForm, ReturnForm, WithdrawForm
from workflows.models import Case, Message
from workflows.rules import Verdict

DONE = {
    Verdict.APPROVE.value: lambda: _("Your approval is saved."),
    Verdict.RETURN.value: lambda: _("Your question is saved and has been sent."),
    Verdict.DECLINE.value: lambda: _("The case is declined. Your reason is saved."),
}


def seen_case(request: HttpRequest, reference: str) -> Case:
    """The case, if this person may know of it; otherwise 404, as if it did not exist."""
    cases = Case.objects.visible_to(request.user).select_related(
        "organisation", "initiator", "concerns", "version"
    )
    return get_object_or_404(cases, reference=reference)


@login_required
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case."""
    page = case_page(seen_case(request, reference), cast(User, request.user))
    return _render(request, page)


@login_required
@require_safe
def case_messages(request: HttpRequest, reference: str) -> HttpResponse:
    """What has been sent about the case, to whom and when; or one moment's messages."""
    seen = seen_case(request, reference)
    wanted = request.GET.get("om", "")
    rows = sent_about.messages_of(seen, of=wanted)
    page = paginate(request.GET.get("page"), rows)
    shown: list[Message] = list(page.object_list)
    context = {
        "case": seen,
        "page": page,
        "told": sent_about.told(shown, cast(User, request.user)),
        "narrowed": bool(wanted),
    }
    return render(request, "workflows/case_messages.html", context)


def answers_to(page: CasePage) -> dict[str, Any]:
    """A form for each verdict that the viewer may give on the step."""
    if page.step is None:
        return {}
    initial = {"step_key": page.step.key, "round": page.case.round}
    answers: dict[str, Any] = {}
    for name in page.verdicts:
        extra: dict[str, Any] = {"labels": page.labels} if FORMS[name] is ReturnForm else {}
        answers[name] = FORMS[name](initial=initial, auto_id=f"{name}_%s", **extra)
    return answers


def answer_in(request: HttpRequest, page: CasePage, verdict: str) -> DecisionForm:
    """The answer that was sent."""
    extra: dict[str, Any] = {"labels": page.labels} if FORMS[verdict] is ReturnForm else {}
    return FORMS[verdict](request.POST, auto_id=f"{verdict}_%s", **extra)


def _render(
    request: HttpRequest,
    page: CasePage,
    bound: forms.Form | None = None,
    verdict: str = "",
    unsaved: str = "",
) -> HttpResponse:
    answers = answers_to(page)
    withdrawal: forms.Form | None = WithdrawForm(auto_id="withdraw_%s")
    if bound is not None and verdict == "withdraw":
        withdrawal = bound
    elif bound is not None:
        answers[verdict] = bound
    context = {
        "page": page,
        "case": page.case,
        "answers": answers,
        "withdrawal": withdrawal if page.may_withdraw else None,
        "form": bound,
        "open": verdict if bound is not None else "",
        "unsaved": unsaved,
    }
    status = 422 if bound or unsaved else 200
    return render(request, "workflows/case.html", context, status=status)


def _refused(request: HttpRequest, reference: str, error: actions.WorkflowError) -> HttpResponse:
    """Where the case stands now, with what was written: its form may be there no longer."""
    messages.warning(request, str(error.message))
    seen = seen_case(request, reference)
    written = request.POST.get("reason", "").strip()
    if not written:
        return redirect(seen)
    return _render(request, case_page(seen, cast(User, request.user)), unsaved=written)


@login_required
@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one answer; a stale one shows where the case stands now."""
    user = cast(User, request.user)
    seen = seen_case(request, reference)
    verdict = request.POST.get("verdict", "")
    if verdict not in FORMS:
        return redirect(seen)
    page = case_page(seen, user)
    form = answer_in(request, page, verdict)
    if not form.is_valid():
        if verdict not in page.verdicts:
            return _refused(request, reference, actions.StaleDecision())
        return _render(request, page, form, verdict)
    try:
        actions.decide(case_id=seen.pk, verdict=verdict, actor=user, **form.cleaned_data)
    except actions.WorkflowError as error:
        return _refused(request, reference, error)
    messages.success(request, DONE[verdict]())
    return redirect(seen)


@login_required
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw the person's own case."""
    user = cast(User, request.user)
    seen = seen_case(request, reference)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    if not form.is_valid():
        return _render(request, case_page(seen, user), form, "withdraw")
    try:
        actions.withdraw(case_id=seen.pk, actor=user, reason=form.cleaned_data["reason"])
    except actions.WorkflowError as error:
        return _refused(request, reference, error)
    messages.success(request, _("The case is withdrawn."))
    return redirect(seen)
