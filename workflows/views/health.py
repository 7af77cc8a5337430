"""What is broken in the portal's configuration, for those who can put it right."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.health import findings
from people.access import held_by
from people.models import Capability, User


@login_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Every check, area by area; the daily message is made of the same."""
    if not held_by(cast(User, request.user)).can(Capability.MANAGE_DEFINITIONS):
        raise Http404
    areas = findings(timezone.localdate())
    return render(
        request,
        "workflows/health.html",
        {"areas": areas, "calm": not any(area.findings for area in areas)},
    )
