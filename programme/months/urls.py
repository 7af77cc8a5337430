"""Addresses of months."""

from django.urls import URLPattern, URLResolver

app_name = "months"
urlpatterns: list[URLPattern | URLResolver] = []
