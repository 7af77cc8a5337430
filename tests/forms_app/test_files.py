"""Files: what is taken in, under which name, and who may fetch it."""

import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from forms_app import access, actions, files
from forms_app.files import FileRefused, check_file, clean_name
from forms_app.models import StoredFile, Submission
from people.models import User

from . import hostile
from .conftest import Room

HOSTILE = list(hostile.hostile())
HONEST = list(hostile.honest())


def check(name: str, content: bytes, megabytes: int = 1) -> files.Accepted:
    return check_file(name, io.BytesIO(content), extensions=(), megabytes=megabytes)


@pytest.mark.parametrize(("name", "content"), HONEST, ids=[name for name, _ in HONEST])
def test_honest_files_are_taken_in(name: str, content: bytes) -> None:
    assert check(name, content).content == content


@pytest.mark.parametrize(
    ("name", "content"), HOSTILE, ids=[f"{n}-{name!a}" for n, (name, _) in enumerate(HOSTILE)]
)
def test_hostile_files_are_refused_quickly(name: str, content: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(FileRefused):
        check(name, content)
    assert time.monotonic() - started < 5


def test_there_are_enough_hostile_files() -> None:
    assert len(HOSTILE) >= 50


def test_without_the_proof_of_content_they_would_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: names alone let most of them through."""
    monkeypatch.setattr(files, "_is", lambda extension, content: True)
    taken = 0
    for name, content in HOSTILE:
        try:
            check(name, content)
        except FileRefused:
            continue
        taken += 1
    assert taken > 40


def test_a_file_over_the_limit_is_refused_whatever_its_declared_size() -> None:
    class Lying(io.BytesIO):
        size = 3

    big = Lying(b"a" * (1024 * 1024 + 1))
    with pytest.raises(FileRefused, match="MB"):
        check_file("a.txt", big, extensions=(), megabytes=1)
    assert check("a.txt", b"a" * 1024 * 1024)


def test_a_field_can_allow_fewer_types() -> None:
    with pytest.raises(FileRefused):
        check_file("a.txt", io.BytesIO(b"x"), extensions=("pdf",), megabytes=1)


def test_a_scanner_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_SCANNERS", [lambda content: b"worm" in content])
    with pytest.raises(FileRefused):
        check("a.txt", b"a worm")
    assert check("a.txt", b"a word")


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Plan 1.pdf", "Plan 1.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ('a"; filename="b.pdf', "a filename= b.pdf"),
        ("", "file"),
        ("...", "file"),
        ("A\u030arsplan.pdf", "Årsplan.pdf"),
    ],
)
def test_names_are_cleaned(given_name: str, cleaned: str) -> None:
    assert clean_name(given_name) == cleaned


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 120
    assert not set(cleaned) & set('/\\<>:"|?*\0\r\n')
    assert clean_name(cleaned) == cleaned


def stored(room: Room, name: str = "a.txt", content: bytes = b"hej") -> StoredFile:
    draft = actions.start_draft(owner=room.alice, version=room.version)
    return actions.store_file(
        draft_id=draft.pk,
        field_key="paper",
        upload=SimpleUploadedFile(name, content),
        actor=room.alice,
    )


def fetch(user: User, file: StoredFile) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/filer/{file.public_id}/")


def test_a_file_is_handed_over_never_shown(room: Room) -> None:
    response = fetch(room.alice, stored(room, 'Årets "plan".txt'))
    assert b"".join(response.streaming_content) == b"hej"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "text/plain"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_only_its_owner_sees_a_file_in_a_draft(room: Room) -> None:
    file = stored(room)
    assert fetch(room.bob, file).status_code == 404
    assert Client().get(f"/filer/{file.public_id}/").status_code == 302
    assert fetch(room.alice, file).status_code == 200


def test_a_room_above_says_who_sees_a_submission(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stored(room)
    first = actions.submit_answers(
        version=room.version,
        raw={"person": room.anna.public_id, "manager": "nej"},
        actor=room.alice,
    )
    from audit.operations import operation

    with operation("test"):
        file.submission = first
        file.save()
    assert fetch(room.bob, file).status_code == 404
    newer = actions.submit_answers(
        version=room.version,
        raw={"person": room.anna.public_id, "manager": "nej"},
        actor=room.alice,
        replaces=first,
    )
    seen: list[Submission] = []

    def may_see(user: User, submission: Submission) -> bool:
        seen.append(submission)
        return user == room.bob and submission == newer

    monkeypatch.setattr(access, "_FILE_VIEWERS", [may_see])
    # A file stays open to those who may see the submission that replaced its own.
    assert fetch(room.bob, file).status_code == 200
    assert seen == [first, newer]


def test_nothing_of_the_sender_reaches_the_file_system(room: Room, tmp_path: Path) -> None:
    file = stored(room, "../../hemlig.txt")
    assert file.path == f"answers/{file.public_id}"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [file.public_id]


def test_a_file_of_another_draft_is_no_answer(room: Room) -> None:
    foreign = stored(room)
    draft = actions.start_draft(owner=room.alice, version=room.version)
    sources = access.files_of(draft)
    assert foreign not in sources
    assert foreign in access.files_of(StoredFile.objects.get(pk=foreign.pk).draft)  # type: ignore[arg-type]


def test_discarding_a_draft_takes_its_files_away(
    room: Room, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = stored(room)
    assert file.draft is not None
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_draft(draft_id=file.draft.pk, actor=room.alice)
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
