"""Addresses of occasions."""

from django.urls import URLPattern, URLResolver

app_name = "occasions"
urlpatterns: list[URLPattern | URLResolver] = []
