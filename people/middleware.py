"""The door to the editor, and the second factor of those who hold a role."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from people.access import held_by
from people.backends import EDITOR
from people.models import User

# Where someone who must still set up the second factor may go.
_WAY_IN = ("account_", "mfa_", "health")


class DoorMiddleware:
    """Turns away, with a page and not a redirect, whoever may not be in the editor.

    Wagtail sends a signed-in user without access to the sign-in page, which sends
    a signed-in user back: a loop. And with the second factor required, those who
    hold a role reach nothing before they have one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Let the request through, refuse it, or lead it to the second factor."""
        user = request.user
        if not isinstance(user, User):
            return None
        if request.path.startswith(reverse("wagtailadmin_home")) and not user.has_perm(EDITOR):
            raise PermissionDenied
        if self._lacks_second_factor(request, user):
            return redirect("mfa_index")
        return None

    @staticmethod
    def _lacks_second_factor(request: HttpRequest, user: User) -> bool:
        match = request.resolver_match
        if match is not None and (match.url_name or "").startswith(_WAY_IN):
            return False
        return must_turn_on_second_factor(user)


def must_turn_on_second_factor(user: User) -> bool:
    """Whether a role, or a superuser's reach, waits for the second step to be turned on."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    if not user.is_superuser and not held_by(user).any():
        return False
    return not is_mfa_enabled(user)
