"""What the pages share."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from people.access import held_by
from people.models import User
from programme import queries
from programme.errors import NominationRefused, NotAllowed, Refused
from programme.models import Programme


def user_of(request: HttpRequest) -> User:
    """The account that is signed in; only for pages that ask for it."""
    return cast(User, request.user)


def ensure_can(request: HttpRequest, capability: str) -> User:
    """The account, if it holds the capability; otherwise the page does not exist."""
    user = user_of(request)
    if not held_by(user).can(capability):
        raise Http404
    return user


def the_programme() -> Programme:
    """The programme, or no page at all before there is one."""
    programme = queries.current_programme()
    if programme is None:
        raise Http404
    return programme


def saved(
    request: HttpRequest,
    form: Form,
    do: Callable[[dict[str, Any]], object],
    *,
    said: str = "",
    refused_at: str | None = None,
) -> bool:
    """Do what the form says; the refusal stands on the form.

    :param said: what to say when it is done, if not that the change and its reason are kept.
    :param refused_at: the field that a refusal stands at, unless it names one itself; the form
        as a whole without one.
    """
    if not form.is_valid():
        return False
    try:
        do(form.cleaned_data)
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        form.add_error(error.field or refused_at, str(error.message))
        return False
    messages.success(request, said or _("Saved. The change and its reason are kept."))
    return True


def form_page(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """A page with a form, and the status that says whether something in it was refused."""
    status = 422 if form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)


def back_to(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that a button stood on, when it is one of ours; otherwise to this address."""
    wanted = request.POST.get("next", "")
    # A path alone: what is none would be looked up as the name of a view.
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(wanted if ours else otherwise)


def say_refused(request: HttpRequest, error: Refused) -> None:
    """Show why an action was refused."""
    said = error.messages if isinstance(error, NominationRefused) else [str(error.message)]
    for text in said:
        messages.error(request, text)
