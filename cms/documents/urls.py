"""Addresses of documents; those of versions never change their meaning."""

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from cms.documents import meeting_views, views
from cms.documents.feed import DocumentFeed

app_name = "documents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("handlingar/", views.document_list, name="list"),
    path("handlingar.atom", require_safe(DocumentFeed()), name="feed"),
    path("handlingar/<str:document>/", views.document_page, name="document"),
    # The same pages with English words around them; the files have one address each.
    path("en/documents/", views.document_list, name="english_list"),
    path("en/documents/<str:document>/", views.document_page, name="english_document"),
    # Papers of a meeting, for those who read of it
    path("styrning/handling/<str:document>/", meeting_views.paper, name="meeting_paper"),
    path(
        "styrning/mote/<str:meeting>/handling/",
        meeting_views.paper_new,
        name="meeting_paper_new",
    ),
    path("handlingar/<str:document>/fil/", views.newest_file, name="newest"),
    path("handlingar/<str:document>/version/<int:number>/", views.version_file, name="version"),
]
