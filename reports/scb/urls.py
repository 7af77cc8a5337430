"""Addresses of scb."""

from django.urls import URLPattern, URLResolver

app_name = "scb"
urlpatterns: list[URLPattern | URLResolver] = []
