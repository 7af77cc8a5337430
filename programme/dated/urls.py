"""Addresses of what holds from a day on."""

from django.urls import URLPattern, URLResolver, path

from programme.dated import views

app_name = "dated"
urlpatterns: list[URLPattern | URLResolver] = [
    path("installningar/", views.overview, name="overview"),
    path("installningar/<slug:kind>/<slug:key>/", views.subject, name="subject"),
    path(
        "installningar/<slug:kind>/<slug:key>/<int:row>/ta-tillbaka/",
        views.take_back,
        name="take_back",
    ),
]
