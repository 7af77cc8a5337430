"""What the pages share."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest

from people.access import held_by
from people.models import User
from programme import queries
from programme.errors import NominationRefused, Refused
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


def say_refused(request: HttpRequest, error: Refused) -> None:
    """Show why an action was refused."""
    said = error.messages if isinstance(error, NominationRefused) else [str(error.message)]
    for text in said:
        messages.error(request, text)
