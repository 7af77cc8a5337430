"""What a participant sees and does about their own registrations."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.models import Person
from programme.errors import NotAllowed, Refused
from programme.models import Invitation, Registration, SeatPlan
from programme.occasions.clock import breaks_in_words
from programme.registrations import access, actions, queries, replacing
from programme.registrations import mine as mine_queries
from programme.registrations.errors import NotPossible
from programme.registrations.forms import ColleagueForm
from programme.venues.booking import booked_venue, hours_in_words
from programme.views.base import back_to, say_refused, user_of
from workflows.errors import WorkflowError


def _person(request: HttpRequest) -> Person:
    person = access.person_of(user_of(request))
    if person is None:
        raise Http404
    return person


def _plan(occasion: str) -> SeatPlan:
    plan = access.plan_of(occasion)
    if plan is None:
        raise Http404
    return plan


def _row(request: HttpRequest, occasion: str) -> Registration:
    row = (
        Registration.objects.select_related("plan__occasion", "person__unit")
        .filter(plan__occasion__public_id=occasion, person__user=user_of(request))
        .first()
    )
    if row is None:
        raise Http404
    return row


def _back(request: HttpRequest, occasion: str) -> HttpResponse:
    """To the page that the button stood on, when it is one of ours."""
    return back_to(request, reverse("registrations:mine_one", args=[occasion]))


def _done(request: HttpRequest, act: Callable[[], Registration]) -> Registration | None:
    """Carry it out, or say why not."""
    try:
        return act()
    except NotAllowed as error:
        raise Http404 from error
    except NotPossible as error:
        for text in error.messages:
            messages.error(request, text)
    except Refused as error:
        say_refused(request, error)
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return None


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything I am registered for or stand in line for."""
    return render(request, "registrations/mine.html", {"rows": mine_queries.mine(_person(request))})


@login_required
@require_safe
def one(request: HttpRequest, occasion: str) -> HttpResponse:
    """When and where, how my registration stands, and what I can do."""
    user = user_of(request)
    if not access.may_look(user):
        raise Http404
    plan = _plan(occasion)
    found = plan.occasion
    invited = Invitation.objects.filter(
        occasion=found, person__user=user, withdrawn_at=None
    ).exists()
    return render(
        request,
        "registrations/one.html",
        {
            "occasion": found,
            "when": hours_in_words(found.starts_at, found.ends_at),
            "breaks": breaks_in_words(found.breaks, found.starts_at),
            "venue": booked_venue(found),
            "panel": queries.panel_for(found, user),
            "invited": invited,
        },
    )


_SAID = {
    Registration.State.REGISTERED: lambda: _("You are registered. A confirmation is sent to you."),
    Registration.State.WAITING: lambda: _("All seats are taken: you are on the waiting list."),
    Registration.State.ASKED: lambda: _("Your registration is sent for approval."),
    Registration.State.OFFERED: lambda: _("A seat is free for you. Answer below."),
}


@login_required
@require_POST
def register(request: HttpRequest, occasion: str) -> HttpResponse:
    """Register; a second click finds the first one's registration."""
    plan, person = _plan(occasion), _person(request)
    row = _done(
        request,
        lambda: actions.register(plan_id=plan.pk, person=person, actor=user_of(request)),
    )
    if row is not None:
        messages.success(request, _SAID[Registration.State(row.state)]())
    return _back(request, occasion)


@login_required
@require_POST
def leave(request: HttpRequest, occasion: str) -> HttpResponse:
    """Give up the seat or the place in line."""
    row = _row(request, occasion)
    if _done(request, lambda: actions.leave(registration_id=row.pk, actor=user_of(request))):
        messages.success(request, _("You are no longer registered. Thank you for saying so."))
    return _back(request, occasion)


@login_required
@require_POST
def accept(request: HttpRequest, occasion: str) -> HttpResponse:
    """Take the offered seat."""
    row = _row(request, occasion)
    if _done(request, lambda: actions.accept(registration_id=row.pk, actor=user_of(request))):
        messages.success(request, _("You have a seat. A confirmation is sent to you."))
    return _back(request, occasion)


@login_required
@require_POST
def decline(request: HttpRequest, occasion: str) -> HttpResponse:
    """Say no to the offered seat."""
    row = _row(request, occasion)
    if _done(request, lambda: actions.decline(registration_id=row.pk, actor=user_of(request))):
        messages.success(request, _("Your no is noted. The seat goes to the next in line."))
    return _back(request, occasion)


@login_required
def substitute(request: HttpRequest, occasion: str) -> HttpResponse:
    """Choose a colleague who gets my seat."""
    user, row = user_of(request), _row(request, occasion)
    colleagues = list(access.colleagues_for(row, user))
    form = ColleagueForm(request.POST or None, colleagues=colleagues, viewer=user)
    if request.method == "POST" and form.is_valid():
        chosen = {person.public_id: person for person in colleagues}
        try:
            replacing.substitute(
                registration_id=row.pk,
                colleague=chosen[form.cleaned_data["colleague"]],
                actor=user,
            )
        except NotPossible as error:
            for text in error.messages:
                form.add_error("colleague", text)
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Your colleague has the seat. Both of you are told."))
            return redirect("registrations:mine_one", occasion=occasion)
    found = row.plan.occasion
    return render(
        request,
        "registrations/substitute.html",
        {
            "form": form,
            "occasion": found,
            "when": hours_in_words(found.starts_at, found.ends_at),
            "anyone": bool(colleagues),
            "holds": row.state == Registration.State.REGISTERED,
        },
        status=422 if form.errors else 200,
    )
