"""A manager's pages."""

import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from core.pages import paginate
from people.models import Capability
from programme.registrations.lists import bookings_of_staff
from programme.staff import team
from programme.staff.repairing import seatable
from programme.views.base import ensure_can


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My staff: who takes which course, how it goes and who risks not to complete it."""
    user = ensure_can(request, Capability.NOMINATE)
    members = team.members_of(user)
    wanted = request.GET.get("visa", "")
    shown = wanted if wanted in team.SHOWN else "alla"
    return render(
        request,
        "staff/mine.html",
        {
            "totals": team.totals_of(members),
            "shown": shown,
            "page": paginate(request.GET.get("page"), team.narrowed(members, shown)),
            "waiting": team.waiting_nominations(user),
            "anyone": bool(members),
            "seatable": seatable(
                user, [repair for member in members for repair in member.standing.repairs]
            ),
            "bookings": bookings_of_staff(user, timezone.now()),
        },
    )


@login_required
@require_safe
def weeks(request: HttpRequest) -> HttpResponse:
    """Who is away which week, and for how long."""
    user = ensure_can(request, Capability.NOMINATE)
    today = timezone.localdate()
    first = team.monday_of(_day(request.GET.get("fran", ""), today))
    step = datetime.timedelta(weeks=team.WEEKS)
    found = team.weeks_of(user, first)
    return render(
        request,
        "staff/weeks.html",
        {
            "weeks": found,
            "most": max((week.minutes for week in found), default=0),
            "anyone": any(week.away for week in found),
            "earlier": (first - step).isoformat(),
            "later": (first + step).isoformat(),
        },
    )


def _day(written: str, today: datetime.date) -> datetime.date:
    """The day that was asked for; today when it is nonsense or far away."""
    try:
        day = parse_date(written)
    except ValueError:
        day = None
    far = datetime.timedelta(days=3660)
    return day if day and abs(day - today) < far else today
