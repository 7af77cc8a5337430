"""Recordings are judged by their bytes, captions strictly, and nothing is published without them."""

import io
import struct

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from audit.operations import operation
from programme.errors import NotAllowed, ReasonNeeded, Refused, Stale
from programme.lectures import captions, making, media
from programme.lectures.making import Words
from programme.models import LearningUnit, Lecture, Recording
from tests.programme.lectures.builders import Scene, facts, film, words

HOUR = 3_600_000


def vtt(*lines: str) -> bytes:
    return ("WEBVTT\n\n" + "\n\n".join(lines)).encode()


def test_captions_are_read_and_give_the_transcript() -> None:
    text, cues = captions.read(
        vtt(
            "00:01.000 --> 00:03.000\n<v Lisa>Hej",
            "2\n00:03.000 --> 00:04.000\noch <b>hå</b>",
            "00:09.000 --> 00:10.000\nNytt",
        ),
        length=HOUR,
    )
    assert text.startswith("WEBVTT")
    assert captions.transcript_of(cues) == "Hej och hå\n\nNytt"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"1\n00:01 --> 00:02\nHej", "WEBVTT"),
        ("WEBVTT\n\nHej".encode("utf-16"), "UTF-8"),
        (b"WEBVTT\n", "words"),
        (vtt("00:01 --> 00:02\nHej"), "time"),
        (vtt("00:05.000 --> 00:04.000\nHej"), "order"),
        (vtt("00:05.000 --> 00:06.000\nB", "00:01.000 --> 00:02.000\nA"), "order"),
        (vtt("02:00:00.000 --> 02:00:01.000\nHej"), "end of the recording"),
        (b"WEBVTT" + b"x" * (captions.MOST_BYTES + 1), "large"),
    ],
)
def test_captions_that_would_not_be_shown_are_refused_in_words(content: bytes, says: str) -> None:
    with override("en"), pytest.raises(captions.CaptionsRefused, match=says):
        captions.read(content, length=HOUR)


def test_chapters_are_lines_in_order() -> None:
    found = captions.read_chapters("0:00 Början\n\n1:02:03 Slutet", length=2 * HOUR)
    assert found == [[0, "Början"], [3723, "Slutet"]]
    for wrong in ("Utan tid", "0:10 B\n0:05 A", "5:00:00 För långt"):
        with pytest.raises(Refused):
            captions.read_chapters(wrong, length=2 * HOUR)
    assert (captions.clock(3723), captions.clock(90)) == ("1:02:03", "1:30")


def mp4(scale: int, length: int) -> bytes:
    """A file of headers only."""
    header = b"mvhd" + bytes(4) + struct.pack(">IIII", 0, 0, scale, length) + bytes(80)
    moov = struct.pack(">I", len(header) + 4) + header
    kind = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp42")
    return (
        kind + struct.pack(">I4s", 8, b"mdat") + struct.pack(">I4s", len(moov) + 8, b"moov") + moov
    )


def test_the_length_is_read_from_the_file() -> None:
    found = media.examine(io.BytesIO(film()), name="a.webm", megabytes=5)
    assert found.content_type == "video/webm"
    assert 60_000 < found.milliseconds < 300_000
    assert media.examine(io.BytesIO(mp4(600, 1500)), name="a", megabytes=1).milliseconds == 2500


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7\n%%EOF",
        b"",
        b"\x1aE\xdf\xa3" + b"matroska" * 10,
        film()[:60],
        film()[:4] + b"webm" * 20,
        mp4(600, 0),
        mp4(0, 10),
    ],
)
def test_what_is_no_film_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(media.MediaRefused):
        media.examine(io.BytesIO(content), name="film.webm", megabytes=5)


def test_too_large_is_refused() -> None:
    with pytest.raises(media.MediaRefused):
        media.examine(io.BytesIO(b"x" * (1024 * 1024 + 1)), name="film.webm", megabytes=1)


def upload(scene: Scene, given: Words, name: str = "klarsprak") -> Recording:
    return making.upload(
        lecture_id=scene.lecture.pk,
        name="../../b.webm",
        stream=io.BytesIO(film(name)),
        words=given,
        actor=scene.maker,
    )


def test_without_captions_a_recording_stays_a_draft(scene: Scene) -> None:
    draft = upload(scene, Words())
    assert (draft.state, draft.name) == (Recording.State.DRAFT, "b.webm")
    with pytest.raises(Refused):
        making.publish(recording_id=draft.pk, actor=scene.maker)
    making.change_words(recording_id=draft.pk, words=words("klarsprak"), actor=scene.maker)
    making.publish(recording_id=draft.pk, actor=scene.maker)
    states = Recording.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "in_use"]


def test_the_database_refuses_what_the_action_refuses(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the guard off, the constraint stands."""
    draft = upload(scene, Words())
    monkeypatch.setattr(making, "ensure_captioned", lambda recording: None)
    with pytest.raises(IntegrityError, match="captioned"):
        making.publish(recording_id=draft.pk, actor=scene.maker)
    taken = pytest.raises(IntegrityError, match="one_recording")
    with taken, transaction.atomic(), operation("test.two"):
        Recording.objects.filter(pk=draft.pk).update(
            state="in_use", captions="WEBVTT", transcript="x"
        )


def test_a_refused_file_leaves_nothing(scene: Scene) -> None:
    before = storages["private"].listdir("lectures")[1]
    with pytest.raises(Refused):
        upload(scene, words(), "lika-stod")
    with pytest.raises(captions.CaptionsRefused):
        upload(scene, Words(captions=b"nej"))
    assert Recording.objects.count() == 1
    assert storages["private"].listdir("lectures")[1] == before


def test_withdrawing_and_closing_ask_for_a_reason(scene: Scene) -> None:
    with pytest.raises(ReasonNeeded):
        making.withdraw(recording_id=scene.recording.pk, reason=" ", actor=scene.maker)
    with pytest.raises(ReasonNeeded):
        making.close_lecture(lecture_id=scene.lecture.pk, reason="", actor=scene.maker)
    making.withdraw(recording_id=scene.recording.pk, reason="Fel", actor=scene.maker)
    with pytest.raises(Stale):
        making.publish(recording_id=scene.recording.pk, actor=scene.maker)


def test_a_reason_with_nul_is_refused_in_words_and_keeps_nothing(
    scene: Scene, client: Client
) -> None:
    """Read by no form; inside the operation's JSON it is an escape that the server refuses."""
    client.force_login(scene.maker)
    address = reverse("lectures:close", args=[scene.lecture.public_id])
    assert client.post(address, {"reason": "a\x00b"}).status_code == 400
    scene.lecture.refresh_from_db()
    assert scene.lecture.state == Lecture.State.OPEN
    assert client.post(address, {"reason": "Inställd"}).status_code == 302


def test_only_makers_make(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        making.save_lecture(facts=facts(), programme=scene.world.programme, actor=scene.world.chief)
    with pytest.raises(Refused):
        making.save_lecture(
            facts=facts(principles=[]), programme=scene.world.programme, actor=scene.maker
        )
    assert Lecture.objects.count() == 1
    assert LearningUnit.objects.get(pk=scene.lecture.unit_id).counts_once
