"""Where communications and the project office make lectures."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import held_by
from people.models import Capability, User
from programme.errors import NotAllowed, Refused
from programme.lectures import (
    access,
    copying,
    faces,
    making,
    queries,
    results,
    voices,
)
from programme.lectures.captions import clock
from programme.lectures.forms import LectureForm, LiveForm, UploadForm, WordsForm
from programme.models import Lecture, LectureQuestion, Occasion, Recording
from programme.occasions.planning import add_occasion
from programme.queries import settings_on
from programme.views.base import say_refused, the_programme, user_of

FIELDS = ("summary", "lecturer", "invited", "principles")


def _maker(request: HttpRequest) -> User:
    user = user_of(request)
    if not access.may_make(user):
        raise Http404
    return user


def _reader(request: HttpRequest) -> User:
    user = user_of(request)
    if not access.may_read(user):
        raise Http404
    return user


def _found(lecture: str) -> Lecture:
    return get_object_or_404(
        Lecture.objects.select_related("unit", "programme__owner"), public_id=lecture
    )


@login_required
@require_safe
def lecture_list(request: HttpRequest) -> HttpResponse:
    """All lectures, drafts too, and what waits."""
    user = _reader(request)
    rows = [(row, queries.labels(row)) for row in results.staff_list()]
    return render(
        request,
        "lectures/staff/list.html",
        {"rows": rows, "may_make": access.may_make(user)},
    )


@login_required
@require_safe
def lecture_staff(request: HttpRequest, lecture: str) -> HttpResponse:
    """One lecture: what is missing until it can be followed, and everything about it."""
    user = _reader(request)
    return _staff_page(request, user, _found(lecture))


def _staff_page(
    request: HttpRequest, user: User, lecture: Lecture, *, status: int = 200, **extra: Any
) -> HttpResponse:
    makes = access.may_make(user)
    recordings = list(lecture.recordings.select_related("uploaded_by"))
    return render(
        request,
        "lectures/staff/lecture.html",
        {
            "lecture": lecture,
            "principles": queries.labels(lecture),
            "tags": list(lecture.tags.all()),
            "modules": list(lecture.unit.modules.all()),
            "materials": list(lecture.unit.materials.filter(in_use=True)),
            "recordings": [(one, clock(one.milliseconds // 1000)) for one in recordings],
            "in_use": next((r for r in recordings if r.state == Recording.State.IN_USE), None),
            "live": queries.live_occasions(lecture),
            "questions": list(lecture.questions.select_related("answered_by")),
            "evaluation": results.evaluation_of(lecture),
            "face": faces.face_of(lecture),
            "may_make": makes,
            "may_plan": makes and held_by(user).covers(Capability.ARRANGE, lecture.programme.owner),
        }
        | extra,
        status=status,
    )


@login_required
def lecture_new(request: HttpRequest) -> HttpResponse:
    """Add a lecture; its public page is drafted along."""
    return _edit(request, _maker(request), None)


@login_required
def lecture_change(request: HttpRequest, lecture: str) -> HttpResponse:
    """Change what a lecture is about."""
    return _edit(request, _maker(request), _found(lecture))


@login_required
@require_POST
def lecture_copy(request: HttpRequest, lecture: str) -> HttpResponse:
    """A draft of its own with the same words, themes, tags, modules and material."""
    user = _maker(request)
    made = copying.copy_lecture(lecture_id=_found(lecture).pk, actor=user)
    messages.success(
        request,
        _("Here is the copy. It is a draft: change what differs, then plan dates and open it."),
    )
    return redirect("lectures:staff", lecture=made.public_id)


def _edit(request: HttpRequest, user: User, lecture: Lecture | None) -> HttpResponse:
    programme = lecture.programme if lecture else the_programme()
    form = LectureForm(request.POST or None, programme=programme, initial=_initial(lecture))
    if request.method == "POST" and form.is_valid():
        try:
            saved = making.save_lecture(
                facts=form.facts(),
                programme=programme,
                actor=user,
                lecture_id=lecture.pk if lecture else None,
            )
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            if lecture is None:
                faces.make_face(saved, user)
            messages.success(request, _("The lecture is saved."))
            return redirect("lectures:staff", lecture=saved.public_id)
    return render(
        request,
        "lectures/staff/edit.html",
        {"lecture": lecture, "form": form},
        status=422 if form.errors else 200,
    )


def _initial(lecture: Lecture | None) -> dict[str, Any] | None:
    if lecture is None:
        return None
    unit = lecture.unit
    return {name: getattr(lecture, name) for name in FIELDS} | {
        "title": unit.title,
        "description": unit.description,
        "minutes": unit.minutes,
        "modules": unit.modules.all(),
        "tags": lecture.tags.all(),
    }


@login_required
@require_POST
def lecture_open(request: HttpRequest, lecture: str) -> HttpResponse:
    """Let participants follow it."""
    user, found = _maker(request), _found(lecture)
    making.open_lecture(lecture_id=found.pk, actor=user)
    messages.success(request, _("Participants can follow the lecture now."))
    return redirect("lectures:staff", lecture=lecture)


@login_required
@require_POST
def lecture_close(request: HttpRequest, lecture: str) -> HttpResponse:
    """Take it out of the catalogue."""
    user, found = _maker(request), _found(lecture)
    try:
        making.close_lecture(lecture_id=found.pk, reason=request.POST.get("reason", ""), actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The lecture is closed. Everyone's hours stand."))
    return redirect("lectures:staff", lecture=lecture)


@login_required
def lecture_live(request: HttpRequest, lecture: str) -> HttpResponse:
    """Plan when it is held live; for those who arrange in the whole project."""
    user, found = _maker(request), _found(lecture)
    if not held_by(user).covers(Capability.ARRANGE, found.programme.owner):
        raise Http404
    form = LiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.times()
        try:
            add_occasion(
                group=None,
                unit=found.unit,
                title=found.unit.title,
                starts_at=starts_at,
                ends_at=ends_at,
                breaks=[],
                district=found.programme.owner,
                online=True,
                actor=user,
                kind=Occasion.Kind.LECTURE,
                join_address=form.cleaned_data["join_address"],
                deviation_reason=_("Lectures are digital, so that everyone can take part."),
            )
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The lecture is planned."))
            return redirect("lectures:staff", lecture=lecture)
    return render(
        request,
        "lectures/staff/live.html",
        {"lecture": found, "form": form},
        status=422 if form.errors else 200,
    )


@login_required
def recording_new(request: HttpRequest, lecture: str) -> HttpResponse:
    """Upload a recording with captions."""
    user, found = _maker(request), _found(lecture)
    most = int(settings_on(found.programme, timezone.localdate())["recording_megabytes"])
    form = UploadForm(request.POST or None, request.FILES or None, most=most)
    if request.method == "POST" and form.is_valid():
        video = form.cleaned_data["video"]
        try:
            recording = making.upload(
                lecture_id=found.pk,
                name=video.name,
                stream=video.file,
                words=form.words(),
                actor=user,
            )
        except Refused as error:
            form.add_error(_field_of(error), str(error.message))
        else:
            _say_kept(request, recording)
            return redirect("lectures:staff", lecture=lecture)
    return render(
        request,
        "lectures/staff/upload.html",
        {"lecture": found, "form": form},
        status=422 if form.errors else 200,
    )


def _field_of(error: Refused) -> str | None:
    return {"CaptionsRefused": "captions", "MediaRefused": "video"}.get(type(error).__name__)


def _say_kept(request: HttpRequest, recording: Recording) -> None:
    if recording.captions:
        messages.success(request, _("The recording is kept as a draft. Look at it, then publish."))
    else:
        messages.warning(
            request, _("The recording is kept as a draft. It needs captions to be published.")
        )


def _recording(recording: str) -> Recording:
    return get_object_or_404(
        Recording.objects.select_related("lecture__unit", "lecture__programme"),
        public_id=recording,
    )


@login_required
def recording_change(request: HttpRequest, recording: str) -> HttpResponse:
    """Captions, transcript and chapters."""
    user, found = _maker(request), _recording(recording)
    chapters = "\n".join(f"{clock(int(second))} {title}" for second, title in found.chapters)
    form = WordsForm(
        request.POST or None,
        request.FILES or None,
        initial={"transcript": found.transcript, "chapters": chapters},
    )
    if request.method == "POST" and form.is_valid():
        try:
            making.change_words(recording_id=found.pk, words=form.words(), actor=user)
        except Refused as error:
            form.add_error(_field_of(error), str(error.message))
        else:
            messages.success(request, _("The words of the recording are saved."))
            return redirect("lectures:staff", lecture=found.lecture.public_id)
    return render(
        request,
        "lectures/staff/words.html",
        {"recording": found, "lecture": found.lecture, "form": form},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def recording_publish(request: HttpRequest, recording: str) -> HttpResponse:
    """Put it in use, or say in words why not."""
    user, found = _maker(request), _recording(recording)
    try:
        making.publish(recording_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The recording is published."))
    return redirect("lectures:staff", lecture=found.lecture.public_id)


@login_required
@require_POST
def recording_withdraw(request: HttpRequest, recording: str) -> HttpResponse:
    """Stop it from being played; nobody's hours change."""
    user, found = _maker(request), _recording(recording)
    try:
        making.withdraw(recording_id=found.pk, reason=request.POST.get("reason", ""), actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The recording is withdrawn. Everyone's hours stand."))
    return redirect("lectures:staff", lecture=found.lecture.public_id)


@login_required
@require_POST
def question_answer(request: HttpRequest, question: str) -> HttpResponse:
    """Publish an answer."""
    user = _maker(request)
    found = get_object_or_404(LectureQuestion.objects.select_related("lecture"), public_id=question)
    try:
        voices.answer(question_id=found.pk, text=request.POST.get("answer", ""), actor=user)
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The answer is published, without the name of who asked."))
    return redirect("lectures:staff", lecture=found.lecture.public_id)
