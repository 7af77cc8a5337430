"""Addresses of a person's own data."""

from django.urls import URLPattern, URLResolver, path

from reports.my_data import views

app_name = "my_data"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mina-sidor/uppgifter/", views.page, name="page"),
    path("mina-sidor/uppgifter/mina-uppgifter.json", views.as_json, name="json"),
    path("mina-sidor/uppgifter/mina-uppgifter.pdf", views.as_pdf, name="pdf"),
]
