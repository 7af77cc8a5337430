"""Addresses of registration."""

from django.urls import URLPattern, URLResolver, path

from programme.registrations.views import copying, mine, staff

app_name = "registrations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mina-anmalningar/", mine.overview, name="mine"),
    path("anmalan/<str:occasion>/", mine.one, name="mine_one"),
    path("anmalan/<str:occasion>/anmal/", mine.register, name="register"),
    path("anmalan/<str:occasion>/lamna/", mine.leave, name="leave"),
    path("anmalan/<str:occasion>/tacka-ja/", mine.accept, name="accept"),
    path("anmalan/<str:occasion>/tacka-nej/", mine.decline, name="decline"),
    path("anmalan/<str:occasion>/byt/", mine.substitute, name="substitute"),
    path("tillfallen/<str:occasion>/anmalda/", staff.registered, name="staff"),
    path("tillfallen/<str:occasion>/anmalda/lista.csv", staff.export, name="export"),
    path("tillfallen/<str:occasion>/anmalda/platser/", staff.plan_edit, name="plan"),
    path("tillfallen/<str:occasion>/anmalda/kopia/", copying.copy, name="copy"),
    path("tillfallen/<str:occasion>/anmalda/lagg-till/", staff.add, name="add"),
    path(
        "tillfallen/<str:occasion>/anmalda/<str:registration>/plats/",
        staff.reorder,
        name="reorder",
    ),
    path(
        "tillfallen/<str:occasion>/anmalda/<str:registration>/ta-bort/",
        staff.remove,
        name="remove",
    ),
    path("tillfallen/<str:occasion>/anmalda/<str:registration>/ersatt/", staff.give, name="give"),
]
