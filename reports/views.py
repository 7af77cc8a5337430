"""The auditor's desk: only read, and each reading of a case is itself noted."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from core.pages import paginate
from people.display import name_of
from people.models import User
from reports import access, hours, persons, queries
from reports.forms import OperationSearch

View = Callable[..., HttpResponse]


def auditors_only(view: View) -> View:
    """For auditors; to everyone else the page does not exist."""

    @require_safe
    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User) or not access.may_audit(request.user):
            raise Http404
        return view(request, request.user, *args, **kwargs)

    return guarded


@auditors_only
def audit(request: HttpRequest, user: User) -> HttpResponse:
    """Operations, searched and in pages, each with what it changed."""
    form = OperationSearch(request.GET or None)
    # What was asked cannot be answered in part: all operations would look like the result.
    wrong = form.is_bound and not form.is_valid()
    choices = form.cleaned_data if form.is_valid() else {}
    about = persons.answering(user, choices.get("person", ""))
    too_many = len(about) > persons.MOST
    if about and not too_many:
        # Who has looked for whom is itself read by those who audit the auditors.
        for person in about:
            record_reading("audit.search_person", person.public_id)
    rows = queries.found(user, choices, [] if too_many else about)
    page = paginate(request.GET.get("page"), rows.none() if wrong else rows)
    context = {
        "form": form,
        "page": page,
        "lines": queries.lines(page.object_list, user),
        "about": [(name_of(person, user), person.unit.name) for person in about],
        "too_many": too_many,
        "searched": wrong or any(choices.values()),
        "references": set(
            access.audited_cases(user)
            .filter(reference__in=[each.subject for each in page.object_list])
            .values_list("reference", flat=True)
        ),
    }
    return render(request, "reports/audit.html", context, status=422 if wrong else 200)


@auditors_only
def audit_operation(request: HttpRequest, user: User, operation: UUID) -> HttpResponse:
    """One operation with everything it changed, in pages."""
    found = get_object_or_404(access.audited_operations(user), pk=operation)
    number = queries.number_of_changes(found)
    page = paginate(request.GET.get("page"), list(range(number)), per_page=50)
    line = queries.page_of_changes(
        found, user, first=page.start_index() - 1 if number else 0, most=len(page.object_list)
    )
    context = {"line": line, "lines": [replace(line, number=number)], "page": page}
    return render(request, "reports/audit_operation.html", context)


@auditors_only
def audit_case(request: HttpRequest, user: User, reference: str) -> HttpResponse:
    """The whole story of a case."""
    case = get_object_or_404(
        access.audited_cases(user).select_related("organisation"), reference=reference
    )
    record_reading("audit.read_case", case.reference)
    readings = queries.readings(user, case.reference)[:10]
    context = {
        "case": case,
        "lines": queries.story(case, user),
        "readings": queries.reading_lines(readings, user),
    }
    return render(request, "reports/audit_case.html", context)


@auditors_only
def audit_hour(request: HttpRequest, user: User, counted: str) -> HttpResponse:
    """The whole story of what one person is counted for at one occasion."""
    found = get_object_or_404(
        access.audited_hours(user).select_related("occasion", "person__unit"), public_id=counted
    )
    record_reading("audit.read_hour", found.public_id)
    context = {
        "counted": found,
        "name": name_of(found.person, user),
        "lines": hours.story(found, user),
    }
    return render(request, "reports/audit_hour.html", context)


@auditors_only
def readings(request: HttpRequest, user: User) -> HttpResponse:
    """Who has looked at sensitive things."""
    page = paginate(request.GET.get("page"), queries.readings(user))
    context = {"page": page, "readings": queries.reading_lines(page.object_list, user)}
    return render(request, "reports/readings.html", context)
