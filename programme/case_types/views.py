"""Where a case starts, its receipt, and answering what was asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forms_app.actions import AlreadySubmitted, discard_draft
from forms_app.models import Draft
from forms_app.opening import FormClosed
from forms_app.schema import FormSchema
from programme import completing
from programme.case_types import access, actions, queries
from programme.case_types.kind import StaffKind
from programme.errors import NotAllowed, Refused
from programme.models import CaseSubmission, CaseType
from programme.views.base import say_refused, user_of
from workflows.models import Case


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The kinds of case I may start, and drafts to go on with."""
    user = user_of(request)
    return render(
        request,
        "programme/case_types/start.html",
        {"startable": access.startable(user), "drafts": queries.drafts_of(user)},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """What the case is for and what happens after it is sent; a POST begins a draft."""
    user = user_of(request)
    found = access.startable_type(user, key)
    if found is None:
        raise Http404
    chooses = (
        found.case_type.belongs_to == CaseType.BelongsTo.STARTER and len(found.organisations) > 1
    )
    if request.method == "POST":
        wanted = request.POST.get("place", "")
        place = next(
            (one for one in found.organisations if not chooses or one.public_id == wanted), None
        )
        if place is None:
            raise Http404
        try:
            draft = actions.start(key=key, place=place, actor=user)
        except NotAllowed as error:
            raise Http404 from error
        except FormClosed as error:
            messages.warning(request, error.message)
            return redirect("case_types:start")
        return redirect(
            "case_types:wizard", key=key, draft=draft.public_id, step=draft.current_step
        )
    return render(
        request,
        "programme/case_types/begin.html",
        {
            "case_type": found.case_type,
            "places": found.organisations if chooses else [],
            "steps": queries.what_happens(found.case_type),
        },
    )


@login_required
@require_POST
def discard(request: HttpRequest, draft: str) -> HttpResponse:
    """Throw a draft away."""
    user = user_of(request)
    found = get_object_or_404(Draft, public_id=draft, owner=user, context__has_key=actions.TYPE)
    try:
        discard_draft(draft_id=found.pk, actor=user)
    except AlreadySubmitted as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The draft is deleted. Nothing was sent."))
    return redirect("case_types:start")


@login_required
@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The case is received: its reference and what happens next."""
    link = _own(request, reference)
    waiting = link.case.work_items.filter(closed_at=None).select_related("role").first()
    return render(
        request,
        "programme/case_types/receipt.html",
        {
            "case": link.case,
            "case_type": link.case_type,
            "reference": link.case.reference,
            "waiting": waiting,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """What is asked of a returned case; answering it opens the wizard."""
    user = user_of(request)
    link = _own(request, reference)
    case, case_type = link.case, link.case_type
    if request.method == "POST":
        try:
            draft = actions.start_completion(case=case, case_type=case_type, actor=user)
        except Refused as error:
            say_refused(request, error)
            return redirect(case)
        schema = FormSchema.from_plain(draft.version.schema)
        step = completing.first_step(schema, actions.unlocked_fields(draft, schema, case_type))
        return redirect("case_types:wizard", key=case_type.key, draft=draft.public_id, step=step)
    if case.state != Case.State.RETURNED:
        return redirect(case)
    labels = StaffKind(case_type).field_labels(case)
    return render(
        request,
        "programme/case_types/complete.html",
        {
            "case": case,
            "case_type": case_type,
            "question": completing.last_return(case),
            "asked": [labels[key] for key in completing.asked_fields(case) if key in labels],
        },
    )


def _own(request: HttpRequest, reference: str) -> CaseSubmission:
    """The answers first given to the user's own case; anyone else's does not exist here."""
    return get_object_or_404(
        CaseSubmission.objects.select_related("case", "case_type"),
        case__reference=reference,
        case__initiator=user_of(request),
        round=1,
    )
