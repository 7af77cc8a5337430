"""What the procurements' pages share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.models import User
from programme.errors import Refused
from programme.models import Procurement
from programme.procurement import access
from programme.views.base import user_of


def reader(request: HttpRequest, public_id: str, *capabilities: str) -> tuple[User, Procurement]:
    """The user and the procurement; without the capability there is no such page."""
    user = user_of(request)
    if capabilities and not access.may(user, *capabilities):
        raise Http404
    found = get_object_or_404(
        access.procurements_seen_by(user).select_related(
            "programme", "budget_line", "responsible", "first_opener", "second_opener"
        ),
        public_id=public_id,
    )
    return user, found


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    procurement: Procurement | None,
    said: str,
    button: str = "",
    intro: str = "",
) -> HttpResponse:
    """One form on a page of its own: act and go back to the case, or say what to put right.

    :param act: the action; called when the form is in order, and may refuse.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, said)
            target = made if isinstance(made, Procurement) else procurement
            assert target is not None
            return redirect("procurement:case", procurement=target.public_id)
    context = {
        "form": form,
        "title": title,
        "procurement": procurement,
        "button": button,
        "intro": intro,
        "has_file": form.is_multipart(),
    }
    return render(request, "procurement/form.html", context, status=422 if form.errors else 200)
