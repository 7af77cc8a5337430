"""Addresses of the evaluation for those who work with it."""

from django.urls import URLPattern, URLResolver, path

from programme.evaluation import material_views, views

app_name = "evaluation"
REPORT = "utvarderingar/<str:report>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("utvarderingar/", views.report_list, name="list"),
    path("utvarderingar/ny/", views.new, name="new"),
    path("utvarderingar/underlag/", material_views.material, name="material"),
    path("utvarderingar/underlag/nytt/", material_views.new_extract, name="extract_new"),
    path(
        "utvarderingar/underlag/<str:extract>.csv", material_views.extract_file, name="extract_file"
    ),
    path("utvarderingar/underlag/urval/", material_views.new_sample, name="sample_new"),
    path("utvarderingar/underlag/urval/<str:sample>/", material_views.sample, name="sample"),
    path("mina-sidor/intervjuer/", material_views.consent, name="consent"),
    path(REPORT, views.report_page, name="report"),
    path(f"{REPORT}iakttagelse/", views.finding, name="finding"),
    path(f"{REPORT}iakttagelse/<str:finding>/rekommendation/", views.recommend, name="recommend"),
    path(f"{REPORT}styrgrupp/", views.present, name="present"),
    path(f"{REPORT}publicera/", views.publish, name="publish"),
    path(f"{REPORT}rekommendation/<str:recommendation>/svar/", views.answer, name="answer"),
    path(f"{REPORT}rekommendation/<str:recommendation>/klar/", views.done, name="done"),
]
