"""Addresses of the bodies' own pages."""

from django.urls import URLPattern, URLResolver, path

from reports.steering import views

app_name = "steering"
urlpatterns: list[URLPattern | URLResolver] = [
    path("styrgruppen/", views.room, name="room"),
    path("styrgruppen/<str:body>/", views.room, name="body"),
]
