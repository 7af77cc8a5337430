"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reports import views
from reports.evidence import views as evidence

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("arenden/<str:reference>/underlag/", evidence.evidence, name="evidence"),
    path("arenden/<str:reference>/underlag.pdf", evidence.evidence_pdf, name="evidence_pdf"),
    path("revision/", views.audit, name="audit"),
    path("revision/handelse/<uuid:operation>/", views.audit_operation, name="audit_operation"),
    path("revision/lasningar/", views.readings, name="audit_readings"),
    path("revision/arenden/<str:reference>/", views.audit_case, name="audit_case"),
    path("revision/timmar/<str:counted>/", views.audit_hour, name="audit_hour"),
]
