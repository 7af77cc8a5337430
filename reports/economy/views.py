"""Co-financing: the page, a month, the rows behind a figure, the forecast's rows, the file."""

import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from core.pages import paginate
from people.access import held_by
from people.display import name_of
from people.models import Capability, Organisation, Person
from programme.models import Category, Occasion, Programme
from programme.months.rules import month_of
from programme.views.base import the_programme, user_of
from reports.economy import export, reading, tables
from reports.economy.access import Sight, sight_of
from reports.economy.picture import drawn
from reports.economy.reading import Choice
from reports.economy.rules import Sum

PER_PAGE = 100
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _sight(request: HttpRequest) -> tuple[Programme, Sight]:
    programme = the_programme()
    return programme, sight_of(user_of(request), programme)


def _rows_sight(request: HttpRequest) -> tuple[Programme, Sight]:
    programme, sight = _sight(request)
    if not sight.rows:
        raise Http404
    return programme, sight


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Planned, counted and expected, against the promise; the cash that would be missing."""
    programme, sight = _sight(request)
    page = tables.page(programme, sight)
    today = timezone.localdate(page.as_of)
    past = sum(1 for one in page.points if one.month <= today)
    return render(
        request,
        "economy/overview.html",
        {
            "page": page,
            "explained": tables.explained(page),
            "shares": tables.own_shares(page) if sight.rows and page.forecast.held else [],
            "picture": drawn(page.points, past),
            "rows": sight.rows,
            "tables": [
                ("manad", tables.folded(page.months, today)),
                ("forvaltning", page.districts),
                ("kategori", page.categories),
            ],
            "outside": page.whole.sum.outside,
            "began": page.whole.sum.minutes > 0,
        },
    )


def _month(text: str) -> datetime.date:
    month = month_of(text)
    if month is None:
        raise Http404
    return month


@login_required
@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    """One month by administration and category."""
    programme, _seen = _rows_sight(request)
    first = _month(month)
    cells = tables.month_cells(programme, first)
    whole = sum((one.sum for one in cells), start=Sum())
    return render(
        request,
        "economy/month.html",
        {
            "code": f"{first:%Y-%m}",
            "cells": cells,
            "whole": whole,
            "outside": whole.outside,
        },
    )


def _choice(request: HttpRequest, programme: Programme) -> tuple[Choice, list[str]]:
    """What the address asks for, and its words."""
    words: list[str] = []
    first = district = category = None
    if text := request.GET.get("manad"):
        first = _month(text)
        words.append(f"{first:%Y-%m}")
    if code := request.GET.get("forvaltning"):
        found = get_object_or_404(Organisation, code=code)
        district = found.pk
        words.append(found.name)
    if key := request.GET.get("kategori"):
        kept = get_object_or_404(Category, programme=programme, key=key)
        category = kept.pk
        words.append(kept.name)
    return Choice(first, district, category), words


@login_required
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The counted times that a figure is the sum of."""
    programme, sight = _rows_sight(request)
    choice, words = _choice(request, programme)
    number, minutes, kronor = reading.whole(programme, choice)
    page = paginate(request.GET.get("page"), list(range(number)), per_page=PER_PAGE)
    found = reading.rows(programme, choice, limit=PER_PAGE, offset=(page.number - 1) * PER_PAGE)
    persons = Person.objects.select_related("unit").in_bulk([one.person_id for one in found])
    titles = Occasion.objects.in_bulk([one.occasion_id for one in found])
    return render(
        request,
        "economy/rows.html",
        {
            "words": words,
            "number": number,
            "minutes": minutes,
            "kronor": kronor,
            "page": page,
            "rows": [
                (one, name_of(persons[one.person_id], sight.user), titles[one.occasion_id].title)
                for one in found
            ],
        },
    )


@login_required
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """The seats that an expected figure is the sum of."""
    programme, sight = _rows_sight(request)
    choice, words = _choice(request, programme)
    found = reading.forecast(programme)
    seats = [one for one in found.seats if choice.takes(one.cell)]
    page = paginate(request.GET.get("page"), seats, per_page=PER_PAGE)
    return render(
        request,
        "economy/forecast.html",
        {
            "words": words,
            "page": page,
            "seats": page.object_list,
            "number": len(seats),
            "booked": sum(one.booked for one in seats),
            "minutes": sum(one.minutes for one in seats),
            "kronor": sum((one.kronor for one in seats), start=Sum().kronor),
            "arranges": held_by(sight.user).covers(Capability.ARRANGE, programme.owner),
        },
    )


@login_required
@require_safe
def download(request: HttpRequest, extension: str) -> HttpResponse:
    """The tables as a file; who took it out is noted."""
    programme, sight = _sight(request)
    if extension not in TYPES:
        raise Http404
    page = tables.page(programme, sight)
    make = export.as_csv if extension == "csv" else export.as_workbook
    content = make(page, sight.user, rows=sight.rows)
    record_reading("economy.export", programme.record_number)
    response = HttpResponse(content, content_type=TYPES[extension])
    name = f"medfinansiering_{programme.record_number}_{timezone.localdate():%Y-%m-%d}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
