"""What the participant and the trainer see of an occasion."""

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from audit.reads import record_reading
from people.display import name_of
from people.models import Capability
from people.ordering import by_name
from programme.errors import NotAllowed, Refused
from programme.models import Booking, Invitation, Occasion
from programme.occasions import access, answering, queries
from programme.occasions.calendar import is_off
from programme.occasions.clock import breaks_in_words
from programme.occasions.views.staff import needs_shown
from programme.queries import settings_on
from programme.venues.booking import hours_in_words
from programme.views.base import back_to, ensure_can, say_refused, user_of

# So long after the end a slow meeting may still be entered.
AFTERWARDS = datetime.timedelta(minutes=30)


def _mine(request: HttpRequest, occasion: str) -> Invitation:
    row = access.invitation_of(user_of(request), occasion)
    if row is None:
        raise Http404
    return row


@login_required
def answer(request: HttpRequest, occasion: str) -> HttpResponse:
    """When and where, and whether I am coming: one page, one click."""
    row = _mine(request, occasion)
    if request.method == "POST":
        return _answered(request, row)
    now = timezone.now()
    booking = (
        Booking.objects.filter(occasion=row.occasion, cancelled_at=None)
        .select_related("venue")
        .first()
    )
    start = timezone.localtime(row.occasion.starts_at)
    return render(
        request,
        "occasions/answer.html",
        {
            "row": row,
            "occasion": row.occasion,
            "when": hours_in_words(row.occasion.starts_at, row.occasion.ends_at),
            "breaks": breaks_in_words(row.occasion.breaks, start),
            "venue": booking.venue if booking else None,
            "off": is_off(row),
            "over": row.occasion.ends_at <= now,
            "said": queries.answer_in_words(row),
        },
    )


def _answered(request: HttpRequest, row: Invitation) -> HttpResponse:
    said = request.POST.get("answer")
    if said in (Invitation.Answer.COMING, Invitation.Answer.NOT_COMING):
        try:
            answering.answer(
                invitation_id=row.pk,
                coming=said == Invitation.Answer.COMING,
                actor=user_of(request),
            )
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            say_refused(request, error)
        else:
            messages.success(request, _("Thank you. Your answer is noted. You may change it."))
    return back_to(request, reverse("occasions:answer", args=[row.occasion.public_id]))


@login_required
@require_GET
def join(request: HttpRequest, occasion: str) -> HttpResponse:
    """Lead to the online meeting shortly before it starts; that someone came here is noted.

    The note is evidence of interest and nothing else: being there is what attendance says.
    """
    row = _mine(request, occasion)
    found = row.occasion
    if is_off(row) or not found.online:
        raise Http404
    opens = found.starts_at - datetime.timedelta(minutes=_minutes_before(found))
    now = timezone.now()
    if now < opens or not found.join_address or now > found.ends_at + AFTERWARDS:
        return _waiting(request, found, opens)
    record_reading("occasion.join", found.public_id)
    # Where staff have written {token}, the meeting's own report can be matched; it is a
    # random word that says nothing to anybody else.
    response = HttpResponse(status=302)
    response["Location"] = found.join_address.replace("{token}", row.join_token)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _minutes_before(occasion: Occasion) -> int:
    day = timezone.localtime(occasion.starts_at).date()
    return int(settings_on(occasion.programme, day)["join_minutes"])


def _waiting(request: HttpRequest, occasion: Occasion, opens: datetime.datetime) -> HttpResponse:
    return render(
        request,
        "occasions/join.html",
        {
            "occasion": occasion,
            "when": hours_in_words(occasion.starts_at, occasion.ends_at),
            "opens": opens,
            "over": timezone.now() > occasion.ends_at,
        },
    )


@login_required
@require_safe
def teaching(request: HttpRequest) -> HttpResponse:
    """The trainer's own occasions and nobody else's (R-081)."""
    user = ensure_can(request, Capability.TEACH)
    ahead, over = queries.trainers_occasions(access.taught_by(user))
    now = timezone.now()
    return render(
        request,
        "occasions/teaching.html",
        {"ahead": queries.rows(ahead, now), "over": queries.rows(over, now)},
    )


@login_required
@require_safe
def taught(request: HttpRequest, occasion: str) -> HttpResponse:
    """One of the trainer's occasions: names and what people need; no numbers, no addresses."""
    user = ensure_can(request, Capability.TEACH)
    found: Any = get_object_or_404(queries.with_counts(access.taught_by(user)), public_id=occasion)
    rows = (
        Invitation.objects.filter(occasion=found, withdrawn_at=None)
        .select_related("person__unit")
        .order_by(*reversed(by_name("person__")), "pk")
    )
    bookings = found.standing_bookings
    return render(
        request,
        "occasions/taught.html",
        {
            "occasion": found,
            "row": queries.rows([found], timezone.now())[0],
            "breaks": breaks_in_words(found.breaks, timezone.localtime(found.starts_at)),
            "venue": bookings[0].venue if bookings else None,
            # The random word is the participants'; a trainer stands there by name.
            "meeting": found.join_address.replace("{token}", user.public_id),
            "people": [(name_of(row.person, user), queries.answer_in_words(row)) for row in rows],
            "needs": needs_shown(user, found),
        },
    )
