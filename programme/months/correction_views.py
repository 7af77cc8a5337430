"""Corrections: proposed with their effect before the eyes, decided by a second person."""

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.pages import paginate
from people.access import held_by
from people.display import name_of
from people.models import Capability, Person, User
from programme.errors import Refused, Stale
from programme.models import Attendance, Correction, Occasion
from programme.months import corrections
from programme.months.correction_forms import CorrectionForm, DecisionForm
from programme.months.views import reader_of
from programme.months.words import CORRECTION
from programme.views.base import say_refused, the_programme


@login_required
@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every correction, those that wait first."""
    user, reach = reader_of(request)
    found = (
        Correction.objects.filter(
            month__programme=the_programme(), person__unit__lineage__overlap=reach
        )
        .select_related("occasion", "person__unit", "month", "proposed_by")
        .order_by("decided_at", "-proposed_at", "-pk")
    )
    page = paginate(request.GET.get("page"), found, per_page=50)
    rows = [
        (one, name_of(one.person, user), CORRECTION[Correction.State(one.state)])
        for one in page.object_list
    ]
    return render(request, "months/corrections.html", {"page": page, "rows": rows})


@login_required
def propose(request: HttpRequest, occasion: str, person: str) -> HttpResponse:
    """The form, then its effect, then the proposal."""
    user, reach = reader_of(request)
    found = get_object_or_404(
        Occasion.objects.select_related("programme"), public_id=occasion, programme=the_programme()
    )
    whom = get_object_or_404(
        Person.objects.select_related("unit"), public_id=person, unit__lineage__overlap=reach
    )
    if not held_by(user).covers(Capability.CHECK_HOURS, whom.unit):
        raise Http404
    day = corrections.day_of(found)
    now = corrections.situation(found, whom)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None, day=day, initial=_initial(now)
    )
    effect = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            what = {
                "occasion": found,
                "person": whom,
                "mark": data["mark"],
                "times": data["times"],
            }
            try:
                if request.POST.get("action") == "propose":
                    made = corrections.propose(**what, reason=data["reason"], actor=user)
                    messages.success(request, _("The correction waits for a second person."))
                    return redirect("months:correction", correction=made.public_id)
                effect, status = corrections.preview(**what, actor=user), 200
            except Refused as refusal:
                say_refused(request, refusal)
    return render(
        request,
        "months/propose.html",
        {
            "occasion": found,
            "person": whom,
            "name": name_of(whom, user),
            "code": f"{day:%Y-%m}",
            "now": _shown(now),
            "form": form,
            "effect": effect,
        },
        status=status,
    )


def _initial(now: dict[str, Any]) -> dict[str, str]:
    return {
        "mark": now["mark"] or (Attendance.Mark.PRESENT if now["segments"] else ""),
        "times": "\n".join(_spans(now, unended="")),
    }


def _spans(data: dict[str, Any], unended: str = "?") -> list[str]:
    return [f"{_clock(a)}–{_clock(b) if b else unended}" for a, b in data.get("segments", [])]


def _clock(text: str) -> str:
    moment = timezone.localtime(datetime.datetime.fromisoformat(text))
    return f"{moment.hour}.{moment:%M}"


def _shown(data: dict[str, Any]) -> dict[str, Any]:
    mark = Attendance.Mark(data["mark"]) if data.get("mark") else None
    return {"mark": mark.label if mark else "", "times": _spans(data)}


@login_required
def correction(request: HttpRequest, correction: str) -> HttpResponse:
    """One correction with before, after and effect; a second person decides here."""
    user, reach = reader_of(request)
    found = get_object_or_404(
        Correction.objects.select_related(
            "occasion", "person__unit", "month", "proposed_by", "decided_by"
        ).filter(month__programme=the_programme(), person__unit__lineage__overlap=reach),
        public_id=correction,
    )
    checks = held_by(user).covers(Capability.CHECK_HOURS, found.person.unit)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not checks:
            raise Http404
        if form.is_valid():
            _decide(request, found, form, user)
            return redirect("months:correction", correction=correction)
    titles = Occasion.objects.in_bulk([row[0] for row in found.effect.get("changes", [])])
    return render(
        request,
        "months/correction.html",
        {
            "correction": found,
            "name": name_of(found.person, user),
            "state": CORRECTION[Correction.State(found.state)],
            "before": _shown(found.before),
            "after": _shown(found.after),
            "changes": [
                (titles[id].title, before, after)
                for id, before, after in found.effect.get("changes", [])
            ],
            "form": form,
            "waits": found.state == Correction.State.PROPOSED and checks,
            "own": found.proposed_by_id == user.pk,
            "code": f"{found.month.first_day:%Y-%m}",
        },
    )


def _decide(request: HttpRequest, found: Correction, form: DecisionForm, user: User) -> None:
    chosen = request.POST.get("action")
    try:
        if chosen == "withdraw":
            corrections.withdraw(correction_id=found.pk, actor=user)
            messages.success(request, _("The correction is taken back."))
        elif chosen in ("approve", "decline"):
            corrections.decide(
                correction_id=found.pk,
                approve=chosen == "approve",
                reason=form.cleaned_data["reason"],
                actor=user,
            )
            messages.success(
                request,
                _(
                    "The correction is approved and the hours are counted anew. They must be"
                    " attested and checked again, and the files sent again."
                )
                if chosen == "approve"
                else _("The correction is declined. Nothing was changed."),
            )
        else:
            raise Stale
    except Refused as refusal:
        say_refused(request, refusal)
