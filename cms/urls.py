"""Addresses beside the pages themselves."""

from django.urls import path

from cms import feeds, files, pictures
from cms.contact import views

app_name = "cms"
urlpatterns = [
    path("arbete/meddelanden/", views.message_list, name="messages"),
    path("arbete/meddelanden/<str:public_id>/", views.message, name="message"),
    path("sitemap.xml", files.sitemap, name="sitemap"),
    path("robots.txt", files.robots, name="robots"),
    path("affisch.pdf", files.poster, name="poster"),
    path("affisch/", files.poster_page, name="poster_page"),
    path("handelser.ics", feeds.events, name="events"),
    # Where the storage says that pictures lie (``MEDIA_URL``).
    path("media/<path:name>", pictures.picture, name="picture"),
]
