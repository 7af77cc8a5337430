"""The list, the case, and planning."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.pages import paginate
from people.models import Capability
from programme.errors import Refused
from programme.models import BudgetLine, Procurement
from programme.procurement import access, queries
from programme.procurement.actions import planning
from programme.procurement.forms import CriterionForm, OpenersForm, ProcurementForm, ReasonForm
from programme.procurement.public import public_facts
from programme.procurement.views.base import form_page, reader
from programme.views.base import ensure_can, say_refused, the_programme, user_of


@login_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Every procurement, and what is left of each budget line."""
    user = user_of(request)
    if not access.may(user, *access.READS):
        raise Http404
    wanted = {
        "words": request.GET.get("sok", "").strip()[:100],
        "phase": request.GET.get("skede", ""),
    }
    page = paginate(request.GET.get("page"), queries.register(user, **wanted), per_page=30)
    return render(
        request,
        "procurement/list.html",
        {
            "page": page,
            "rows": [(one, queries.COLOURS[Procurement.Phase(one.phase)]) for one in page],
            "wanted": wanted,
            "phases": Procurement.Phase.choices,
            "lines": queries.lines(the_programme()),
            "may_change": access.may(user, Capability.PROCURE),
        },
    )


@login_required
@require_safe
def case(request: HttpRequest, procurement: str) -> HttpResponse:
    """One procurement: where it stands, what waits, and everything that belongs to it."""
    user, found = reader(request, procurement)
    return render(
        request,
        "procurement/case.html",
        {
            "procurement": found,
            "colour": queries.COLOURS[Procurement.Phase(found.phase)],
            "steps": queries.steps(found),
            "advice": queries.advice(found),
            "facts": public_facts(found),
            "questions": list(found.questions.select_related("answered_by")),
            "tenders": queries.tenders(found, user),
            "contracts": queries.contracts(found),
            "may_change": access.may(user, Capability.PROCURE),
            "may_end": _has_run_out(found),
            "may_tell": access.may(user, *access.TELLS),
            **queries.opening_words(found, user),
        },
    )


def _has_run_out(procurement: Procurement) -> bool:
    return (
        procurement.phase == Procurement.Phase.CONTRACTED
        and not procurement.contracts.filter(ends_on__gte=timezone.localdate()).exists()
    )


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Plan a procurement."""
    user = ensure_can(request, Capability.PROCURE)
    lines = BudgetLine.objects.filter(programme=the_programme())
    form = ProcurementForm(request.POST or None, lines=lines)
    return form_page(
        request,
        form,
        lambda: planning.save(facts=form.facts(), actor=user),
        title=_("Plan a procurement"),
        procurement=None,
        said=_("The procurement is planned. Nobody outside can see it yet."),
    )


@login_required
def change(request: HttpRequest, procurement: str) -> HttpResponse:
    """Change what is planned, or move the last days of what is announced."""
    user, found = reader(request, procurement, Capability.PROCURE)
    names = ProcurementForm.base_fields
    initial = {name: getattr(found, name) for name in names} | {
        "budget_line": found.budget_line.public_id
    }
    lines = BudgetLine.objects.filter(programme=found.programme)
    form = ProcurementForm(request.POST or None, lines=lines, initial=initial)
    return form_page(
        request,
        form,
        lambda: planning.save(facts=form.facts(), actor=user, procurement_id=found.pk),
        title=_("Change the procurement"),
        procurement=found,
        said=_("The procurement is saved."),
    )


@login_required
def criterion(request: HttpRequest, procurement: str) -> HttpResponse:
    """Add a requirement or an award criterion."""
    user, found = reader(request, procurement, Capability.PROCURE)
    form = CriterionForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: planning.add_criterion(procurement_id=found.pk, actor=user, **form.cleaned_data),
        title=_("Add a criterion"),
        procurement=found,
        said=_("The criterion is added."),
    )


@login_required
def openers(request: HttpRequest, procurement: str) -> HttpResponse:
    """Name the two who open the tenders."""
    user, found = reader(request, procurement, Capability.PROCURE)
    form = OpenersForm(request.POST or None, people=queries.possible_openers())
    return form_page(
        request,
        form,
        lambda: planning.name_openers(procurement_id=found.pk, actor=user, **form.cleaned_data),
        title=_("Name who opens the tenders"),
        procurement=found,
        said=_("The two are named."),
        intro=_(
            "Only these two can open the tenders: both, signed in as themselves, after the last "
            "moment for tenders."
        ),
    )


@login_required
@require_POST
def announce(request: HttpRequest, procurement: str) -> HttpResponse:
    """Make it public."""
    user, found = reader(request, procurement, Capability.PROCURE)
    try:
        planning.announce(procurement_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The procurement is announced, and everyone can read it."))
    return redirect("procurement:case", procurement=found.public_id)


@login_required
def cancel(request: HttpRequest, procurement: str) -> HttpResponse:
    """Stop it, with a reason."""
    user, found = reader(request, procurement, Capability.PROCURE)
    form = ReasonForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: planning.cancel(
            procurement_id=found.pk, reason=form.cleaned_data["reason"], actor=user
        ),
        title=_("Cancel the procurement"),
        procurement=found,
        said=_("The procurement is cancelled. Tenders that have come stay sealed."),
        button=_("Cancel the procurement"),
        intro=_("The reason is shown on the public page if the procurement has been announced."),
    )


@login_required
@require_POST
def end(request: HttpRequest, procurement: str) -> HttpResponse:
    """Close what has run out."""
    user, found = reader(request, procurement, Capability.PROCURE)
    try:
        planning.end(procurement_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The procurement is ended."))
    return redirect("procurement:case", procurement=found.public_id)
