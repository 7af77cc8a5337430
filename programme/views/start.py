"""Where nominating starts, the list of what has been nominated, and the receipt."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.pages import paginate
from forms_app.actions import AlreadySubmitted, discard_draft
from forms_app.models import Draft
from people.models import Capability, User
from programme import completing, queries, rules
from programme.actions import nominate as actions
from programme.errors import NotAllowed, Refused
from programme.models import Nomination, NominationKind, Wave
from programme.status import nomination_rows
from programme.views.base import ensure_can, say_refused, the_programme, user_of
from workflows.models import Case

MOST_DRAFTS = 20


@login_required
@require_safe
def nominate(request: HttpRequest) -> HttpResponse:
    """Open waves with places left, the kinds of nomination, and drafts to go on with."""
    user = ensure_can(request, Capability.NOMINATE)
    programme = the_programme()
    day = timezone.localdate()
    districts = queries.administrations_for(user, Capability.NOMINATE)
    cards = queries.wave_cards(districts, day)
    return render(
        request,
        "programme/nominate.html",
        {
            "open_cards": [card for card in cards if card.is_open],
            "coming": [card for card in cards if card.window is rules.Window.BEFORE],
            "ended": [card for card in cards if card.window is rules.Window.AFTER],
            "kinds": queries.kinds_of(programme),
            "drafts": drafts_of(user),
            "hours": queries.hours(programme),
            "balance": queries.gender(programme=programme, day=day, districts=districts),
            "ages": queries.ages(programme=programme, day=day, districts=districts),
            "gaps": queries.gaps_for(user, programme, day),
            "manager_kind": next(
                (kind for kind in queries.kinds_of(programme) if kind.category.is_manager), None
            ),
        },
    )


def drafts_of(user: User) -> list[dict[str, object]]:
    """The user's nominations that are not sent, with what they are to."""
    drafts = list(
        Draft.objects.filter(owner=user, submission=None, context__has_key="wave").order_by(
            "-updated_at"
        )[:MOST_DRAFTS]
    )
    kinds = {kind.public_id: kind for kind in NominationKind.objects.all()} if drafts else {}
    waves = {wave.public_id: wave for wave in Wave.objects.all()} if drafts else {}
    return [
        {
            "draft": draft,
            "kind": kinds.get(draft.context["kind"]),
            "wave": waves.get(draft.context["wave"]),
            "completes": "nomination" in draft.context,
        }
        for draft in drafts
    ]


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Start a draft and go to its first step."""
    user = ensure_can(request, Capability.NOMINATE)
    wave = get_object_or_404(Wave, public_id=_chosen(request, "wave"))
    kind = get_object_or_404(
        NominationKind.objects.select_related("category", "form"),
        public_id=_chosen(request, "kind"),
        programme=wave.programme_id,
    )
    try:
        draft = actions.start(wave=wave, kind=kind, actor=user)
    except Refused as error:
        say_refused(request, error)
        return redirect("programme:nominate")
    return redirect("programme:wizard", draft=draft.public_id, step=draft.current_step)


def _chosen(request: HttpRequest, name: str) -> str:
    # PostgreSQL does not even compare with a NUL character.
    return request.POST.get(name, "").replace("\x00", "")


@login_required
@require_POST
def discard(request: HttpRequest, draft: str) -> HttpResponse:
    """Throw a draft away."""
    user = user_of(request)
    found = get_object_or_404(Draft, public_id=draft, owner=user, context__has_key="wave")
    try:
        discard_draft(draft_id=found.pk, actor=user)
    except AlreadySubmitted as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The draft is deleted. Nothing was sent."))
    return redirect("programme:nominate")


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Nominations that I have made or may follow, with where each one stands."""
    user = user_of(request)
    wanted = queries.NominationFilter(
        wave=request.GET.get("omgang", ""),
        kind=request.GET.get("typ", ""),
        state=request.GET.get("lage", ""),
    )
    page = paginate(request.GET.get("page"), queries.nominations_for(user, wanted))
    programme = the_programme()
    return render(
        request,
        "programme/mine.html",
        {
            "page": page,
            "rows": nomination_rows(page.object_list, user),
            "wanted": wanted,
            "waves": list(programme.waves.all()),
            "kinds": queries.kinds_of(programme),
        },
    )


@login_required
@require_safe
def receipt(request: HttpRequest, nomination: str) -> HttpResponse:
    """The nomination is received: its reference and what happens next."""
    found = get_object_or_404(
        Nomination.objects.select_related("case__version", "kind", "wave"),
        public_id=nomination,
        nominated_by=user_of(request),
    )
    waiting = found.case.work_items.filter(closed_at=None).select_related("role").first()
    return render(request, "programme/receipt.html", {"nomination": found, "waiting": waiting})


@login_required
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """What is asked of a returned nomination; answering it opens the wizard."""
    user = user_of(request)
    nomination = get_object_or_404(
        Nomination.objects.select_related("case", "submission__version", "wave", "kind"),
        case__reference=reference,
        case__initiator=user,
    )
    if request.method == "POST":
        try:
            draft = actions.start_completion(nomination=nomination, actor=user)
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            say_refused(request, error)
            return redirect(nomination.case)
        return redirect("programme:wizard", draft=draft.public_id, step=actions.first_step(draft))
    if nomination.case.state != Case.State.RETURNED:
        return redirect(nomination.case)
    return render(
        request,
        "programme/complete.html",
        {
            "nomination": nomination,
            "question": completing.last_return(nomination.case),
            "asked": actions.asked_labels(nomination),
        },
    )
