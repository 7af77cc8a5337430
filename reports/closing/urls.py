"""Addresses of the closing package."""

from django.urls import URLPattern, URLResolver, path

from reports.closing import views

app_name = "closing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("avslut/", views.page, name="page"),
    path("avslut/gor/", views.start, name="start"),
    path("avslut/paket.zip", views.download, name="download"),
]
