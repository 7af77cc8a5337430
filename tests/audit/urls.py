"""Views that only these tests have: they write, and then end in different ways."""

from allauth.core.exceptions import ReauthenticationRequired
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from audit.operations import Actor, operation
from config.urls import urlpatterns as portal
from people.models import Role


def write(request: HttpRequest, end: str) -> HttpResponse:
    """Write a role, then do as the address says."""
    Role.objects.create(key=f"role-{end}", name=end)
    if end == "raise":
        raise RuntimeError(end)
    if end == "missing":
        raise Http404
    if end == "again":
        raise ReauthenticationRequired
    if end == "inner":
        with transaction.atomic(), operation("test.inner", reason="why", subject="N-1"):
            Role.objects.filter(key="role-inner").update(name="inside")
        Role.objects.filter(key="role-inner").update(name="after")
    if end == "other":
        with transaction.atomic(), operation("test.other", actor=Actor("user:0", "Someone")):
            Role.objects.filter(key="role-other").update(name="inside")
    if end == "template":
        return TemplateResponse(request, engines["django"].from_string("ok"))
    return HttpResponse(end, status=500 if end == "error" else 422 if end == "invalid" else 200)


urlpatterns = [path("write/<str:end>/", write, name="write"), *portal]
