"""Addresses that watch over the installation."""

from django.urls import path

from config.views import health

urlpatterns = [path("halsa/", health, name="health")]
