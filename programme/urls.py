"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from programme.views import imports, my_page, places, start, waves
from programme.views.wizard import NominationWizard

app_name = "programme"
urlpatterns: list[URLPattern | URLResolver] = [
    path("nominera/", start.nominate, name="nominate"),
    path("nominera/borja/", start.begin, name="begin"),
    path("nominera/mina/", start.mine, name="mine"),
    path("nominera/kvitto/<str:nomination>/", start.receipt, name="receipt"),
    path("nominera/komplettera/<str:reference>/", start.complete, name="complete"),
    path("nominera/utkast/<str:draft>/radera/", start.discard, name="discard"),
    path("nominera/utkast/<str:draft>/<str:step>/", NominationWizard.as_view(), name="wizard"),
    path("nominera/flera/", imports.upload, name="import"),
    path(
        "nominera/flera/mall/<slug:kind>.<slug:extension>",
        imports.template_file,
        name="import_template",
    ),
    path("nominera/flera/<str:batch>/", imports.preview, name="import_preview"),
    path("nominera/flera/<str:batch>/bekrafta/", imports.confirm, name="import_confirm"),
    path("nominera/personnummer/<str:nomination>/", places.identity, name="identity"),
    path("tidsredovisning/", my_page.information, name="information"),
    path("mina-sidor/", my_page.my_page, name="my_page"),
    path("mina-sidor/information/", my_page.read_notice, name="read_notice"),
    path(
        "mina-sidor/hemuppgift/<str:participation>/<str:unit>/", my_page.homework, name="homework"
    ),
    path("mina-sidor/<str:place>/svara/", my_page.answer, name="answer"),
    path("platser/", places.place_list, name="places"),
    path("platser/<str:place>/", places.place, name="place"),
    path("omgangar/", waves.wave_list, name="waves"),
    path("omgangar/ny/", waves.wave_new, name="wave_new"),
    path("omgangar/<str:wave>/", waves.wave, name="wave"),
]
