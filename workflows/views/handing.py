"""Handing a waiting step over to someone, and back to whoever holds the role."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.models import User
from workflows.actions import WorkflowError, engine, hand_over
from workflows.actions.handing import eligible, may_hand_over
from workflows.errors import FieldError
from workflows.handing_page import found
from workflows.models import Case, WorkItem
from workflows.people_forms import HandOverForm
from workflows.rules import Step
from workflows.views.cases import seen_case


@login_required
@require_http_methods(["GET", "POST"])
def handing(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose who is to decide instead, and say why; to others the page does not exist."""
    user = cast(User, request.user)
    case = seen_case(request, reference)
    run = engine.read(case)
    data = request.POST if request.method == "POST" else request.GET
    step, item = _step(run, user, data.get("step_key") or data.get("steg") or "")
    text = request.GET.get("q", "").strip()[:80]
    people, more = found(run, step, user, text)
    if request.method == "POST":
        back = "back" in request.POST
        form = HandOverForm(request.POST)
        _offer(form, run, step, user, people)
        if back:
            del form.fields["to"]
        if form.is_valid() and _hand_over(request, case, form, user, back):
            return redirect("workflows:work" if not _still_seen(case, user) else case)
    else:
        form = HandOverForm(initial={"step_key": step.key, "round": case.round})
        _offer(form, run, step, user, people)
    context = {
        "case": case,
        "step": step,
        "item": item,
        "form": form,
        "q": text,
        "more": more,
        "people": people,
        "several": item.needed > 1,
    }
    status = 422 if form.is_bound else 200
    return render(request, "workflows/hand_over.html", context, status=status)


def _step(run: engine.Run, user: User, key: str) -> tuple[Step, WorkItem]:
    """The step that the person may hand over: the one named, or the only one."""
    if run.case.state != Case.State.WAITING:
        raise Http404
    for place in run.position().places:
        item = run.item(place.step.key)
        if key in ("", place.step.key) and item and may_hand_over(run, place.step, user):
            return place.step, item
    raise Http404


def _offer(form: HandOverForm, run: engine.Run, step: Step, user: User, people: Any) -> None:
    """The people found as choices; the one chosen may have been found by an earlier search."""
    field: Any = form.fields["to"]
    field.queryset = eligible(run, step, besides=user)
    field.choices = [(person.public_id, field.label_from_instance(person)) for person in people]


def _hand_over(
    request: HttpRequest, case: Case, form: HandOverForm, user: User, back: bool
) -> bool:
    to = None if back else form.cleaned_data["to"]
    try:
        hand_over(
            case_id=case.pk,
            step_key=form.cleaned_data["step_key"],
            round=form.cleaned_data["round"],
            to=to,
            reason=form.cleaned_data["reason"],
            actor=user,
        )
    except FieldError as error:
        # A page that gives the step back asks for nobody; another tab may have given it back.
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return False
    except WorkflowError as error:
        messages.warning(request, str(error.message))
        return True
    if to is None:
        messages.success(request, _("The step waits for whoever holds the role again."))
    else:
        name = to.get_full_name()
        messages.success(request, _("The step has been handed over to %(name)s.") % {"name": name})
    return True


def _still_seen(case: Case, user: User) -> bool:
    """Whoever handed the step over may have known of the case only because of it."""
    user.__dict__.pop("_answers_for", None)
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()
