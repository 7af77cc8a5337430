"""Addresses of staff's own kinds of case; they stand before those of cases."""

from django.urls import URLPattern, URLResolver, path

from programme.case_types import views
from programme.case_types.wizard import CaseWizard

app_name = "case_types"
urlpatterns: list[URLPattern | URLResolver] = [
    path("arenden/nytt/", views.start, name="start"),
    path("arenden/nytt/<slug:key>/", views.begin, name="begin"),
    path("arenden/nytt/<slug:key>/<str:draft>/<str:step>/", CaseWizard.as_view(), name="wizard"),
    path("arenden/utkast/<str:draft>/radera/", views.discard, name="discard"),
    path("arenden/<str:reference>/kvitto/", views.receipt, name="receipt"),
    path("arenden/<str:reference>/komplettera/", views.complete, name="complete"),
]
