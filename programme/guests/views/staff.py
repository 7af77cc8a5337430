"""What staff see and enter: guests at an event, those who came, and the events as a whole."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from people.access import held_by
from people.models import Capability, User
from programme.guests import access, actions, counting, queries
from programme.guests.forms import CountForm, ListForm
from programme.models import GuestList, Municipality, Occasion
from programme.occasions.access import reader
from programme.venues.booking import hours_in_words
from programme.views.base import ensure_can, the_programme, user_of


def _event(user: User, occasion: str) -> Occasion:
    return get_object_or_404(
        access.read_by(user).select_related("district", "programme"), public_id=occasion
    )


def _arranged(request: HttpRequest, occasion: str) -> Occasion:
    user = ensure_can(request, Capability.ARRANGE)
    found = _event(user, occasion)
    if not held_by(user).covers(Capability.ARRANGE, found.district):
        raise Http404
    return found


@login_required
@require_safe
def dissemination(request: HttpRequest) -> HttpResponse:
    """Dissemination events against what the project has promised, with what is missing."""
    user = user_of(request)
    held = held_by(user)
    if not any(
        held.can(one) for one in (Capability.ARRANGE, Capability.AUDIT, Capability.SEE_TOTALS)
    ):
        raise Http404
    found = queries.dissemination(the_programme())
    return render(
        request,
        "guests/dissemination.html",
        {
            "found": found,
            "due": [(one, queries.tag_of(one.standing)) for one in found.due],
            "may_open": held.can(Capability.ARRANGE) or held.can(Capability.AUDIT),
            "may_plan": held.can(Capability.ARRANGE),
        },
    )


@login_required
@require_safe
def guests(request: HttpRequest, occasion: str) -> HttpResponse:
    """Who comes from outside to one event; that names were read is noted."""
    user = reader(request)
    found = _event(user, occasion)
    guest_list = GuestList.objects.filter(occasion=found).first()
    rows = (
        list(guest_list.guests.filter(erased_at=None).select_related("municipality"))
        if guest_list
        else []
    )
    if rows:
        record_reading("guests.read", found.public_id)
    where = queries.by_municipality(guest_list) if guest_list else []
    return render(
        request,
        "guests/guests.html",
        {
            "occasion": found,
            "when": hours_in_words(found.starts_at, found.ends_at),
            "list": guest_list,
            "rows": [(row, queries.guest_tag(row.state)) for row in rows],
            "where": where,
            "registered": sum(one.registered for one in where),
            "attended": sum(one.attended or 0 for one in where),
            "counted": any(one.attended is not None for one in where),
            "may_change": held_by(user).covers(Capability.ARRANGE, found.district),
            "begun": found.starts_at <= timezone.now(),
        },
    )


@login_required
def list_edit(request: HttpRequest, occasion: str) -> HttpResponse:
    """Open the event for guests, or change how many it takes."""
    found = _arranged(request, occasion)
    guest_list = GuestList.objects.filter(occasion=found).first()
    form = ListForm(
        request.POST or None,
        is_new=guest_list is None,
        initial={
            "seats": guest_list.seats if guest_list else 100,
            "opens_at": guest_list.opens_at if guest_list else timezone.now(),
            "closes_at": guest_list.closes_at if guest_list else found.starts_at,
        },
    )
    if request.method == "POST" and form.is_valid():
        actions.set_list(occasion=found, actor=user_of(request), **form.cleaned_data)
        messages.success(request, _("The event takes guests."))
        return redirect("guests:guests", occasion=occasion)
    return render(
        request,
        "guests/list.html",
        {"form": form, "occasion": found, "list": guest_list},
        status=422 if form.errors else 200,
    )


@login_required
def count(request: HttpRequest, occasion: str) -> HttpResponse:
    """How many came from each municipality."""
    found = _arranged(request, occasion)
    guest_list = get_object_or_404(GuestList, occasion=found)
    known = {one.municipality.pk: one for one in queries.by_municipality(guest_list)}
    # Those with guests first; anybody may have come without registering.
    municipalities = sorted(
        Municipality.objects.filter(in_use=True) | Municipality.objects.filter(pk__in=known),
        key=lambda one: (one.pk not in known, one.name),
    )
    initial: dict[str, Any] = {
        f"came_{one.municipality.code}": one.attended for one in known.values()
    }
    form = CountForm(request.POST or None, municipalities=municipalities, initial=initial)
    if request.method == "POST" and form.is_valid():
        counting.enter(list_id=guest_list.pk, attended=form.attended(), actor=user_of(request))
        messages.success(request, _("The numbers are noted."))
        return redirect("guests:guests", occasion=occasion)
    return render(
        request,
        "guests/count.html",
        {"form": form, "occasion": found},
        status=422 if form.errors else 200,
    )
