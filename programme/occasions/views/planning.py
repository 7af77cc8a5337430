"""What staff change: a new occasion, another time or place, cancelling, inviting, a colleague."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from people.display import name_of
from people.models import Capability, Organisation, Person, User, employed_on
from programme.access import ADMINISTRATIONS
from programme.errors import NotAllowed, Refused
from programme.models import Group, Invitation, Occasion, Venue
from programme.occasions import answering, changing, checks, seating, sending
from programme.occasions.errors import NotPossible, Unconfirmed
from programme.occasions.forms import (
    CancelForm,
    NewOccasionForm,
    OccasionForm,
    SeatForm,
    SubstituteForm,
    initial_of,
)
from programme.occasions.planning import add_occasion
from programme.venues.access import venues_booked_by
from programme.venues.booking import booked_venue
from programme.views.base import ensure_can, say_refused, the_programme


def _arranged(user: User, occasion: str) -> Occasion:
    return get_object_or_404(
        Occasion.objects.arranged_by(user).select_related("district", "group", "programme", "unit"),
        public_id=occasion,
    )


def _choices(user: User) -> dict[str, Any]:
    return {
        "districts": Organisation.objects.valid_on(timezone.localdate()).filter(
            kind__in=ADMINISTRATIONS
        ),
        "venues": venues_booked_by(user),
    }


def _warned(request: HttpRequest) -> bool:
    return "despite_warnings" in request.POST


def _confirming(
    form_class: type[OccasionForm], request: HttpRequest, error: Unconfirmed, **extra: Any
) -> OccasionForm:
    """The same form again, with the box that says that the warnings have been read."""
    form = form_class(request.POST, warned=True, **extra)
    form.is_valid()
    for text in error.messages:
        form.add_error("despite_warnings", text)
    return form


def _say(form: OccasionForm, error: Refused) -> None:
    """Every reason on its own line."""
    texts = error.messages if isinstance(error, NotPossible) else [str(error.message)]
    for text in texts:
        form.add_error(None, text)


@login_required
def occasion_new(request: HttpRequest) -> HttpResponse:
    """Plan an occasion, for a group or open to more."""
    user = ensure_can(request, Capability.ARRANGE)
    programme = the_programme()
    extra = _choices(user) | {"groups": Group.objects.arranged_by(user).running()}
    form: OccasionForm = NewOccasionForm(
        request.POST or None,
        warned=_warned(request),
        initial={"group": request.GET.get("grupp", ""), "starts": "09:00", "ends": "12:00"},
        **extra,
    )
    if request.method == "POST" and form.is_valid():
        clean, wanted = form.cleaned_data, form.wanted()
        try:
            made = add_occasion(
                **vars(wanted),
                group=clean["group"],
                actor=user,
                programme=programme,
                kind=clean["kind"],
                despite_warnings=clean["despite_warnings"],
                reason=clean["reason"],
            )
        except NotAllowed:
            form.add_error("district", _("You do not arrange there. Choose another."))
        except Unconfirmed as error:
            form = _confirming(NewOccasionForm, request, error, **extra)
        except Refused as error:
            _say(form, error)
        else:
            messages.success(request, _("The occasion is planned."))
            return redirect("occasions:occasion", occasion=made.public_id)
    return render(
        request, "occasions/edit.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
def occasion_change(request: HttpRequest, occasion: str) -> HttpResponse:
    """Another time, place, title or trainer; those invited are told."""
    user = ensure_can(request, Capability.ARRANGE)
    found = _arranged(user, occasion)
    if found.state == Occasion.State.CANCELLED:
        raise Http404
    # What the occasion has stays to choose, or saving another field would quietly take it away.
    extra = _choices(user) | {"occasion": found}
    extra["venues"] |= Venue.objects.filter(
        pk__in=found.bookings.filter(cancelled_at=None).values("venue")
    )
    form = OccasionForm(
        request.POST or None,
        warned=_warned(request),
        initial=initial_of(found, booked_venue(found)),
        **extra,
    )
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            done = changing.change(
                occasion_id=found.pk,
                wanted=form.wanted(),
                reason=clean["reason"],
                actor=user,
                despite_warnings=clean["despite_warnings"],
                seen_sequence=clean["sequence"],
            )
        except NotAllowed:
            form.add_error("district", _("You do not arrange there. Choose another."))
        except Unconfirmed as error:
            form = _confirming(OccasionForm, request, error, **extra)
        except Refused as error:
            _say(form, error)
        else:
            _say_changed(request, done)
            return redirect("occasions:occasion", occasion=found.public_id)
    return render(
        request,
        "occasions/edit.html",
        {"form": form, "occasion": found},
        status=422 if form.errors else 200,
    )


def _say_changed(request: HttpRequest, done: changing.Changed) -> None:
    if not done.anything:
        messages.info(request, _("Nothing is changed."))
    elif not done.told:
        messages.success(request, _("The occasion is changed."))
    else:
        text = ngettext(
            "The occasion is changed. %(n)d person is told.",
            "The occasion is changed. %(n)d persons are told.",
            done.told,
        )
        messages.success(request, text % {"n": done.told})


@login_required
def occasion_cancel(request: HttpRequest, occasion: str) -> HttpResponse:
    """Cancel it, with a reason that those invited can read."""
    user = ensure_can(request, Capability.ARRANGE)
    found = _arranged(user, occasion)
    if found.state == Occasion.State.CANCELLED:
        back = reverse("occasions:occasion", args=[found.public_id])
        return render(
            request,
            "occasions/called_off.html",
            {"occasion": found, "crumbs": [(back, found.title)]},
            status=422 if request.method == "POST" else 200,
        )
    form = CancelForm(request.POST or None)
    invited = found.invitations.filter(withdrawn_at=None, invited_at__isnull=False).count()
    if request.method == "POST" and form.is_valid():
        try:
            changing.cancel(occasion_id=found.pk, reason=form.cleaned_data["reason"], actor=user)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(
                request,
                _("The occasion is cancelled. The venue is free, and those invited know.")
                if invited
                else _(
                    "The occasion is cancelled. The venue is free. Nobody had been invited yet."
                ),
            )
            return redirect("occasions:occasion", occasion=found.public_id)
    return render(
        request,
        "occasions/cancel.html",
        {"form": form, "occasion": found, "told": invited},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def invite_now(request: HttpRequest, occasion: str) -> HttpResponse:
    """Send the invitations before the clock does."""
    user = ensure_can(request, Capability.ARRANGE)
    found = _arranged(user, occasion)
    try:
        sent = sending.invite_now(occasion_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        text = ngettext("%(n)d invitation is sent.", "%(n)d invitations are sent.", sent)
        messages.success(request, text % {"n": sent})
    return redirect("occasions:occasion", occasion=found.public_id)


@login_required
def substitute(request: HttpRequest, occasion: str, invitation: str) -> HttpResponse:
    """Let a colleague of the same unit take someone's seat."""
    user = ensure_can(request, Capability.ARRANGE)
    found = _arranged(user, occasion)
    row = get_object_or_404(
        Invitation.objects.select_related("person__unit"),
        occasion=found,
        public_id=invitation,
        withdrawn_at=None,
    )
    colleagues = list(
        Person.objects.filter(
            employed_on(timezone.localdate(found.starts_at)),
            unit=row.person.unit,
            temporary=False,
            merged_into=None,
        )
        .exclude(invitations__in=found.invitations.filter(withdrawn_at=None))
        .select_related("unit")
    )
    form = SubstituteForm(request.POST or None, colleagues=colleagues, viewer=user)
    if request.method == "POST" and form.is_valid():
        chosen = {person.public_id: person for person in colleagues}
        try:
            answering.substitute(
                invitation_id=row.pk,
                colleague=chosen[form.cleaned_data["colleague"]],
                reason=form.cleaned_data["reason"],
                actor=user,
            )
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The colleague has the seat. Both are told."))
            return redirect("occasions:occasion", occasion=found.public_id)
    return render(
        request,
        "occasions/substitute.html",
        {"form": form, "occasion": found, "name": name_of(row.person, user)},
        status=422 if form.errors else 200,
    )


@login_required
def seat(request: HttpRequest, occasion: str) -> HttpResponse:
    """Give one person of the same course a seat in a group's occasion."""
    user = ensure_can(request, Capability.ARRANGE)
    found = _arranged(user, occasion)
    if found.group is None:
        return redirect("registrations:staff", occasion=found.public_id)
    candidates = list(seating.candidates(found, user))
    form = SeatForm(
        request.POST or None,
        candidates=candidates,
        viewer=user,
        initial={"participant": request.GET.get("deltagare", "")},
    )
    if request.method == "POST" and form.is_valid():
        chosen = {one.public_id: one.pk for one in candidates}
        try:
            seating.invite_one(
                occasion_id=found.pk,
                participation_id=chosen[form.cleaned_data["participant"]],
                reason=form.cleaned_data["reason"],
                actor=user,
            )
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(
                request, _("The person has a seat, and is sent the invitation as everyone else.")
            )
            return redirect("occasions:occasion", occasion=found.public_id)
    return render(
        request,
        "occasions/seat.html",
        {
            "form": form,
            "occasion": found,
            "left": checks.seats_left(found),
            "anyone": bool(candidates),
        },
        status=422 if form.errors else 200,
    )
