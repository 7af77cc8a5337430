"""The lecture as a participant meets it: follow, reflect, ask, evaluate."""

import datetime
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from people.models import Person
from programme.errors import Refused, Stale
from programme.lectures import access, faces, queries, serving, voices, watching
from programme.lectures.forms import EvaluationForm
from programme.lectures.rules import Claim
from programme.models import Lecture, Recording
from programme.views.base import say_refused, user_of

SALT = "programme.lectures.player"
#: What the player offers, in per cent and in words; nothing beyond what the rules believe.
SPEEDS = [(75, "0,75×"), (100, "1×"), (125, "1,25×"), (150, "1,5×"), (200, "2×")]
#: A page that has been open longer than this must be loaded anew before more is counted.
OPEN_SECONDS = 12 * 3600
LARGEST = 100_000_000


def _lecture(request: HttpRequest, lecture: str) -> Lecture:
    return get_object_or_404(access.lectures_for(user_of(request)), public_id=lecture)


def _participant(request: HttpRequest) -> Person:
    person = access.participant(user_of(request))
    if person is None:
        raise Http404
    return person


@login_required
@require_safe
def lecture_page(request: HttpRequest, lecture: str) -> HttpResponse:
    """The lecture with its player, or what there is to know until there is one."""
    found = _lecture(request, lecture)
    return _render(request, found)


def _render(
    request: HttpRequest, lecture: Lecture, *, status: int = 200, **extra: Any
) -> HttpResponse:
    user = user_of(request)
    person = access.participant(user)
    page = queries.page_of(lecture, person, user)
    return render(
        request,
        "lectures/lecture.html",
        {
            "page": page,
            "lecture": lecture,
            "is_participant": person is not None,
            "may_make": access.may_make(user),
            "token": _token(page.recording, person) if page.recording and person else "",
            "form": EvaluationForm() if page.may_evaluate else None,
            "face": faces.face_of(lecture),
            "tags": list(lecture.tags.all()),
            "speeds": SPEEDS,
        }
        | extra,
        status=status,
    )


def _token(recording: Recording, person: Person) -> str:
    """Who opened which page when, signed: no beacon claims a moment before that."""
    return signing.dumps(
        {
            "recording": recording.pk,
            "person": person.pk,
            "page": secrets.token_hex(6),
            "opened": timezone.now().timestamp(),
        },
        salt=SALT,
    )


@login_required
@require_safe
def my_lectures(request: HttpRequest) -> HttpResponse:
    """What I have begun and followed, and the minutes that count."""
    person = _participant(request)
    return render(
        request,
        "lectures/mine.html",
        {"rows": queries.mine(person), "catalogue": faces.catalogue()},
    )


@login_required
@require_safe
def film(request: HttpRequest, recording: str) -> HttpResponseBase:
    """The file itself, or a piece of it; asked for anew each time who may have it."""
    return serving.respond(request, access.recording_for(user_of(request), recording))


@login_required
@require_safe
def captions(request: HttpRequest, recording: str) -> HttpResponse:
    """The captions of the recording."""
    found = access.recording_for(user_of(request), recording)
    if not found.captions:
        raise Http404
    response = HttpResponse(found.captions, content_type="text/vtt; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def watched(request: HttpRequest, recording: str) -> HttpResponse:
    """A beacon of the player; answers where the viewer stands, and with 409 when it is over."""
    person = _participant(request)
    found = access.recording_for(user_of(request), recording)
    beacon = _beacon(request, found, person)
    if beacon is None:
        return JsonResponse({"stop": True}, status=409)
    try:
        standing = watching.watch(recording_id=found.pk, person_id=person.pk, beacon=beacon)
    except Stale:
        return JsonResponse({"stop": True}, status=409)
    return JsonResponse(_standing(found, person, standing))


def _standing(recording: Recording, person: Person, standing: watching.Standing) -> dict[str, Any]:
    progress = queries.progress_of(recording, person, standing.viewing)
    minutes = sum(row.minutes for row in queries.counted_of(recording.lecture, person))
    return {
        "seen": progress.seen_words,
        "left": progress.left_words,
        "percent": progress.percent,
        "reached": standing.reached,
        "parts": [[round(part.begin, 3), round(part.width, 3)] for part in progress.parts],
        "counted": ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes},
        "minutes": minutes,
    }


def _beacon(request: HttpRequest, recording: Recording, person: Person) -> watching.Beacon | None:
    """The beacon, when its page was opened by this person for this recording not too long ago."""
    try:
        opened = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=OPEN_SECONDS)
    except signing.BadSignature:
        return None
    if opened["recording"] != recording.pk or opened["person"] != person.pk:
        return None
    begin, end, speed, number, position = (
        _number(request.POST.get(name, "")) for name in ("begin", "end", "speed", "number", "at")
    )
    return watching.Beacon(
        page=str(opened["page"]),
        number=number,
        opened=datetime.datetime.fromtimestamp(opened["opened"], datetime.UTC),
        claim=Claim(begin, end, speed),
        position=position,
    )


def _number(text: str) -> int:
    """A whole number that cannot be absurd; nonsense is zero, which claims nothing."""
    return min(int(text), LARGEST) if text.isascii() and text.isdigit() and len(text) < 12 else 0


@login_required
@require_POST
def reflect(request: HttpRequest, lecture: str) -> HttpResponse:
    """Keep what only I read."""
    person, found = _participant(request), _lecture(request, lecture)
    voices.reflect(lecture=found, person=person, text=request.POST.get("text", ""))
    messages.success(request, _("Your reflection is kept. Nobody else can read it."))
    return redirect("lectures:lecture", lecture=found.public_id)


@login_required
@require_POST
def ask(request: HttpRequest, lecture: str) -> HttpResponse:
    """Ask the lecturer."""
    person, found = _participant(request), _lecture(request, lecture)
    try:
        voices.ask(lecture_id=found.pk, person=person, text=request.POST.get("text", ""))
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(
            request, _("Your question is sent. The answer is shown here, without your name.")
        )
    return redirect("lectures:lecture", lecture=found.public_id)


@login_required
@require_POST
def evaluate(request: HttpRequest, lecture: str) -> HttpResponse:
    """Three answers, added to the others'."""
    person, found = _participant(request), _lecture(request, lecture)
    page = queries.page_of(found, person)
    if not page.may_evaluate and not page.has_evaluated:
        raise Http404
    form = EvaluationForm(request.POST)
    if page.may_evaluate and not form.is_valid():
        return _render(request, found, status=422, form=form)
    try:
        if page.has_evaluated:
            raise Stale
        voices.evaluate(lecture_id=found.pk, person=person, answers=form.cleaned_data)
    except Stale:
        messages.info(request, _("You have already answered. It is counted once."))
    else:
        messages.success(request, _("Thank you. Your answers are added to the others'."))
    return redirect("lectures:lecture", lecture=found.public_id)
