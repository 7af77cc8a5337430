"""The register of decisions: the list, one decision with its history, corrections, follow-up."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.pages import paginate
from programme.governance import access, deciding, queries, rules
from programme.governance.forms import CorrectionForm, DecisionForm, FollowUpForm
from programme.governance.pages import answer_form, manager, reader
from programme.governance.views import address_of, body_of
from programme.models import Body, BodyDecision, Programme

STATES = ("waiting", "overdue", "done")
CORRECTED = ("title", "text", "record_number", "organisation", "responsible", "follow_up_on")


@login_required
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """The register: by body, by state, by words."""
    user, programme = reader(request)
    today = timezone.localdate()
    choice = queries.Choice(
        body=request.GET.get("organ", ""),
        state=request.GET.get("lage", ""),
        words=request.GET.get("ord", "").replace("\x00", "").strip()[:80],
    )
    page = paginate(request.GET.get("page"), queries.decisions(programme, today, choice))
    return render(
        request,
        "governance/decisions.html",
        {
            "page": page,
            "rows": [(row, is_late(row)) for row in page.object_list],
            "choice": choice,
            "states": [
                ("waiting", _("waits for follow-up")),
                ("overdue", _("late")),
                ("done", _("followed up")),
            ],
            "bodies": Body.objects.filter(programme=programme).select_related("kind"),
            "may_manage": access.may_manage(user),
        },
    )


def is_late(decision: BodyDecision) -> bool:
    """Whether it should have been followed up by now."""
    return rules.is_overdue(decision.follow_up_on, decision.followed_up_on, timezone.localdate())


def _decision(programme: Programme, public_id: str) -> BodyDecision:
    return get_object_or_404(
        BodyDecision.objects.select_related(
            "body__kind", "meeting", "item", "responsible", "organisation", "recorded_by"
        ),
        body__programme=programme,
        public_id=public_id,
    )


def _back(decision: BodyDecision) -> tuple[str, str]:
    return decision.number, reverse("governance:decision", args=[decision.public_id])


@login_required
@require_safe
def decision_page(request: HttpRequest, decision: str) -> HttpResponse:
    """One decision: words, who sees to it, what became of it, and how it read before."""
    user, programme = reader(request)
    found = _decision(programme, decision)
    return render(
        request,
        "governance/decision.html",
        {
            "decision": found,
            "late": is_late(found),
            "earlier": queries.earlier_words(found),
            "may_manage": access.may_manage(user),
        },
    )


@login_required
def decision_new(request: HttpRequest, body: str) -> HttpResponse:
    """Record a decision made between meetings, for one organisation (R-199)."""
    user, programme = manager(request)
    found = body_of(programme, body)
    form = DecisionForm(request.POST or None, initial={"decided_on": timezone.localdate()})
    return answer_form(
        request,
        form,
        lambda: deciding.record(body=found, facts=form.recorded(), actor=user),
        title=_("Record a decision outside a meeting"),
        said=_("The decision is in the register."),
        back=(found.name, address_of(found)),
        intro=_(
            "A manager may decide for the own organisation between meetings. What the body decides"
            " together is recorded on the meeting's page."
        ),
        button=_("Record the decision"),
    )


@login_required
def decision_correct(request: HttpRequest, decision: str) -> HttpResponse:
    """Put a recorded decision right, with a reason."""
    user, programme = manager(request)
    found = _decision(programme, decision)
    shown = {name: getattr(found, name) for name in CORRECTED}
    form = CorrectionForm(request.POST or None, initial={**shown, "seen": deciding.edition(found)})
    return answer_form(
        request,
        form,
        lambda: deciding.correct(
            decision=found,
            facts=form.facts(),
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            actor=user,
        ),
        title=_("Correct the decision"),
        said=_("Corrected. The earlier words stay below, with the reason."),
        back=_back(found),
        intro=_("Its number, body, meeting and day stay as they are."),
    )


@login_required
def decision_follow_up(request: HttpRequest, decision: str) -> HttpResponse:
    """Note what became of it."""
    user, programme = manager(request)
    found = _decision(programme, decision)
    form = FollowUpForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: deciding.follow_up(decision=found, actor=user, **form.cleaned_data),
        title=_("Follow up the decision"),
        said=_("Noted. The decision is followed up."),
        back=_back(found),
        intro=found.text,
    )
