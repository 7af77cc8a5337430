"""Addresses of guests, public ones and staff's."""

from django.urls import URLPattern, URLResolver, path

from programme.guests.views import public, staff

app_name = "guests"
urlpatterns: list[URLPattern | URLResolver] = [
    path("spridningstillfallen/", staff.dissemination, name="dissemination"),
    path("gastanmalan/<str:occasion>/anmal/", public.ask, name="ask"),
    path("gastanmalan/<str:occasion>/tack/", public.thanks, name="thanks"),
    path("gastanmalan/<str:occasion>/kalender.ics", public.calendar_file, name="calendar"),
    # The address is the key: it opens one guest's registration for whoever has it.
    path("gast/<str:token>/", public.mine, name="mine"),
    path("tillfallen/<str:occasion>/gaster/", staff.guests, name="guests"),
    path("tillfallen/<str:occasion>/gaster/platser/", staff.list_edit, name="list"),
    path("tillfallen/<str:occasion>/gaster/rakna/", staff.count, name="count"),
]
