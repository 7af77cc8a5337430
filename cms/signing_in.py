"""Wagtail's own sign-in address for readers, which here only leads to the portal's."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def to_our_own(request: HttpRequest) -> HttpResponse:
    """Send on, never sign in: tries are counted and the second factor asked in one place."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    after = request.GET.get("next", "")
    query = f"?{urlencode({'next': after})}" if after else ""
    return redirect(f"{reverse('account_login')}{query}")
