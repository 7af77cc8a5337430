"""A case on another day: for training, and for seeing what silence leads to."""

from __future__ import annotations

import datetime
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from people.models import User
from workflows.time_machine import bounded, day_words, may_travel, then
from workflows.views.cases import seen_case


@login_required
@require_safe
def time_machine(request: HttpRequest, reference: str) -> HttpResponse:
    """The case as it would stand on the chosen day; to others the page does not exist."""
    case = seen_case(request, reference)
    if not may_travel(cast(User, request.user), case):
        raise Http404
    try:
        asked = parse_date(request.GET.get("dag", "")[:10])
    except ValueError:
        asked = None
    day = bounded(asked or timezone.localdate() + datetime.timedelta(days=14))
    found = then(case, day)
    context = {"case": case, "then": found, "day": day, "day_words": day_words(day)}
    return render(request, "workflows/time_machine.html", context)
