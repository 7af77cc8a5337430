"""What staff see and change: the plan, who is registered, the line, single persons, the file."""

import csv
import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from people.access import held_by
from people.display import name_of
from people.models import Capability, Organisation, Person, User
from programme.access import ADMINISTRATIONS
from programme.errors import Refused
from programme.imports.template import inert
from programme.models import Occasion, Registration, SeatPlan, SeatQuota
from programme.occasions.access import reader
from programme.registrations import access, handling, lists, planning, replacing
from programme.registrations.errors import NotPossible
from programme.registrations.forms import (
    AddForm,
    PlanForm,
    RemoveForm,
    ReorderForm,
    StaffColleagueForm,
    initial_of,
)
from programme.venues.booking import hours_in_words
from programme.views.base import ensure_can, user_of

MOST_FOUND = 20


def _read(user: User, occasion: str) -> Occasion:
    return get_object_or_404(
        access.read_by(user).select_related("district", "programme", "unit"), public_id=occasion
    )


def arranged(request: HttpRequest, occasion: str) -> Occasion:
    """An open occasion where the user arranges; to others the page does not exist."""
    user = ensure_can(request, Capability.ARRANGE)
    found = _read(user, occasion)
    if not held_by(user).covers(Capability.ARRANGE, found.district):
        raise Http404
    return found


def _plan(occasion: str) -> SeatPlan:
    plan = access.plan_of(occasion)
    if plan is None:
        raise Http404
    return plan


def _row(occasion: Occasion, registration: str) -> Registration:
    return get_object_or_404(
        Registration.objects.select_related("person__unit", "plan__occasion"),
        plan__occasion=occasion,
        public_id=registration,
    )


@login_required
@require_safe
def registered(request: HttpRequest, occasion: str) -> HttpResponse:
    """Who is registered, offered a seat and in line, and how each district's share stands."""
    user = reader(request)
    found = _read(user, occasion)
    plan = access.plan_of(occasion)
    changes = held_by(user).covers(Capability.ARRANGE, found.district)
    return render(
        request,
        "registrations/staff.html",
        {
            "occasion": found,
            "when": hours_in_words(found.starts_at, found.ends_at),
            "plan": plan,
            "overview": lists.overview(plan, user) if plan else None,
            "may_change": changes and found.state == Occasion.State.PLANNED,
            "ahead": found.starts_at > timezone.now(),
        },
    )


