"""Meetings: called, with an agenda, and held with who was there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from programme.errors import Refused
from programme.governance import access, actions, deciding, rules
from programme.governance.forms import (
    AttendanceForm,
    ItemForm,
    MeetingDecisionForm,
    MeetingForm,
    ReasonForm,
)
from programme.governance.pages import answer_form, manager, reader
from programme.governance.papers import papers_of
from programme.governance.views import address_of, body_of
from programme.models import Meeting, Programme, Seat
from programme.views.base import say_refused


def meeting_of(programme: Programme, public_id: str) -> Meeting:
    """The meeting of the address."""
    return get_object_or_404(
        Meeting.objects.select_related("body__kind", "body__programme"),
        body__programme=programme,
        public_id=public_id,
    )


def back_to(meeting: Meeting) -> tuple[str, str]:
    """Words and address of the meeting's page."""
    day = timezone.localdate(meeting.starts_at).isoformat()
    words = _("Meeting %(day)s") % {"day": day}
    return words, reverse("governance:meeting", args=[meeting.public_id])


@login_required
@require_safe
def meeting_page(request: HttpRequest, meeting: str) -> HttpResponse:
    """One meeting: when, what it deals with, who was there by seat, and what was decided."""
    user, programme = reader(request)
    found = meeting_of(programme, meeting)
    attendance = list(
        found.attendance.select_related("seat__organisation").order_by("seat__order", "seat")
    )
    held = deciding.rules_on(found.body, timezone.localdate(found.starts_at))
    taken = [rules.SeatTaken(row.seat.votes, row.presence) for row in attendance]
    quorum = held.quorum if held else 0
    return render(
        request,
        "governance/meeting.html",
        {
            "meeting": found,
            "items": found.items.select_related("topic").prefetch_related("decisions__body"),
            "attendance": attendance,
            "voters": rules.voters(taken),
            "quorum": quorum,
            "could_decide": rules.may_decide(taken, quorum),
            "decisions": found.decisions.select_related("body", "responsible", "organisation"),
            "papers": papers_of([found.pk])[found.pk],
            "begun": found.starts_at <= timezone.now(),
            "today": timezone.localdate(),
            "may_manage": access.may_manage(user),
        },
    )


@login_required
def meeting_new(request: HttpRequest, body: str) -> HttpResponse:
    """Call a body to a meeting."""
    user, programme = manager(request)
    found = body_of(programme, body)
    form = MeetingForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: actions.call(body=found, facts=form.facts(), actor=user),
        title=_("Call a meeting"),
        said=_("The meeting is called. Now put its matters on the agenda."),
        back=(found.name, address_of(found)),
        button=_("Call the meeting"),
    )


@login_required
def meeting_change(request: HttpRequest, meeting: str) -> HttpResponse:
    """Move a meeting."""
    user, programme = manager(request)
    found = meeting_of(programme, meeting)
    begins, ends = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
    form = MeetingForm(
        request.POST or None,
        initial={
            "on": begins.date(),
            "begins": begins.time(),
            "ends": ends.time(),
            "place": found.place,
        },
    )
    return answer_form(
        request,
        form,
        lambda: actions.move(meeting=found, facts=form.facts(), actor=user),
        title=_("Change the meeting"),
        said=_("The meeting is changed."),
        back=back_to(found),
    )


@login_required
def meeting_cancel(request: HttpRequest, meeting: str) -> HttpResponse:
    """Cancel a meeting."""
    user, programme = manager(request)
    found = meeting_of(programme, meeting)
    form = ReasonForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: actions.cancel(meeting=found, reason=form.cleaned_data["reason"], actor=user),
        title=_("Cancel the meeting"),
        said=_("The meeting is cancelled."),
        back=back_to(found),
        button=_("Cancel the meeting"),
    )


@login_required
def item_new(request: HttpRequest, meeting: str) -> HttpResponse:
    """Put a matter on the agenda."""
    user, programme = manager(request)
    found = meeting_of(programme, meeting)
    form = ItemForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: actions.put_on_agenda(meeting=found, facts=form.facts(), actor=user),
        title=_("Put a matter on the agenda"),
        said=_("The matter is on the agenda."),
        back=back_to(found),
    )


@login_required
@require_POST
def item_remove(request: HttpRequest, meeting: str, item: str) -> HttpResponse:
    """Take a matter off the agenda."""
    user, programme = manager(request)
    found = meeting_of(programme, meeting)
    chosen = get_object_or_404(found.items.select_related("meeting"), public_id=item)
    try:
        actions.take_off_agenda(item=chosen, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The matter is off the agenda."))
    return redirect("governance:meeting", meeting=found.public_id)


@login_required
def attendance(request: HttpRequest, meeting: str) -> HttpResponse:
    """Note how each seat was taken."""
    user, programme = manager(request)
    found = meeting_of(programme, meeting)
    seats: list[Seat] = actions.seats_on(found.body, timezone.localdate(found.starts_at))
    taken = dict(found.attendance.values_list("seat_id", "presence"))
    form = AttendanceForm(request.POST or None, seats=seats, taken=taken)
    return answer_form(
        request,
        form,
        lambda: actions.hold(meeting=found, presences=form.presences, actor=user),
        title=_("Who was there"),
        said=_("Noted. Now the decisions of the meeting can be recorded."),
        back=back_to(found),
        intro=_("By seat; a substitute is not named. The minutes are put up as a document."),
    )


@login_required
def decision_new(request: HttpRequest, meeting: str) -> HttpResponse:
    """Record a decision of the meeting."""
    user, programme = manager(request)
    found = meeting_of(programme, meeting)
    form = MeetingDecisionForm(request.POST or None, items=found.items.all())
    day = timezone.localdate(found.starts_at)

    def act() -> object:
        given = dict(form.cleaned_data)
        item = given.pop("item")
        facts = deciding.DecisionFacts(decided_on=day, **given)
        return deciding.record(body=found.body, facts=facts, actor=user, meeting=found, item=item)

    return answer_form(
        request,
        form,
        act,
        title=_("Record a decision"),
        said=_("The decision is in the register."),
        back=back_to(found),
        intro=_("It gets the next number of the year and is never taken away."),
        button=_("Record the decision"),
    )
