"""Addresses of venues."""

from django.urls import URLPattern, URLResolver, path

from programme.venues import my_views, views

app_name = "venues"
urlpatterns: list[URLPattern | URLResolver] = [
    path("lokaler/", views.venue_list, name="list"),
    path("lokaler/ny/", views.venue_new, name="new"),
    path("lokaler/<str:venue>/", views.venue_page, name="venue"),
    path("lokaler/<str:venue>/andra/", views.venue_change, name="change"),
    path("lokaler/<str:venue>/kontroll/", views.venue_check, name="check"),
    path("mina-behov/", my_views.my_needs, name="my_needs"),
    path("mina-behov/<str:need>/radera/", my_views.take_back, name="take_back"),
    path("anpassningsbehov/", views.need_list, name="needs"),
    path("anpassningsbehov/<str:need>/ordnat/", views.need_handled, name="handled"),
    path("anpassningsbehov/<str:need>/gick-inte/", views.need_not_arranged, name="not_arranged"),
]
