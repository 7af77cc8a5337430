"""Lists of absences: chosen, previewed, taken in; and single ones set aside."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.pages import paginate
from people.display import name_of
from people.models import Capability, Person, User
from programme.absences import access, actions, comparing, template
from programme.absences.forms import ListForm
from programme.errors import NotAllowed, Refused
from programme.imports import reader
from programme.imports.reader import BadFile
from programme.models import AbsenceList
from programme.views.base import ensure_can, say_refused


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The absences that are known, and the way to take in more."""
    user = ensure_can(request, Capability.CHECK_HOURS)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = _prepared(form, user)
        if made is not None:
            return redirect("absences:preview", batch=made.public_id)
    found = access.absences_of(user).select_related("person__unit", "set_aside_by")
    page = paginate(request.GET.get("page"), found.order_by("-first_day", "pk"), per_page=50)
    return render(
        request,
        "absences/overview.html",
        {
            "form": form,
            "page": page,
            "rows": [(one, name_of(one.person, user)) for one in page.object_list],
        },
        status=422 if form.errors else 200,
    )


def _prepared(form: ListForm, user: User) -> AbsenceList | None:
    """The checked list, or nothing with the error on the form."""
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


def _list(user: User, public_id: str) -> AbsenceList:
    return get_object_or_404(AbsenceList, public_id=public_id, owner=user)


@login_required
@require_safe
def preview(request: HttpRequest, batch: str) -> HttpResponse:
    """Every row with what is wrong; only a list without errors can be taken in."""
    user = ensure_can(request, Capability.CHECK_HOURS)
    found = _list(user, batch)
    page = paginate(request.GET.get("page"), found.rows, per_page=200)
    waits = found.state == AbsenceList.State.PREVIEW
    compared = comparing.of_list(found, user) if waits else comparing.Compared({}, ())
    others = comparing.persons_of(compared)
    persons = Person.objects.select_related("unit").in_bulk(
        [row["person"] for row in page.object_list if row["person"]], field_name="public_id"
    )
    return render(
        request,
        "absences/preview.html",
        {
            "batch": found,
            "page": page,
            "rows": [
                (
                    row,
                    name_of(persons[row["person"]], user) if row["person"] in persons else "",
                    compared.different.get(row["number"], ()),
                )
                for row in page.object_list
            ],
            "number": len(found.rows),
            "bad": sum(1 for row in found.rows if row["errors"]),
            "known": sum(1 for row in found.rows if row["known"]),
            "different": len(compared.different),
            "only_here": [(one, name_of(others[one.person], user)) for one in compared.only_here],
        },
    )


@login_required
@require_POST
def confirm(request: HttpRequest, batch: str) -> HttpResponse:
    """Take in the whole list, or nothing."""
    user = ensure_can(request, Capability.CHECK_HOURS)
    found = _list(user, batch)
    try:
        new = actions.confirm(list_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
        return redirect("absences:preview", batch=batch)
    messages.success(
        request,
        ngettext("%(n)d absence is new.", "%(n)d absences are new.", new) % {"n": new},
    )
    return redirect("absences:overview")


@login_required
@require_POST
def set_aside(request: HttpRequest, absence: str) -> HttpResponse:
    """Note that the register was wrong."""
    user = ensure_can(request, Capability.CHECK_HOURS)
    found = get_object_or_404(access.absences_of(user), public_id=absence)
    try:
        actions.set_aside(absence_id=found.pk, reason=request.POST.get("reason", ""), actor=user)
        messages.success(request, _("The absence is set aside and stops nobody's hours."))
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
    return redirect("absences:overview")


@login_required
@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    """The empty list to start from."""
    ensure_can(request, Capability.CHECK_HOURS)
    response = HttpResponse(template.as_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="franvaro.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
