"""Where cases wait, for the project office and for heads."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.access import held_by
from people.models import User
from workflows import bottlenecks as reads


@login_required
@require_safe
def bottlenecks(request: HttpRequest) -> HttpResponse:
    """Steps and districts, with how many wait and how long it takes."""
    user = cast(User, request.user)
    if not reads.places(held_by(user)):
        raise Http404
    asked = request.GET.get("dagar", "")
    days = int(asked) if asked in {str(n) for n in reads.PERIODS} else 90
    kind = request.GET.get("slag", "").replace("\x00", "")[:40]
    context = {
        "page": reads.page(user, kind=kind, days=days),
        "periods": reads.PERIODS,
        "days": days,
        "kind": kind,
    }
    return render(request, "workflows/bottlenecks.html", context)
