"""Waves and quotas, for those who manage the programme."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.models import Capability, Organisation
from programme import checks, queries, rules
from programme.access import ADMINISTRATIONS
from programme.actions import waves as actions
from programme.errors import Refused
from programme.forms import QuotaForm, WaveForm
from programme.models import Quota, Wave
from programme.views.base import ensure_can, say_refused, the_programme


@login_required
@require_safe
def wave_list(request: HttpRequest) -> HttpResponse:
    """All waves with their windows, and whether the quotas sum to the plan."""
    ensure_can(request, Capability.MANAGE_PROGRAMME)
    programme = the_programme()
    day = timezone.localdate()
    waves = list(programme.waves.all())
    meters = checks.meters([wave.pk for wave in waves])
    rows = []
    for wave in waves:
        own = [meter for (wave_id, _d, _c), meter in meters.items() if wave_id == wave.pk]
        rows.append(
            {
                "wave": wave,
                "window": rules.window_on(day, wave.opens_on, wave.closes_on).value,
                "districts": len({d for (wave_id, d, _c) in meters if wave_id == wave.pk}),
                "places": sum(meter.places for meter in own),
                "nominated": sum(meter.nominated for meter in own),
                "approved": sum(meter.approved for meter in own),
            }
        )
    return render(
        request,
        "programme/waves.html",
        {"rows": rows, "balances": queries.quota_balances(programme)},
    )


@login_required
def wave_new(request: HttpRequest) -> HttpResponse:
    """Plan another wave."""
    user = ensure_can(request, Capability.MANAGE_PROGRAMME)
    programme = the_programme()
    form = WaveForm(request.POST or None, initial={"managers_first": Wave.ManagersFirst.WARN})
    if request.method == "POST" and form.is_valid():
        try:
            wave = actions.create_wave(programme=programme, actor=user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The wave is planned. Now add its quotas."))
            return redirect("programme:wave", wave=wave.public_id)
    return render(
        request,
        "programme/wave_new.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@login_required
def wave(request: HttpRequest, wave: str) -> HttpResponse:
    """One wave: its window and rule, and its quotas with how far they are filled."""
    user = ensure_can(request, Capability.MANAGE_PROGRAMME)
    found = get_object_or_404(Wave.objects.select_related("programme"), public_id=wave)
    form = WaveForm(
        request.POST if "save-wave" in request.POST else None,
        initial={
            "name": found.name,
            "opens_on": found.opens_on,
            "closes_on": found.closes_on,
            "managers_first": found.managers_first,
        },
        prefix="wave",
    )
    quota_form = QuotaForm(
        request.POST if "save-quota" in request.POST else None,
        organisations=Organisation.objects.valid_on(timezone.localdate()).filter(
            kind__in=ADMINISTRATIONS
        ),
        categories=found.programme.categories.order_by("pk"),
        prefix="quota",
    )
    if request.method == "POST":
        try:
            if form.is_bound and form.is_valid():
                actions.update_wave(wave_id=found.pk, actor=user, **form.cleaned_data)
                return _saved(request, found)
            if quota_form.is_bound and quota_form.is_valid():
                actions.set_quota(wave=found, actor=user, **quota_form.cleaned_data)
                return _saved(request, found)
        except Refused as error:
            say_refused(request, error)
    return render(
        request,
        "programme/wave.html",
        {
            "wave": found,
            "wave_form": form,
            "quota_form": quota_form,
            "bound": [each for each in (form, quota_form) if each.is_bound],
            "quotas": _quota_rows(found),
            "balances": queries.quota_balances(found.programme),
        },
        status=422 if request.method == "POST" else 200,
    )


def _saved(request: HttpRequest, wave: Wave) -> HttpResponse:
    messages.success(request, _("Saved. The change and its reason are kept."))
    return redirect("programme:wave", wave=wave.public_id)


def _quota_rows(wave: Wave) -> list[dict[str, Any]]:
    meters = checks.meters([wave.pk])
    return [
        {
            "quota": quota,
            "meter": meters[(wave.pk, quota.organisation_id, quota.category_id)],
        }
        for quota in Quota.objects.filter(wave=wave)
        .select_related("organisation", "category")
        .order_by("organisation__name", "category_id")
    ]
