"""The register of employees: searched, read from a list, corrected one by one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.reads import record_reading
from core.pages import paginate
from people.access import NotAllowed
from people.display import email_of, may_see, name_of
from people.models import Capability, Identity, Person, User
from programme.employees import actions, export, leaving, list_page, queries
from programme.employees.forms import LeaveForm, ListForm, PersonForm
from programme.errors import Refused
from programme.imports import reader
from programme.imports.reader import BadFile
from programme.models import EmployeeList
from programme.views.base import ensure_can, say_refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Everybody in the register, and the way to take in a list."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = _prepared(form, user)
        if made is not None:
            return redirect("employees:preview", batch=made.public_id)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    administration = request.GET.get("forvaltning", "").replace("\x00", "")[:40]
    left = request.GET.get("visa", "")[:10]
    page = paginate(
        request.GET.get("page"), queries.found(user, text, administration, left), per_page=25
    )
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "rows": [(one, name_of(one, user), email_of(one, user)) for one in page.object_list],
        "q": text,
        "administration": administration,
        "left": left,
        "administrations": queries.administrations_of(user),
        "lists": EmployeeList.objects.filter(owner=user).order_by("-created_at")[:5],
    }
    return render(request, "employees/overview.html", context, status=422 if form.errors else 200)


def _prepared(form: ListForm, user: User) -> EmployeeList | None:
    """The list that was read, or nothing with the error on the form."""
    upload = form.cleaned_data["file"]
    try:
        # Read no further than allowed, whatever size the sender states.
        content = upload.read(reader.MAX_BYTES + 1)
        return actions.prepare(
            table=reader.read(content), content=content, file_name=upload.name or "", actor=user
        )
    except (BadFile, Refused) as error:
        form.add_error("file", str(error.message))
        return None


def _list(user: User, public_id: str) -> EmployeeList:
    return get_object_or_404(EmployeeList, public_id=public_id, owner=user)


@login_required
@require_safe
def preview_page(request: HttpRequest, batch: str) -> HttpResponse:
    """What the list would do, those rows first that need somebody's eyes."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    return list_page.shown(request, _list(user, batch), user, LeaveForm())


@login_required
@require_POST
def confirm(request: HttpRequest, batch: str) -> HttpResponse:
    """Take in the whole list, or nothing."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    found = _list(user, batch)
    try:
        actions.confirm(list_id=found.pk, seen=request.POST.get("seen", ""), actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The list is taken in. The history says who changed what."))
    return redirect("employees:preview", batch=batch)


@login_required
@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    """The empty list to start from."""
    ensure_can(request, Capability.MANAGE_ACCOUNTS)
    return _file(export.template(), "personal-mall.xlsx")


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The register as a list that can be read back; who fetched it is noted."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    administration = request.GET.get("forvaltning", "").replace("\x00", "")[:40]
    persons = queries.found(user, text, administration)
    record_reading("employees.export", f"{text} {administration}".strip()[:80])
    return _file(export.as_workbook(persons, user), "personal.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write down one employee."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    form = PersonForm(request.POST or None, units=queries.units_of(user))
    return _person_page(request, form, None, user)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, person: str) -> HttpResponse:
    """Correct what is written about one employee."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    found = get_object_or_404(
        queries.employees_of(user).select_related("unit", "user"),
        public_id=person.replace("\x00", ""),
    )
    if not may_see(found, user):
        return render(request, "employees/protected.html", {"person": found})
    has_number = Identity.objects.filter(person=found).exists()
    form = PersonForm(
        request.POST or None,
        instance=found,
        units=queries.units_of(user),
        has_number=has_number,
    )
    return _person_page(request, form, found, user)


def _person_page(
    request: HttpRequest, form: PersonForm, found: Person | None, user: User
) -> HttpResponse:
    name = name_of(found, user) if found else ""
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.save_person(found, form.cleaned_data, actor=user)
        except NotAllowed as error:
            raise Http404 from error
        except actions.BadField as refused:
            form.add_error(refused.field, str(refused.message))
        else:
            messages.success(request, _("Saved. The change and its reason are kept."))
            return redirect("employees:edit", person=kept.public_id)
    return render(
        request,
        "employees/person.html",
        {
            "form": form,
            "person": found,
            "name": name,
            "open": leaving.open_for(found) if found and found.last_day else None,
        },
        status=422 if form.errors else 200,
    )
