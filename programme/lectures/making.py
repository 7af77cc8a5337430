"""Writes of staff: lectures and their recordings."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from forms_app.files import clean_name
from people.access import actor_of
from people.models import User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.lectures import access, captions, media
from programme.models import (
    Course,
    LearningUnit,
    Lecture,
    LectureTag,
    Module,
    Programme,
    Recording,
)
from programme.queries import settings_on

COURSE = "forelasning"


@dataclass(frozen=True)
class Facts:
    """A lecture as staff describe it."""

    title: str
    summary: str
    description: str
    lecturer: str
    invited: str
    principles: Sequence[str]
    tags: Sequence[LectureTag] = ()
    modules: Sequence[Module] = ()
    minutes: int = 60


@dataclass(frozen=True)
class Words:
    """What goes with a recording: captions as a file, the rest as text."""

    captions: bytes | None = None
    transcript: str = ""
    chapters: str = ""


@transaction.atomic
def save_lecture(
    *, facts: Facts, programme: Programme, actor: User, lecture_id: int | None = None
) -> Lecture:
    """Add a lecture with its learning unit, or change the one given."""
    access.ensure_makes(actor)
    if not set(facts.principles):
        raise Refused(_("Choose at least one theme: the coverage of the themes is reported."))
    course = Course.objects.select_for_update().get(programme=programme, key=COURSE)
    lecture = lock(lecture_id) if lecture_id else Lecture(programme=programme)
    unit = lecture.unit if lecture_id else _new_unit(course)
    name = "lecture.change" if lecture_id else "lecture.add"
    with operation(name, actor=actor_of(actor), subject=facts.title[:80]):
        unit.title, unit.description, unit.minutes = facts.title, facts.description, facts.minutes
        unit.save()
        unit.modules.set(facts.modules)
        lecture.unit = unit
        lecture.summary, lecture.lecturer = facts.summary, facts.lecturer
        lecture.invited, lecture.principles = facts.invited, sorted(set(facts.principles))
        lecture.save()
        lecture.tags.set(facts.tags)
    return lecture


def _new_unit(course: Course) -> LearningUnit:
    last = course.units.aggregate(last=Max("number"))["last"] or 0
    return LearningUnit(course=course, number=last + 1, counts_once=True)


def lock(lecture_id: int) -> Lecture:
    """The lecture as it is now; whoever changes it or its recordings waits here."""
    return (
        Lecture.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "programme")
        .get(pk=lecture_id)
    )


@transaction.atomic
def open_lecture(*, lecture_id: int, actor: User) -> Lecture:
    """Let participants follow the lecture; one that is open already stays as it is."""
    access.ensure_makes(actor)
    return _set_state(lecture_id, Lecture.State.OPEN, "lecture.open", actor, "")


@transaction.atomic
def close_lecture(*, lecture_id: int, reason: str, actor: User) -> Lecture:
    """Take the lecture out of the catalogue; what was followed and counted stands."""
    access.ensure_makes(actor)
    if not says(reason):
        raise ReasonNeeded
    return _set_state(lecture_id, Lecture.State.CLOSED, "lecture.close", actor, reason)


def _set_state(lecture_id: int, state: str, name: str, actor: User, reason: str) -> Lecture:
    lecture = lock(lecture_id)
    if lecture.state == state:
        return lecture
    lecture.state = state
    if state == Lecture.State.OPEN:
        lecture.opened_at = lecture.opened_at or timezone.now()
    with operation(name, actor=actor_of(actor), reason=reason, subject=lecture.public_id):
        lecture.save(update_fields=["state", "opened_at"])
    return lecture


@transaction.atomic
def upload(*, lecture_id: int, name: str, stream: BinaryIO, words: Words, actor: User) -> Recording:
    """Keep a new recording of the lecture as a draft; the file is judged by its content.

    :raises MediaRefused: when it is no video that can be measured.
    :raises CaptionsRefused: when the captions would not be shown.
    """
    access.ensure_makes(actor)
    lecture = lock(lecture_id)
    shown = clean_name(name)
    day = timezone.localdate()
    most = int(settings_on(lecture.programme, day)["recording_megabytes"])
    found = media.examine(stream, name=shown, megabytes=most)
    if lecture.recordings.filter(sha256=found.sha256).exists():
        raise Refused(_("That very file is here already. Nothing was saved."))
    recording = Recording(
        lecture=lecture,
        name=shown,
        content_type=found.content_type,
        size=found.size,
        sha256=found.sha256,
        milliseconds=found.milliseconds,
        uploaded_by=actor,
    )
    _put_words(recording, words)
    recording.path = _store(recording, stream)
    try:
        with operation("recording.upload", actor=actor_of(actor), subject=lecture.public_id):
            recording.save()
    except Exception:
        storages["private"].delete(recording.path)
        raise
    return recording


def _store(recording: Recording, stream: BinaryIO) -> str:
    """Under a name that nobody can guess."""
    stream.seek(0)
    extension = "webm" if recording.content_type == "video/webm" else "mp4"
    storage = storages["private"]
    return storage.save(f"lectures/{uuid.uuid4().hex}.{extension}", File(stream))


@transaction.atomic
def change_words(*, recording_id: int, words: Words, actor: User) -> Recording:
    """New captions, transcript or chapters; without a new file the captions stay."""
    access.ensure_makes(actor)
    recording = _lock_recording(recording_id)
    if recording.state == Recording.State.WITHDRAWN:
        raise Stale
    _put_words(recording, words)
    with operation("recording.change", actor=actor_of(actor), subject=recording.public_id):
        recording.save(update_fields=["captions", "transcript", "chapters"])
    return recording


def _put_words(recording: Recording, words: Words) -> None:
    transcript = words.transcript.strip()
    if words.captions is not None:
        text, cues = captions.read(words.captions, length=recording.milliseconds)
        recording.captions = text
        transcript = transcript or captions.transcript_of(cues)
    recording.transcript = transcript or recording.transcript
    recording.chapters = captions.read_chapters(words.chapters, length=recording.milliseconds)


@transaction.atomic
def publish(*, recording_id: int, actor: User) -> Recording:
    """Put the recording in use; the one before is withdrawn, its viewings stand.

    :raises Refused: without captions and transcript, which the law on accessibility asks for.
    """
    access.ensure_makes(actor)
    recording = _lock_recording(recording_id)
    if recording.state == Recording.State.IN_USE:
        return recording
    if recording.state == Recording.State.WITHDRAWN:
        raise Stale
    ensure_captioned(recording)
    for before in recording.lecture.recordings.filter(state=Recording.State.IN_USE):
        _withdraw(before, _("Replaced by a newer recording."), actor)
    recording.state, recording.published_at = Recording.State.IN_USE, timezone.now()
    with operation("recording.publish", actor=actor_of(actor), subject=recording.public_id):
        recording.save(update_fields=["state", "published_at"])
    return recording


def ensure_captioned(recording: Recording) -> None:
    """Raise unless everyone can take part of what is said (WCAG 1.2.2, act 2018:1937)."""
    if not recording.captions:
        raise Refused(
            _(
                "The recording has no captions, so it cannot be published. Without them those who"
                " do not hear are shut out. Add a WebVTT file; the recording is kept as a draft."
            )
        )
    if not recording.transcript:
        raise Refused(_("The recording has no transcript, so it cannot be published."))


@transaction.atomic
def withdraw(*, recording_id: int, reason: str, actor: User) -> Recording:
    """Nobody can play it any more; what was watched, followed and counted stands."""
    access.ensure_makes(actor)
    if not says(reason):
        raise ReasonNeeded
    recording = _lock_recording(recording_id)
    if recording.state == Recording.State.WITHDRAWN:
        return recording
    return _withdraw(recording, reason.strip(), actor)


def _withdraw(recording: Recording, reason: str, actor: User) -> Recording:
    recording.state, recording.withdrawn_at = Recording.State.WITHDRAWN, timezone.now()
    recording.withdrawn_reason = reason[:200]
    with operation(
        "recording.withdraw", actor=actor_of(actor), reason=reason, subject=recording.public_id
    ):
        recording.save(update_fields=["state", "withdrawn_at", "withdrawn_reason"])
    return recording


def _lock_recording(recording_id: int) -> Recording:
    recording = Recording.objects.get(pk=recording_id)
    lock(recording.lecture_id)
    return Recording.objects.select_related("lecture__unit", "lecture__programme").get(
        pk=recording_id
    )
