"""Addresses of the evaluation for those who work with it."""

from django.urls import URLPattern, URLResolver, path

from programme.evaluation import views

app_name = "evaluation"
REPORT = "utvarderingar/<str:report>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("utvarderingar/", views.report_list, name="list"),
    path("utvarderingar/ny/", views.new, name="new"),
    path(REPORT, views.report_page, name="report"),
    path(f"{REPORT}iakttagelse/", views.finding, name="finding"),
    path(f"{REPORT}iakttagelse/<str:finding>/rekommendation/", views.recommend, name="recommend"),
    path(f"{REPORT}styrgrupp/", views.present, name="present"),
    path(f"{REPORT}publicera/", views.publish, name="publish"),
    path(f"{REPORT}rekommendation/<str:recommendation>/svar/", views.answer, name="answer"),
    path(f"{REPORT}rekommendation/<str:recommendation>/klar/", views.done, name="done"),
]
