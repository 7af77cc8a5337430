"""The page of the package: make it, follow the work, take it out."""

import datetime

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit.reads import record_reading
from people.models import User
from programme.freezing import frozen_by
from programme.views.base import the_programme, user_of
from reports.closing import background, making
from reports.closing.access import may_take_out, with_trail


def _taker(request: HttpRequest) -> User:
    user = user_of(request)
    if not may_take_out(user):
        raise Http404
    return user


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the package holds, the newest one, and whether the portal is frozen."""
    user = _taker(request)
    made = making.ready(user)
    return render(
        request,
        "closing/page.html",
        {
            "programme": the_programme(),
            "made": made,
            "made_at": datetime.datetime.fromisoformat(made.made_at) if made else None,
            "trail": with_trail(user),
            "frozen": frozen_by(timezone.localdate()),
        },
    )


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Have it made."""
    job = background.start(actor=_taker(request))
    return redirect("jobs:job", job=job.public_id)


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The newest package of the user's own; who took it out is noted."""
    user, programme = _taker(request), the_programme()
    if making.ready(user) is None:
        raise Http404
    record_reading("closing.take_out", programme.record_number)
    response = FileResponse(making.opened(user), content_type="application/zip")
    name = f"avslut_{programme.record_number}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
