"""Putting tasks off from the inbox, and taking them back."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from people.models import User
from workflows import queries
from workflows.actions import postponing
from workflows.errors import CannotPostpone
from workflows.forms import ChosenForm, PostponeForm


@login_required
@require_http_methods(["GET", "POST"])
def postpone(request: HttpRequest) -> HttpResponse:
    """Say until which day the chosen tasks are to stay away; nothing is saved by looking."""
    user = cast(User, request.user)
    data = request.POST if request.method == "POST" else request.GET
    chosen = ChosenForm({"chosen": data.getlist("chosen")})
    if not chosen.is_valid():
        messages.warning(request, _("Choose at least one case."))
        return redirect("workflows:work")
    choices = chosen.cleaned_data["chosen"]
    form = PostponeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        try:
            items = postponing.postpone(choices=choices, until=until, actor=user)
        except CannotPostpone as error:
            form.add_error("until", str(error.message))
        else:
            _tell(request, len(items), len(choices))
            return redirect("workflows:work")
    items = postponing.chosen_items(user, choices)
    last = postponing.last_day(items) if items else None
    rows = queries.inbox_rows(items, user)
    context = {
        "form": form,
        "rows": rows,
        "put_off": [row for row in rows if row.returns_on],
        "last": date_format(last, "Y-m-d") if last else "",
        "possible": bool(last and last > timezone.localdate()),
    }
    status = 422 if form.errors else 200
    return render(request, "workflows/postpone.html", context, status=status)


def _tell(request: HttpRequest, done: int, asked: int) -> None:
    if done:
        words = ngettext("%d task is put off.", "%d tasks are put off.", done) % done
        messages.success(request, words)
    gone = asked - done
    if gone:
        words = ngettext(
            "%d case no longer waits for you.", "%d cases no longer wait for you.", gone
        )
        messages.warning(request, words % gone)


@login_required
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Take the chosen tasks back before their day."""
    chosen = ChosenForm({"chosen": request.POST.getlist("chosen")})
    if not chosen.is_valid():
        messages.warning(request, _("Choose at least one case."))
        return redirect("workflows:work")
    actor = cast(User, request.user)
    n = len(postponing.resume(choices=chosen.cleaned_data["chosen"], actor=actor))
    words = ngettext("%d task is back among what waits.", "%d tasks are back among what waits.", n)
    messages.success(request, words % n)
    return redirect("workflows:work")
