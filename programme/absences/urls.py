"""Addresses of absences."""

from django.urls import URLPattern, URLResolver, path

from programme.absences import views

app_name = "absences"
urlpatterns: list[URLPattern | URLResolver] = [
    path("franvaro/", views.overview, name="overview"),
    path("franvaro/mall.csv", views.template_file, name="template"),
    path("franvaro/lista/<str:batch>/", views.preview, name="preview"),
    path("franvaro/lista/<str:batch>/ta-in/", views.confirm, name="confirm"),
    path("franvaro/<str:absence>/bortse/", views.set_aside, name="set_aside"),
]
