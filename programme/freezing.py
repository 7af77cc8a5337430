"""A portal that is kept to be read: from a decided day on, nothing sent to it is carried out (R-183).

Reading goes on: public pages, staff's pages, files, exports. What is sent is refused before any
view sees it, so that a new page is refused without knowing of this. Signing in and out goes on,
and so does deciding the setting itself: otherwise nobody could open the portal again. Work in the
background goes on too, since what the law says is to be erased in time must be.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from programme.models import Setting
from programme.queries import current_programme

FROZEN = "frozen"
STATUS = 423
SAFE = ("GET", "HEAD", "OPTIONS")
#: Sent all the same: who comes in and goes out, and the decision to open the portal again.
STILL_TAKEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "dated:subject",
        "dated:take_back",
        # Makes a file of what is there, and changes nothing of it.
        "closing:start",
    }
)


def frozen_by(day: datetime.date) -> Setting | None:
    """The decision that the portal is frozen by on the day; one query."""
    programme = current_programme()
    if programme is None:
        return None
    latest = (
        Setting.objects.filter(programme=programme, key="portal_state", valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    return latest if latest is not None and latest.value == FROZEN else None


def is_taken(view_name: str, subject: str) -> bool:
    """Whether what is sent there is carried out in a frozen portal too.

    :param subject: which setting, where the address is one of a setting: only the one that opens.
    """
    if view_name.startswith("dated:"):
        return view_name in STILL_TAKEN and subject == "portal_state"
    return view_name in STILL_TAKEN


class FrozenMiddleware:
    """Refuses, in words, what is sent to a frozen portal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the address is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer for the view, when the portal is frozen and something is sent."""
        match = request.resolver_match
        if request.method in SAFE or match is None:
            return None
        if is_taken(match.view_name, str(kwargs.get("key", ""))):
            return None
        decided = frozen_by(timezone.localdate())
        if decided is None:
            return None
        return render(request, "frozen.html", {"decided": decided}, status=STATUS)
