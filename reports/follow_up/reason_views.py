"""Why participants leave, by sex and age, and the file of it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from reports.follow_up import reason_export, reasons
from reports.follow_up.views import TYPES, as_file, reader


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The table; small numbers are put together for everyone, also those who read rows."""
    programme, _user = reader(request)
    return render(
        request,
        "follow_up/reasons.html",
        {"page": reasons.page(programme), "definition": reason_export.definition()},
    )


@login_required
@require_safe
def download(request: HttpRequest, extension: str) -> HttpResponse:
    """The table as a file; who took it out is noted."""
    programme, user = reader(request)
    if extension not in TYPES:
        raise Http404
    make = reason_export.as_csv if extension == "csv" else reason_export.as_workbook
    content = make(reasons.page(programme), user)
    record_reading("follow_up.reasons", programme.record_number)
    return as_file(content, f"avhoppsskal_{programme.record_number}", extension)
