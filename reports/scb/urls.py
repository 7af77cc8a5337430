"""Addresses of scb."""

from django.urls import URLPattern, URLResolver, path

from reports.scb import line_views, views

app_name = "scb"
urlpatterns: list[URLPattern | URLResolver] = [
    path("scb/", views.file_list, name="list"),
    path("scb/kolumner/", views.columns, name="columns"),
    path("scb/skicka-om/", views.cascade, name="cascade"),
    path("scb/<str:month>/", views.month, name="month"),
    path("scb/<str:month>/<int:version>/skickad/", views.sent, name="sent"),
    path("scb/<str:month>/<int:version>/avstam/", views.reconcile, name="reconcile"),
    path("scb/<str:month>/<int:version>/rader/", line_views.version_lines, name="lines"),
    path("scb/<str:month>/<int:version>/fil.<slug:extension>", views.download, name="download"),
]
