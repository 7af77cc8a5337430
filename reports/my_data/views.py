"""What the portal holds about whoever asks; each answer is noted as a reading."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from people.models import Person
from programme.views.base import user_of
from reports.evidence import printing
from reports.my_data import collect, output


def _mine(request: HttpRequest) -> collect.Holding:
    user = user_of(request)
    person = get_object_or_404(Person.objects.select_related("unit", "user"), user=user)
    record_reading("person.read_own_data", person.public_id)
    return collect.about(person, user)


@never_cache
@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything about me, as a page."""
    return render(request, "my_data/page.html", {"holding": _mine(request)})


@never_cache
@login_required
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """Everything about me, to take along."""
    return _file(output.as_json(_mine(request)), "application/json", "json")


@never_cache
@login_required
@require_safe
def as_pdf(request: HttpRequest) -> HttpResponse:
    """Everything about me, to print."""
    holding = _mine(request)
    made = printing.printed(output.as_document(holding), at=holding.made_at)
    return _file(made, "application/pdf", "pdf")


def _file(content: bytes, kind: str, extension: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="mina-uppgifter.{extension}"'},
    )
