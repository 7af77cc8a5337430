"""The evidence as a page and as a PDF, for whoever may see the case; each look is noted."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from people.models import User
from reports.evidence import build, printing
from reports.evidence.document import Document
from workflows.models import Case


def _read(request: HttpRequest, reference: str) -> tuple[Case, Document]:
    """The case and its document, if this person may know of it; 404 otherwise."""
    cases = Case.objects.visible_to(request.user).select_related(
        "organisation", "initiator", "concerns", "version__definition"
    )
    case = get_object_or_404(cases, reference=reference)
    assert isinstance(request.user, User)
    record_reading("case.read_evidence", case.reference)
    return case, build.document(case, request.user)


@never_cache
@login_required
@require_safe
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """The evidence as a page, which also prints well."""
    case, document = _read(request, reference)
    context = {"case": case, "document": document, "now": timezone.now()}
    return render(request, "reports/evidence.html", context)


@never_cache
@login_required
@require_safe
def evidence_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The evidence as a PDF."""
    case, document = _read(request, reference)
    made = printing.printed(document, at=timezone.now())
    name = f"underlag-{case.reference}.pdf"
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
