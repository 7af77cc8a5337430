"""Addresses of staff."""

from django.urls import URLPattern, URLResolver, path

from programme.staff import views

app_name = "staff"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mina-medarbetare/", views.mine, name="mine"),
    path("mina-medarbetare/veckor/", views.weeks, name="weeks"),
]
