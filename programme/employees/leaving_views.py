"""Writing down that somebody's employment ends, one by one or from a list, and taking it back."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from people.access import NotAllowed as NotHeld
from people.display import may_see, name_of
from people.leaving import ended_with
from people.models import Capability, Person, User
from programme.employees import leaving, list_page, queries
from programme.employees.forms import LeaveForm, StayForm
from programme.errors import NotAllowed, Refused
from programme.models import EmployeeList
from programme.views.base import ensure_can


def _person(user: User, reference: str) -> Person:
    """Somebody whom the user may open, or nobody."""
    found: Person = get_object_or_404(
        queries.employees_of(user).select_related("unit", "user"),
        public_id=reference.replace("\x00", ""),
    )
    if not may_see(found, user):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, person: str) -> HttpResponse:
    """What goes on for the person, and the last day to write down."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    found = _person(user, person)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = leaving.leave(persons=[found], actor=user, **form.cleaned_data)
        except (Refused, NotHeld) as error:
            form.add_error(None, str(error.message))
        else:
            text = _("The last day is written down.")
            if number:
                text += " " + ngettext(
                    "%(n)d invitation is taken back.", "%(n)d invitations are taken back.", number
                ) % {"n": number}
            messages.success(request, text)
            _warn_of_hours_after(request, [found], form.cleaned_data["last_day"])
            return redirect("employees:edit", person=found.public_id)
    return _page(request, "employees/leave.html", form, found, user)


def _warn_of_hours_after(
    request: HttpRequest, persons: Sequence[Person], last_day: datetime.date
) -> None:
    """Hours after the last day: it, or they, must be wrong. The month cannot be checked with them."""
    number = leaving.held_after(persons, last_day)
    if number:
        text = ngettext(
            "There are counted hours after the last day, at %(n)d occasion. Correct the hours or"
            " the day: the month cannot be checked with both.",
            "There are counted hours after the last day, at %(n)d occasions. Correct the hours or"
            " the day: the month cannot be checked with both.",
            number,
        )
        messages.warning(request, text % {"n": number})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, person: str) -> HttpResponse:
    """Take the last day back."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    found = _person(user, person)
    ended = ended_with(found)
    form = StayForm(request.POST or None, roles=ended)
    if request.method == "POST" and form.is_valid():
        wanted = set(form.cleaned_data.get("roles", []))
        try:
            leaving.stay(
                person=found,
                reason=form.cleaned_data["reason"],
                actor=user,
                roles=[one for one in ended if one.public_id in wanted],
            )
        except (Refused, NotHeld) as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The last day is taken back."))
            return redirect("employees:edit", person=found.public_id)
    return _page(request, "employees/stay.html", form, found, user)


def _page(
    request: HttpRequest, template: str, form: LeaveForm | StayForm, found: Person, user: User
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "person": found,
        "name": name_of(found, user),
        "open": leaving.open_for(found),
    }
    return render(request, template, context, status=422 if form.errors else 200)


@login_required
@require_POST
def from_list(request: HttpRequest, batch: str) -> HttpResponse:
    """Those who are ticked among the persons that a list lacks have left."""
    user = ensure_can(request, Capability.MANAGE_ACCOUNTS)
    found = get_object_or_404(EmployeeList, public_id=batch, owner=user)
    form = LeaveForm(request.POST)
    ticked = request.POST.getlist("person")
    if form.is_valid():
        try:
            number = leaving.leave_from_list(
                list_id=found.pk, chosen=ticked, actor=user, **form.cleaned_data
            )
        except NotAllowed as error:
            raise Http404 from error
        except (Refused, NotHeld) as error:
            form.add_error(None, str(error.message))
        else:
            text = ngettext(
                "The last day of %(n)d person is written down.",
                "The last day of %(n)d persons is written down.",
                number,
            )
            messages.success(request, text % {"n": number})
            persons = list(Person.objects.filter(public_id__in=ticked))
            _warn_of_hours_after(request, persons, form.cleaned_data["last_day"])
            return redirect("employees:preview", batch=batch)
    return list_page.shown(request, found, user, form, ticked)