@login_required
@require_safe
def export(request: HttpRequest, occasion: str) -> HttpResponse:
    """The list as a file that a spreadsheet opens; that it was taken out is noted."""
    user = reader(request)
    _read(user, occasion)
    plan = _plan(occasion)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in lists.export_rows(plan, user):
        writer.writerow([inert(text) for text in row])
    record_reading("registration.export", occasion)
    response = HttpResponse(
        out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="anmalda-{occasion}.csv"'
    return response


def _districts() -> QuerySet[Organisation]:
    return Organisation.objects.valid_on(timezone.localdate()).filter(kind__in=ADMINISTRATIONS)


@login_required
def plan_edit(request: HttpRequest, occasion: str) -> HttpResponse:
    """Open the occasion for registration, or change how it is filled."""
    found = arranged(request, occasion)
    plan = access.plan_of(occasion)
    quotas = {
        row.district.public_id: row.seats
        for row in SeatQuota.objects.filter(plan=plan).select_related("district")
    }
    form = PlanForm(
        request.POST or None,
        initial=initial_of(found, plan, quotas),
        occasion=found,
        districts=list(_districts().order_by("short_name")),
        is_new=plan is None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            planning.set_plan(
                occasion_id=found.pk,
                wanted=form.wanted(),
                actor=user_of(request),
                reason=form.cleaned_data["reason"],
            )
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Registration is set."))
            return redirect("registrations:staff", occasion=occasion)
    return render(
        request,
        "registrations/plan.html",
        {"form": form, "occasion": found, "plan": plan},
        status=422 if form.errors else 200,
    )


@login_required
def add(request: HttpRequest, occasion: str) -> HttpResponse:
    """Find someone who takes part, and register them with a reason."""
    found, user = arranged(request, occasion), user_of(request)
    plan = _plan(occasion)
    wanted = " ".join(request.GET.get("sok", "").split())[:80]
    persons = list(access.participants_for(plan, wanted, user)[:MOST_FOUND]) if wanted else []
    form = AddForm(request.POST or None, found=persons, viewer=user) if persons else None
    if form is not None and request.method == "POST" and form.is_valid():
        chosen = {person.public_id: person for person in persons}
        try:
            row = handling.add(
                plan_id=plan.pk,
                person=chosen[form.cleaned_data["person"]],
                reason=form.cleaned_data["reason"],
                actor=user,
            )
        except NotPossible as error:
            for text in error.messages:
                form.add_error("person", text)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            said = (
                _("The person has a seat and is told.")
                if row.state == Registration.State.REGISTERED
                else _("No seat is free: the person stands in line and is told.")
            )
            messages.success(request, said)
            return redirect("registrations:staff", occasion=occasion)
    return render(
        request,
        "registrations/add.html",
        {"form": form, "occasion": found, "wanted": wanted, "most": MOST_FOUND},
        status=422 if form is not None and form.errors else 200,
    )


@login_required
def reorder(request: HttpRequest, occasion: str, registration: str) -> HttpResponse:
    """Give someone in line another place."""
    found, user = arranged(request, occasion), user_of(request)
    row = _row(found, registration)
    line = list(Registration.objects.in_line().filter(plan=row.plan).values_list("pk", flat=True))
    place = line.index(row.pk) + 1 if row.pk in line else 0
    form = ReorderForm(request.POST or None, initial={"place": place})
    if request.method == "POST" and form.is_valid():
        try:
            handling.reorder(registration_id=row.pk, actor=user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The line has a new order. The reason is kept."))
            return redirect("registrations:staff", occasion=occasion)
    return _one(request, found, row, form, "reorder", place=place, last=len(line))


@login_required
def remove(request: HttpRequest, occasion: str, registration: str) -> HttpResponse:
    """Take a registration away."""
    found, user = arranged(request, occasion), user_of(request)
    row = _row(found, registration)
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            handling.remove(registration_id=row.pk, actor=user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The registration is taken away, and the person is told."))
            return redirect("registrations:staff", occasion=occasion)
    return _one(request, found, row, form, "remove")


@login_required
def give(request: HttpRequest, occasion: str, registration: str) -> HttpResponse:
    """Give someone's seat to a colleague of the same unit."""
    found, user = arranged(request, occasion), user_of(request)
    row = _row(found, registration)
    colleagues: list[Person] = list(access.colleagues_for(row, user))
    form = StaffColleagueForm(request.POST or None, colleagues=colleagues, viewer=user)
    if request.method == "POST" and form.is_valid():
        chosen = {person.public_id: person for person in colleagues}
        try:
            replacing.substitute(
                registration_id=row.pk,
                colleague=chosen[form.cleaned_data["colleague"]],
                reason=form.cleaned_data["reason"],
                actor=user,
            )
        except NotPossible as error:
            for text in error.messages:
                form.add_error("colleague", text)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The colleague has the seat. Both are told."))
            return redirect("registrations:staff", occasion=occasion)
    return _one(request, found, row, form, "give")


def _one(
    request: HttpRequest,
    occasion: Occasion,
    row: Registration,
    form: object,
    what: str,
    **more: object,
) -> HttpResponse:
    context = {
        "form": form,
        "occasion": occasion,
        "row": row,
        "name": name_of(row.person, user_of(request)),
        "what": what,
        **more,
    }
    errors = getattr(form, "errors", None)
    return render(request, "registrations/change.html", context, status=422 if errors else 200)
