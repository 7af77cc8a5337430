"""Addresses of registration."""

from django.urls import URLPattern, URLResolver, path

from programme.registrations.views import mine

app_name = "registrations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mina-anmalningar/", mine.overview, name="mine"),
    path("anmalan/<str:occasion>/", mine.one, name="mine_one"),
    path("anmalan/<str:occasion>/anmal/", mine.register, name="register"),
    path("anmalan/<str:occasion>/lamna/", mine.leave, name="leave"),
    path("anmalan/<str:occasion>/tacka-ja/", mine.accept, name="accept"),
    path("anmalan/<str:occasion>/tacka-nej/", mine.decline, name="decline"),
    path("anmalan/<str:occasion>/byt/", mine.substitute, name="substitute"),
]
