"""Addresses that exist in every language, as the pages do: English ones begin with /en/."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe
from wagtail import urls as wagtail_urls

from cms import feeds, serving, signing_in

SERVE, SIGN_IN = "wagtail_serve", "wagtailcore_login"
PASSWORD = "wagtailcore_authenticate_with_password"

urlpatterns = [
    path("nyheter.atom", require_safe(feeds.NewsFeed()), name="cms_news_feed"),
    # Wagtail's own would sign in past the counting of tries and the second factor.
    path("_util/login/", signing_in.to_our_own, name=SIGN_IN),
    # Nothing is opened with a password that many share, whatever stands in the database.
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        signing_in.no_shared_password,
        name=PASSWORD,
    ),
    # Wagtail's other helpers, and its pages found in our way; these last, since they take all.
    *(entry for entry in wagtail_urls.urlpatterns if entry.name not in (SERVE, SIGN_IN, PASSWORD)),
    re_path(wagtail_urls.serve_pattern, serving.serve, name=SERVE),
]
