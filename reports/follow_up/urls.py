"""Addresses of the monthly roll-up."""

from django.urls import URLPattern, URLResolver, path

from reports.follow_up import reason_views, views

app_name = "follow_up"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manadsuppfoljning/", views.overview, name="overview"),
    path("manadsuppfoljning/fil.<slug:extension>", views.download, name="download"),
    path("manadsuppfoljning/avhoppsskal/", reason_views.overview, name="reasons"),
    path(
        "manadsuppfoljning/avhoppsskal/fil.<slug:extension>",
        reason_views.download,
        name="reasons_download",
    ),
    path("manadsuppfoljning/<slug:what>/", views.persons, name="persons"),
]
