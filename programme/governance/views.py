"""Bodies: the register, a body with its seats and rules, and what is changed of it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programme.governance import access, actions, queries
from programme.governance.forms import BodyForm, DayForm, RulesForm, SeatForm
from programme.governance.health import words
from programme.governance.pages import answer_form, manager, reader
from programme.governance.papers import papers_of
from programme.governance.queries import Told
from programme.models import Body, Programme, Seat

BODY_FIELDS = ("kind", "name", "code", "task", "record_number", "starts_on", "ends_on")


def body_of(programme: Programme, public_id: str) -> Body:
    """The body of the address."""
    return get_object_or_404(
        Body.objects.select_related("kind", "programme"), programme=programme, public_id=public_id
    )


def address_of(body: Body) -> str:
    """The body's page."""
    return reverse("governance:body", args=[body.public_id])


@login_required
@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    """Every body: who sits in it, when it meets next, and what is missing."""
    user, programme = reader(request)
    today = timezone.localdate()
    told = queries.bodies(programme, today)
    return render(
        request,
        "governance/list.html",
        {
            "bodies": [(one, [words(one, lack) for lack in one.missing]) for one in told],
            "overdue": queries.decisions(programme, today, queries.Choice(state="overdue")).count(),
            "may_manage": access.may_manage(user),
        },
    )


@login_required
@require_safe
def body_page(request: HttpRequest, body: str) -> HttpResponse:
    """One body: seats, rules, meetings and decisions."""
    user, programme = reader(request)
    today = timezone.localdate()
    told = _told(programme, body)
    meetings = list(told.body.meetings.all())[:20]
    papers = papers_of([one.pk for one in meetings])
    return render(
        request,
        "governance/body.html",
        {
            "told": told,
            "missing": [words(told, lack) for lack in told.missing],
            "earlier": [seat for seat in told.body.seats.all() if seat not in told.seats],
            "rules": list(told.body.rules.all()),
            "meetings": [(one, papers[one.pk]) for one in meetings],
            "decisions": queries.decisions(
                programme, today, queries.Choice(body=told.body.public_id)
            )[:5],
            "today": today,
            "may_manage": access.may_manage(user),
        },
    )


def _told(programme: Programme, public_id: str) -> Told:
    for one in queries.bodies(programme, timezone.localdate()):
        if one.body.public_id == public_id:
            return one
    raise Http404


@login_required
def body_new(request: HttpRequest) -> HttpResponse:
    """Register a body."""
    user, programme = manager(request)
    form = BodyForm(
        request.POST or None,
        initial={"starts_on": programme.starts_on, "ends_on": programme.ends_on},
    )
    return answer_form(
        request,
        form,
        lambda: actions.save_body(programme=programme, facts=form.facts(), actor=user),
        title=_("Register a body"),
        said=_("The body is registered. Add its seats and how often it meets."),
        back=(_("Governance"), reverse("governance:list")),
    )


@login_required
def body_change(request: HttpRequest, body: str) -> HttpResponse:
    """Change what a body is."""
    user, programme = manager(request)
    found = body_of(programme, body)
    form = BodyForm(
        request.POST or None, initial={name: getattr(found, name) for name in BODY_FIELDS}
    )
    return answer_form(
        request,
        form,
        lambda: actions.save_body(programme=programme, facts=form.facts(), actor=user, body=found),
        title=_("Change the body"),
        said=_("The body is changed. What it was before stays in its history."),
        back=(found.name, address_of(found)),
    )


@login_required
def body_rules(request: HttpRequest, body: str) -> HttpResponse:
    """Decide how often it meets, from a day on."""
    user, programme = manager(request)
    found = body_of(programme, body)
    latest = found.rules.first()
    names = ("least_meetings", "period_months", "first_within_months", "quorum")
    initial = {name: getattr(latest, name) for name in names} if latest else {}
    form = RulesForm(request.POST or None, initial={**initial, "valid_from": timezone.localdate()})
    return answer_form(
        request,
        form,
        lambda: actions.decide_rules(
            body=found,
            values=form.values,
            valid_from=form.cleaned_data["valid_from"],
            decision=form.cleaned_data["decision"],
            actor=user,
        ),
        title=_("How often the body meets"),
        said=_("Decided. Earlier days keep the rules they had."),
        back=(found.name, address_of(found)),
    )


@login_required
def seat_new(request: HttpRequest, body: str) -> HttpResponse:
    """Add a seat."""
    user, programme = manager(request)
    found = body_of(programme, body)
    form = SeatForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    return answer_form(
        request,
        form,
        lambda: actions.add_seat(body=found, facts=form.facts(), actor=user),
        title=_("Add a seat"),
        said=_("The seat is added."),
        back=(found.name, address_of(found)),
        intro=_("A seat is told by role and organisation. No person is named."),
    )


@login_required
def seat_end(request: HttpRequest, body: str, seat: str) -> HttpResponse:
    """End a seat."""
    user, programme = manager(request)
    found = body_of(programme, body)
    chosen = get_object_or_404(
        Seat.objects.select_related("organisation"), body=found, public_id=seat
    )
    form = DayForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: actions.end_seat(seat=chosen, last_day=form.cleaned_data["on"], actor=user),
        title=_("End the seat"),
        said=_("The seat ends that day. Meetings before still name it."),
        back=(found.name, address_of(found)),
        intro=f"{chosen.role}, {chosen.place}",
    )
