"""Addresses of documents; those of versions never change their meaning."""

from django.urls import URLPattern, URLResolver, path

from cms.documents import views

app_name = "documents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("handlingar/", views.document_list, name="list"),
    path("handlingar/<str:document>/", views.document_page, name="document"),
    path("handlingar/<str:document>/fil/", views.newest_file, name="newest"),
    path("handlingar/<str:document>/version/<int:number>/", views.version_file, name="version"),
]
