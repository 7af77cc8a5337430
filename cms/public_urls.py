"""Addresses that exist in every language, as the pages do: English ones begin with /en/."""

from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from wagtail import urls as wagtail_urls

from cms import feeds, serving

urlpatterns = [
    path("nyheter.atom", require_safe(feeds.NewsFeed()), name="cms_news_feed"),
    # Before Wagtail's own, with the same name.
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
    path("", include(wagtail_urls)),
]
