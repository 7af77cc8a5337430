"""Wagtail's own sign-in address for readers, which here only leads to the portal's."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def to_our_own(request: HttpRequest) -> HttpResponse:
    """Send on, never sign in: tries are counted and the second factor asked in one place."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    after = request.GET.get("next", "")
    query = f"?{urlencode({'next': after})}" if after else ""
    return redirect(f"{reverse('account_login')}{query}")


def no_shared_password(request: HttpRequest, **given: int) -> HttpResponse:
    """Wagtail's way to open a private page or file with a password; there is none here.

    The editor offers no such password, and one that lies in the database from before, or was
    written there by other means, opens nothing.
    """
    raise Http404
