"""Calendar files and the subscription."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.models import Person
from programme.models import Invitation, Venue
from programme.occasions import access, calendar, feeds, queries
from programme.venues.booking import booked_venue
from programme.views.base import user_of

# How far back a subscription goes: calendars keep what they once fetched.
BACK = datetime.timedelta(days=400)


def _page(request: HttpRequest, row: Invitation) -> str:
    return request.build_absolute_uri(reverse("occasions:answer", args=[row.occasion.public_id]))


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_safe
def occasion_file(request: HttpRequest, occasion: str) -> HttpResponse:
    """One occasion for my calendar; cancelled when it is, or when I am not expected."""
    row = access.invitation_of(user_of(request), occasion)
    if row is None:
        raise Http404
    content = calendar.file_of(row, booked_venue(row.occasion), _page(request, row))
    return _file(content, f"tillfalle-{row.occasion.public_id}.ics")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The subscription, for whoever has the secret address."""
    found = feeds.feed_of_token(token)
    if found is None:
        raise Http404
    rows = queries.calendar_rows(found.person_id, timezone.now() - BACK)
    content = calendar.subscription((row, _venue(row), _page(request, row)) for row in rows)
    return _file(content, "kalender.ics")


def _venue(row: Invitation) -> Venue | None:
    booked = row.occasion.standing_bookings  # type: ignore[attr-defined]
    return booked[0].venue if booked else None


@login_required
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    """My secret address, how to use it, and a new one."""
    person = get_object_or_404(Person, user=user_of(request))
    found = getattr(person, "calendar_feed", None)
    address = ""
    if found is not None:
        path = reverse("occasions:feed", args=[feeds.token_of(found)])
        address = request.build_absolute_uri(path)
    return render(
        request,
        "occasions/calendar.html",
        {
            "address": address,
            "webcal": f"webcal:{address.partition(':')[2]}" if address else "",
            "feed": found,
        },
    )


@login_required
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """A first address, or a new one instead of the old."""
    user = user_of(request)
    person = get_object_or_404(Person, user=user)
    if hasattr(person, "calendar_feed"):
        feeds.renew(person=person, actor=user)
        messages.success(request, _("Here is your new address. The old one no longer works."))
    else:
        feeds.open_feed(person=person, actor=user)
        messages.success(request, _("Here is your calendar address."))
    return redirect("occasions:my_calendar")
