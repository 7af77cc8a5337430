"""Addresses of long work."""

from django.urls import URLPattern, URLResolver, path

from core.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("arbeten/", views.job_list, name="list"),
    path("arbeten/<str:job>/", views.job_page, name="job"),
    path("arbeten/<str:job>/stoppa/", views.stop, name="stop"),
]
