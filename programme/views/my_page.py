"""The participant's own page: the offer, the place, and what happens next."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.actions import record_receipt
from people.models import Person
from people.privacy import TIME_REPORTING as NOTICE
from people.privacy import current, receipt_of
from programme import queries
from programme.actions import places
from programme.errors import Refused
from programme.forms import DeclineForm
from programme.models import LearningUnit, Nomination, Participation, Place
from programme.registrations import mine as my_registrations
from programme.registrations.open_occasions import open_for
from programme.staff import actions as training_actions
from programme.staff import mine
from programme.status import PLACE_STATUS
from programme.views.base import say_refused, user_of

OPEN_SHOWN = 5


@login_required
@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """What I am offered, what I take part in, and whom to ask."""
    user = user_of(request)
    person = Person.objects.select_related("unit").filter(user=user).first()
    found = list(queries.place_of(user))
    waiting = (
        Nomination.objects.live()
        .filter(person=person, place=None)
        .select_related("kind", "wave", "case")
        if person
        else Nomination.objects.none()
    )
    version = current(NOTICE)
    training = mine.of_person(person) if person else mine.Mine()
    # An offer is answered first; a place that has led to a course comes with the course.
    apart = [place for place in found if place.pk not in training.placed_ids]
    accepted = [
        place
        for place in found
        if place.pk in training.placed_ids and place.state == Place.State.ACCEPTED
    ]
    return render(
        request,
        "programme/my_page.html",
        {
            "person": person,
            "mine": training,
            "rows": _rows(apart),
            "placed": _rows(accepted),
            "waiting": list(waiting),
            "notice": version,
            "notice_parts": _parts(version.body) if version else [],
            "receipt": receipt_of(person, NOTICE) if person else None,
            "decline_form": DeclineForm(),
            "registrations": my_registrations.undecided(person) if person else [],
            "open_occasions": open_for(person, at_most=OPEN_SHOWN) if person else [],
            "answer_by": _answer_by(),
        },
    )


def _rows(places_of_mine: Iterable[Place]) -> list[dict[str, object]]:
    return [
        {"place": place, "status": PLACE_STATUS[Place.State(place.state)]}
        for place in places_of_mine
    ]


def _parts(body: str) -> list[tuple[bool, str]]:
    """The notice's paragraphs, each with whether it is a heading: one line without a full stop."""
    paragraphs = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n")]
    return [
        ("\n" not in part and len(part) <= 80 and part[-1] not in ".!?:", part)
        for part in paragraphs
        if part
    ]


def _answer_by() -> int:
    programme = queries.current_programme()
    if programme is None:
        return 0
    return int(queries.settings_on(programme, timezone.localdate())["answer_days"])


@require_safe
def information(request: HttpRequest) -> HttpResponse:
    """Why time is reported and how personal data are used, for anyone to read (R-177)."""
    version = current(NOTICE)
    if version is None:
        raise Http404
    return render(
        request,
        "programme/information.html",
        {"notice": version, "notice_parts": _parts(version.body)},
    )


@login_required
@require_POST
def read_notice(request: HttpRequest) -> HttpResponse:
    """Write down that the participant has read how hours and data are handled."""
    user = user_of(request)
    person = get_object_or_404(Person, user=user)
    version = current(NOTICE)
    # Only the text that stood on the page: a newer one has not been read.
    if version is None or request.POST.get("version") != str(version.number):
        messages.warning(request, _("The text has changed. Please read the new one."))
    else:
        record_receipt(person=person, version=version, channel="web", actor=user)
        messages.success(request, _("Thank you. It is noted that you have read the information."))
    return redirect("programme:my_page")


@login_required
@require_POST
def answer(request: HttpRequest, place: str) -> HttpResponse:
    """Accept or decline my own place."""
    user = user_of(request)
    found = get_object_or_404(queries.place_of(user), public_id=place)
    try:
        if request.POST.get("answer") == "accept":
            version = current(NOTICE)
            if version and receipt_of(found.nomination.person, NOTICE) is None:
                messages.error(request, _("Read the information and tick that you have, first."))
                return redirect("programme:my_page")
            places.accept(place_id=found.pk, actor=user)
            messages.success(request, _("You have accepted the place. Welcome!"))
        else:
            form = DeclineForm(request.POST)
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            places.decline(place_id=found.pk, actor=user, reason=reason)
            messages.success(request, _("You have declined the place. Your manager can see it."))
    except Refused as error:
        say_refused(request, error)
    return redirect("programme:my_page")


@login_required
@require_POST
def homework(request: HttpRequest, participation: str, unit: str) -> HttpResponse:
    """Say that my homework is done, or that it was not after all."""
    user = user_of(request)
    taken = get_object_or_404(
        Participation.objects.exclude(state=Participation.State.DROPPED),
        public_id=participation,
        person__user=user,
    )
    found = get_object_or_404(
        LearningUnit.objects.filter(course=taken.course_id, in_use=True).exclude(homework=""),
        public_id=unit,
    )
    done = request.POST.get("done") == "1"
    training_actions.set_homework(
        participation_id=taken.pk, unit_id=found.pk, done=done, actor=user
    )
    if done:
        messages.success(request, _("Well done. The homework is marked as done."))
    else:
        messages.success(request, _("The homework is marked as not done."))
    return redirect("programme:my_page")
