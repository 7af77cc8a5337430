"""The evaluation's pages for the office, the steering group and the evaluator."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.models import Capability, User
from programme.errors import Refused
from programme.evaluation import access, actions
from programme.evaluation.forms import (
    AnswerForm,
    DayForm,
    FindingForm,
    RecommendationForm,
    ReportForm,
)
from programme.evaluation.public import told
from programme.models import EvaluationReport, Recommendation
from programme.views.base import say_refused, the_programme, user_of


def _reader(request: HttpRequest, report: str, *capabilities: str) -> tuple[User, EvaluationReport]:
    user = user_of(request)
    if capabilities and not access.may(user, *capabilities):
        raise Http404
    return user, get_object_or_404(access.reports_seen_by(user), public_id=report)


@login_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """The register of reports."""
    user = user_of(request)
    if not access.may(user, Capability.EVALUATE, *access.READS):
        raise Http404
    reports = access.reports_seen_by(user).prefetch_related("findings__recommendations")
    return render(
        request,
        "evaluation/list.html",
        {
            "rows": [(one, told(one).progress) for one in reports[:50]],
            "may_add": access.may(user, Capability.EVALUATE, Capability.MANAGE_PROGRAMME),
            "may_see_material": access.may(
                user, Capability.EVALUATE, Capability.MANAGE_PROGRAMME, Capability.AUDIT
            ),
        },
    )


@login_required
@require_safe
def report_page(request: HttpRequest, report: str) -> HttpResponse:
    """One report: findings, recommendations, answers and what is left."""
    user, found = _reader(request, report)
    return render(
        request,
        "evaluation/report.html",
        {
            "report": found,
            "told": told(found),
            "may_write": access.may_write(user, found),
            "may_answer": access.may(user, Capability.MANAGE_PROGRAMME),
            "may_publish": access.may(user, Capability.MANAGE_PROGRAMME, Capability.MANAGE_CONTENT),
        },
    )


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Register a report."""
    user = user_of(request)
    if not access.may(user, Capability.EVALUATE, Capability.MANAGE_PROGRAMME):
        raise Http404
    form = ReportForm(request.POST or None)
    return _form(
        request,
        form,
        lambda: actions.register(programme=the_programme(), facts=form.facts(), actor=user),
        title=_("Register a report"),
        report=None,
        said=_("The report is registered. Add its findings now."),
    )


@login_required
def finding(request: HttpRequest, report: str) -> HttpResponse:
    """Add a finding."""
    user, found = _reader(request, report, Capability.EVALUATE, Capability.MANAGE_PROGRAMME)
    if not access.may_write(user, found):
        raise Http404
    form = FindingForm(request.POST or None)
    return _form(
        request,
        form,
        lambda: actions.add_finding(report_id=found.pk, actor=user, **form.cleaned_data),
        title=_("Add a finding"),
        report=found,
        said=_("The finding is added."),
    )


@login_required
def recommend(request: HttpRequest, report: str, finding: str) -> HttpResponse:
    """Add a recommendation."""
    user, found = _reader(request, report, Capability.EVALUATE, Capability.MANAGE_PROGRAMME)
    about = get_object_or_404(found.findings, public_id=finding)
    if not access.may_write(user, found):
        raise Http404
    form = RecommendationForm(request.POST or None)
    return _form(
        request,
        form,
        lambda: actions.recommend(finding_id=about.pk, text=form.cleaned_data["text"], actor=user),
        title=_("Add a recommendation"),
        report=found,
        said=_("The recommendation is added."),
        intro=about.text,
    )


@login_required
def present(request: HttpRequest, report: str) -> HttpResponse:
    """Note the day the steering group was shown the report."""
    user, found = _reader(request, report, Capability.MANAGE_PROGRAMME)
    form = DayForm(request.POST or None)
    return _form(
        request,
        form,
        lambda: actions.present(report_id=found.pk, on=form.cleaned_data["on"], actor=user),
        title=_("Shown to the steering group"),
        report=found,
        said=_("Noted. The report can now be published."),
        intro=_("From then on its findings cannot be changed."),
    )


@login_required
@require_POST
def publish(request: HttpRequest, report: str) -> HttpResponse:
    """Make the report public."""
    user, found = _reader(request, report, Capability.MANAGE_PROGRAMME, Capability.MANAGE_CONTENT)
    try:
        actions.publish(report_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The report is public, and so are the answers."))
    return redirect("evaluation:report", report=found.public_id)


@login_required
def answer(request: HttpRequest, report: str, recommendation: str) -> HttpResponse:
    """Answer a recommendation."""
    user, found = _reader(request, report, Capability.MANAGE_PROGRAMME)
    about = _recommendation(found, recommendation)
    names = ("status", "owner", "deadline", "response")
    form = AnswerForm(request.POST or None, initial={name: getattr(about, name) for name in names})
    return _form(
        request,
        form,
        lambda: actions.answer(recommendation_id=about.pk, given=form.given(), actor=user),
        title=_("Answer the recommendation"),
        report=found,
        said=_("The answer is saved."),
        intro=about.text,
    )


@login_required
def done(request: HttpRequest, report: str, recommendation: str) -> HttpResponse:
    """Note that it is carried out."""
    user, found = _reader(request, report, Capability.MANAGE_PROGRAMME)
    about = _recommendation(found, recommendation)
    form = DayForm(request.POST or None)
    return _form(
        request,
        form,
        lambda: actions.mark_done(
            recommendation_id=about.pk, on=form.cleaned_data["on"], actor=user
        ),
        title=_("The recommendation is carried out"),
        report=found,
        said=_("Noted as done."),
        intro=about.text,
    )


def _recommendation(report: EvaluationReport, public_id: str) -> Recommendation:
    rows = Recommendation.objects.select_related("finding").filter(finding__report=report)
    return get_object_or_404(rows, public_id=public_id)


def _form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    report: EvaluationReport | None,
    said: str,
    intro: str = "",
) -> HttpResponse:
    """One form on a page of its own: act and go back to the report, or say what to put right."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, said)
            target = made if isinstance(made, EvaluationReport) else report
            assert target is not None
            return redirect("evaluation:report", report=target.public_id)
    return render(
        request,
        "evaluation/form.html",
        {"form": form, "title": title, "report": report, "intro": intro},
        status=422 if form.errors else 200,
    )
