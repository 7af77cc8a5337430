"""Addresses of co-financing."""

from django.urls import URLPattern, URLResolver, path

from reports.economy import views

app_name = "economy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("medfinansiering/", views.overview, name="overview"),
    path("medfinansiering/rader/", views.rows, name="rows"),
    path("medfinansiering/prognos/", views.forecast, name="forecast"),
    path("medfinansiering/fil.<slug:extension>", views.download, name="download"),
    path("medfinansiering/<str:month>/", views.month, name="month"),
]
