"""The closing package: the same bytes for the same content, and a list that tells of every change."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.operations import operation
from cms.setup import load_site
from core.models import Job
from people.models import User
from programme.errors import NotAllowed
from programme.models import Entry, Programme, Register
from programme.registers.setup import load_registers
from reports.closing import background, making, package, tasks
from tests.programme.builders import World, build_world
from tests.programme.months.builders import staff_account

FILES = [("b/två.txt", b"2"), ("a.txt", b"1" * 5000)]


def packed(files: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    package.write(target, files, {"programme": "25-021-S02"})
    return target.getvalue()


def test_the_same_content_is_the_same_package() -> None:
    assert packed(FILES) == packed(FILES)
    assert packed(FILES) != packed([FILES[0], ("a.txt", b"x")])


def test_every_change_is_told(tmp_path: Path) -> None:
    whole = packed(FILES)
    assert package.wrong(io.BytesIO(whole)) == []
    for files, expected in (
        ([FILES[0], ("a.txt", b"x")], ["a.txt"]),
        ([FILES[0]], ["a.txt"]),
        ([*FILES, ("c.txt", b"3")], ["c.txt"]),
    ):
        changed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(changed, "w") as new:
            for name, content in files:
                new.writestr(name, content)
            for name in (package.MANIFEST, package.SUMS):
                new.writestr(name, old.read(name))
        assert package.wrong(changed) == expected
    # Anyone checks it with a tool of their own.
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "-c", package.SUMS], cwd=tmp_path, check=True)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.txt"):
        packed([*FILES, ("a.txt", b"1")])


@pytest.fixture
def world(db: None) -> World:
    world = build_world()
    with transaction.atomic(), operation("test.pages"):
        load_site()
    return world


def names(user: User) -> list[str]:
    with making.opened(user) as file, zipfile.ZipFile(file) as archive:
        return archive.namelist()


def test_it_has_pages_registers_and_for_the_auditor_the_trail(world: World) -> None:
    office = staff_account(world, "ledare", "projektledare")
    done: list[int] = []
    made = making.make(programme=world.programme, actor=office, advance=done.append)
    again = making.make(programme=world.programme, actor=office)
    assert (made.sha256, made.files) == (again.sha256, again.files)
    found = names(office)
    assert "sidor/om-projektet/styrgrupp/index.html" in found
    assert "register/beslut.csv" in found
    assert not [name for name in found if name.startswith("revision/")]
    assert made.left_out == []
    assert len(done) > 10
    with making.opened(office) as file:
        assert package.wrong(file) == []
    making.make(programme=world.programme, actor=world.auditor)
    trail = {"revision/handelser.jsonl", "revision/rader.jsonl", "revision/lasningar.jsonl"}
    assert trail <= set(names(world.auditor))


def test_what_staff_have_written_in_registers_of_their_own_is_there(world: World) -> None:
    with transaction.atomic(), operation("test.register"):
        load_registers(since=world.programme.starts_on)
        register = Register.objects.get(key="forankringslogg")
        version = register.form.versions.get()
        for number, place in enumerate(("Nätverket", "=1+1"), 1):
            Entry.objects.create(
                register=register, number=number, version=version, values={"aktivitet": place}
            )
    making.make(programme=world.programme, actor=world.auditor)
    with making.opened(world.auditor) as file, zipfile.ZipFile(file) as archive:
        told = archive.read("register/egna/forankringslogg.csv").decode("utf-8-sig")
    _heading, first, second = told.splitlines()
    assert "Nätverket" in first
    assert "'=1+1" in second, "no line is run by a spreadsheet"


def test_a_page_is_what_a_visitor_sees_and_has_no_token(world: World) -> None:
    office = staff_account(world, "ledare", "projektledare")
    making.make(programme=world.programme, actor=office)
    with making.opened(office) as file, zipfile.ZipFile(file) as archive:
        page = archive.read("sidor/om-projektet/styrgrupp/index.html").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
        listed = json.loads(archive.read(package.MANIFEST))
    assert "Socialdirektör" in page
    assert b"csrfmiddlewaretoken" not in everything
    assert listed["programme"] == "25-021-S02"


def test_no_participant_is_in_the_offices_package(world: World) -> None:
    office = staff_account(world, "ledare", "projektledare")
    making.make(programme=world.programme, actor=office)
    with making.opened(office) as file, zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert not [one.email for one in world.staff if one.email in everything]
    assert not [one.last_name for one in world.staff if one.last_name in everything]


def test_the_work_is_followed_and_taken_out(
    world: World, django_capture_on_commit_callbacks: object
) -> None:
    office = staff_account(world, "ledare", "projektledare")
    job = background.start(actor=office)
    assert background.start(actor=office) == job
    assert tasks.make_package(office.pk, job.pk) > 10
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert job.done == job.total
    client = Client()
    client.force_login(office, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("closing:page")).status_code == 200
    answer = client.get(reverse("closing:download"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert package.wrong(io.BytesIO(content)) == []


def test_others_take_nothing_out(world: World) -> None:
    for user in (world.chief, world.head):
        with pytest.raises(NotAllowed):
            background.start(actor=user)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        for name in ("page", "download"):
            assert client.get(reverse(f"closing:{name}")).status_code == 404
    job = Job.objects.create(kind="closing-package", title="x", owner="user:0")
    assert tasks.make_package(world.chief.pk, job.pk) == 0
    assert not storages["private"].exists(f"closing/{world.chief.public_id}.zip")
    assert Programme.objects.exists()
