"""What the pages of governance share: who comes in, and one form on a page of its own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people.models import User
from programme.errors import NotAllowed, Refused
from programme.governance import access
from programme.models import Programme
from programme.views.base import the_programme, user_of


def reader(request: HttpRequest) -> tuple[User, Programme]:
    """Whoever reads of the bodies; to everybody else the page does not exist."""
    user, programme = user_of(request), the_programme()
    if not access.may_read(user, programme):
        raise Http404
    return user, programme


def manager(request: HttpRequest) -> tuple[User, Programme]:
    """Whoever keeps the registers."""
    user, programme = user_of(request), the_programme()
    if not access.may_manage(user):
        raise Http404
    return user, programme


def answer_form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    said: str,
    back: tuple[str, str],
    intro: str = "",
    button: str = "",
) -> HttpResponse:
    """Act and go back, or say what to put right.

    :param back: words and address of the page that the form belongs to.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, said)
            return redirect(back[1])
    return render(
        request,
        "governance/form.html",
        {"form": form, "title": title, "back": back, "intro": intro, "button": button},
        status=422 if form.errors else 200,
    )
