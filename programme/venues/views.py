"""Venues, their checks and bookings, and what participants need."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.reads import record_reading
from core.pages import paginate
from people.access import held_by
from people.display import name_of
from people.models import Capability, Organisation, User
from programme.access import ADMINISTRATIONS
from programme.errors import NotAllowed, Refused
from programme.models import Venue
from programme.queries import administrations_for
from programme.venues import access, actions, needs, queries
from programme.venues.accessibility import newest_checks, points_of, verdict_of
from programme.venues.forms import CheckForm, VenueForm
from programme.views.base import (
    ensure_can,
    form_page,
    saved,
    say_refused,
    the_programme,
    user_of,
)


def reader(request: HttpRequest) -> User:
    """Whoever arranges, or reads as auditor; to others the page does not exist."""
    user = user_of(request)
    held = held_by(user)
    if not (held.can(Capability.ARRANGE) or held.can(Capability.AUDIT)):
        raise Http404
    return user


@login_required
@require_safe
def venue_list(request: HttpRequest) -> HttpResponse:
    """The register."""
    user = reader(request)
    programme = the_programme()
    wanted = {
        "district": request.GET.get("forvaltning", ""),
        "words": request.GET.get("sok", "").strip(),
    }
    page = paginate(
        request.GET.get("page"), queries.register(user, programme, **wanted), per_page=50
    )
    return render(
        request,
        "venues/list.html",
        {
            "page": page,
            "rows": queries.rows(list(page.object_list), programme),
            "wanted": wanted,
            "districts": administrations_for(user, Capability.ARRANGE)
            or administrations_for(user, Capability.AUDIT),
            "may_change": held_by(user).can(Capability.ARRANGE),
        },
    )


@login_required
@require_safe
def venue_page(request: HttpRequest, venue: str) -> HttpResponse:
    """One venue: facts, the newest check and what is booked."""
    user = reader(request)
    found = get_object_or_404(
        access.venues_seen_by(user).select_related("district"), public_id=venue
    )
    check = newest_checks([found.pk]).get(found.pk)
    verdict = verdict_of(check, points_of(the_programme().pk))
    return render(
        request,
        "venues/venue.html",
        {
            "venue": found,
            "check": check,
            "replies": queries.replies(check) if check else [],
            "verdict": verdict,
            "state": queries.state_of(verdict),
            "earlier": list(found.checks.select_related("checked_by")[1:10]),
            "bookings": queries.bookings_of(found, timezone.now()),
            "may_change": held_by(user).covers(Capability.ARRANGE, found.district),
        },
    )


@login_required
def venue_new(request: HttpRequest) -> HttpResponse:
    """Add a venue."""
    user = ensure_can(request, Capability.ARRANGE)
    return _edit(request, user, None)


@login_required
def venue_change(request: HttpRequest, venue: str) -> HttpResponse:
    """Change a venue."""
    user = ensure_can(request, Capability.ARRANGE)
    return _edit(request, user, _arranged(user, venue))


def _arranged(user: User, venue: str) -> Venue:
    found = get_object_or_404(Venue.objects.select_related("district"), public_id=venue)
    if not held_by(user).covers(Capability.ARRANGE, found.district):
        raise Http404
    return found


def _districts() -> object:
    return Organisation.objects.valid_on(timezone.localdate()).filter(kind__in=ADMINISTRATIONS)


def _edit(request: HttpRequest, user: User, venue: Venue | None) -> HttpResponse:
    names = ("name", "address", "capacity", "cost_a_day", "directions", "in_use")
    initial = (
        {name: getattr(venue, name) for name in names} | {"district": venue.district.public_id}
        if venue
        else None
    )
    form = VenueForm(request.POST or None, districts=_districts(), initial=initial)
    made: list[Venue] = []

    def do(_clean: dict[str, Any]) -> None:
        changed = venue.pk if venue else None
        try:
            made.append(actions.save_venue(facts=form.facts(), actor=user, venue_id=changed))
        except NotAllowed as error:
            raise Refused(_("You do not arrange there. Choose another.")) from error

    said = _("The venue is saved.")
    if request.method == "POST" and saved(request, form, do, said=said, refused_at="district"):
        return redirect("venues:venue", venue=made[0].public_id)
    return form_page(request, "venues/edit.html", form, venue=venue)


@login_required
def venue_check(request: HttpRequest, venue: str) -> HttpResponse:
    """Fill in the checklist after a visit."""
    user = ensure_can(request, Capability.ARRANGE)
    found = _arranged(user, venue)
    programme = the_programme()
    form = CheckForm(request.POST or None, points=points_of(programme.pk))

    def do(clean: dict[str, Any]) -> None:
        actions.record_check(
            venue_id=found.pk,
            programme=programme,
            checked_on=clean["checked_on"],
            found=form.found(),
            actor=user,
        )

    said = _("The checklist is kept. The newest one counts.")
    if request.method == "POST" and saved(request, form, do, said=said, refused_at="checked_on"):
        return redirect("venues:venue", venue=found.public_id)
    return form_page(request, "venues/check.html", form, venue=found)


@login_required
@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """What participants need, for those who arrange; the reading is noted."""
    user = ensure_can(request, Capability.ARRANGE)
    waiting = needs.to_arrange(user, handled=False)
    done = needs.to_arrange(user, handled=True)
    if waiting or done:
        record_reading("need.read", "")
    return render(
        request,
        "venues/needs.html",
        {
            "waiting": [(need, name_of(need.person, user)) for need in waiting],
            "done": [(need, name_of(need.person, user)) for need in done],
            "counts": needs.counts(the_programme()),
        },
    )


@login_required
@require_POST
def need_handled(request: HttpRequest, need: str) -> HttpResponse:
    """It is arranged."""
    user = ensure_can(request, Capability.ARRANGE)
    found = get_object_or_404(access.needs_arranged_by(user), public_id=need)
    try:
        needs.mark_handled(need=found, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("Noted as arranged."))
    return redirect("venues:needs")


@login_required
@require_POST
def need_not_arranged(request: HttpRequest, need: str) -> HttpResponse:
    """It could not be arranged; the participant reads why."""
    user = ensure_can(request, Capability.ARRANGE)
    found = get_object_or_404(access.needs_arranged_by(user), public_id=need)
    try:
        needs.mark_not_arranged(need=found, reason=request.POST.get("reason", ""), actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("Noted. The participant sees the reason."))
    return redirect("venues:needs")
