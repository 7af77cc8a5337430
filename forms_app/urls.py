"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from forms_app import views

app_name = "forms_app"
urlpatterns: list[URLPattern | URLResolver] = [
    path("filer/<str:public_id>/", views.download, name="file"),
    path("svar/<str:public_id>/utskrift/", views.printout, name="printout"),
    path("svar/<str:public_id>/utskrift.pdf", views.printout_pdf, name="printout_pdf"),
    path("fortsatt/<str:token>/", views.resume_draft, name="resume"),
]
