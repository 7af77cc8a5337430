"""Addresses that watch over the installation."""

from django.urls import path

from config.views import health, packed

urlpatterns = [
    path("halsa/", health, name="health"),
    path("packat/<str:digest>/<str:name>", packed, name="packed"),
]
