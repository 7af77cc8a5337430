"""Addresses that exist in every language, as the pages do: English ones begin with /en/."""

from django.urls import path
from django.views.decorators.http import require_safe

from cms import feeds

urlpatterns = [
    path("nyheter.atom", require_safe(feeds.NewsFeed()), name="cms_news_feed"),
]
