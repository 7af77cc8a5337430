"""Addresses of occasions."""

from django.urls import URLPattern, URLResolver, path

from programme.occasions.views import calendars, mine, planning, staff

app_name = "occasions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tillfallen/", staff.occasion_list, name="list"),
    path("tillfallen/nytt/", planning.occasion_new, name="new"),
    path("tillfallen/<str:occasion>/", staff.occasion_page, name="occasion"),
    path("tillfallen/<str:occasion>/andra/", planning.occasion_change, name="change"),
    path("tillfallen/<str:occasion>/stall-in/", planning.occasion_cancel, name="cancel"),
    path("tillfallen/<str:occasion>/bjud-in/", planning.invite_now, name="invite"),
    path(
        "tillfallen/<str:occasion>/ersatt/<str:invitation>/",
        planning.substitute,
        name="substitute",
    ),
    path("tillfallen/<str:occasion>/ge-plats/", planning.seat, name="seat"),
    path("tillfallen/<str:occasion>/svar/", mine.answer, name="answer"),
    path("tillfallen/<str:occasion>/anslut/", mine.join, name="join"),
    path("tillfallen/<str:occasion>/kalender.ics", calendars.occasion_file, name="file"),
    path("mina-utbildningstillfallen/", mine.teaching, name="teaching"),
    path("mina-utbildningstillfallen/<str:occasion>/", mine.taught, name="taught"),
    path("min-kalender/", calendars.my_calendar, name="my_calendar"),
    path("min-kalender/ny-adress/", calendars.renew, name="renew"),
    path("kalender/<str:token>.ics", calendars.feed, name="feed"),
]
