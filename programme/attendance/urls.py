"""Addresses of attendance."""

from django.urls import URLPattern, URLResolver, path

from programme.attendance.views import marking

app_name = "attendance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tillfallen/<str:occasion>/narvaro/", marking.marking_page, name="marking"),
    path("tillfallen/<str:occasion>/narvaro/angra/", marking.undo, name="undo"),
    path("tillfallen/<str:occasion>/narvaro/person/", marking.add_temporary, name="temporary"),
]
