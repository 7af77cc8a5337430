"""Addresses that exist in every language, as the pages do: English ones begin with /en/."""

from django.urls import path

from cms import feeds

urlpatterns = [
    path("nyheter.atom", feeds.NewsFeed(), name="cms_news_feed"),
]
