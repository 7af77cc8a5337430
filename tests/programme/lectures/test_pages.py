"""Pages of lectures: who sees what, the film in pieces, small pages, and no queries that grow."""

import re
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.operations import operation
from cms.models import LectureIndexPage, LecturePage
from cms.setup import load_site
from people.models import User
from programme.errors import NotAllowed, Stale
from programme.lectures import access, coverage, faces, making, results, voices
from programme.models import (
    CountedTime,
    EvaluationCount,
    EvaluationGiven,
    Followed,
    LectureQuestion,
    Reflection,
    Viewing,
)
from tests.clients import signed_in
from tests.programme.builders import account
from tests.programme.lectures.builders import MINUTE, Scene, clock, facts, watch_through
from tests.programme.training import participation_of


def content(response: Any) -> bytes:
    """All of what was streamed."""
    return b"".join(response.streaming_content)


def address(name: str, scene: Scene) -> str:
    key = scene.recording if name in ("film", "captions", "watched") else scene.lecture
    return reverse(f"lectures:{name}", args=[key.public_id])


def test_only_the_admitted_play_the_film(scene: Scene) -> None:
    assert signed_in(scene.viewer.user).get(address("film", scene)).status_code == 200
    assert signed_in(scene.stranger.user).get(address("film", scene)).status_code == 404
    assert Client().get(address("film", scene)).status_code == 302
    making.withdraw(recording_id=scene.recording.pk, reason="Fel", actor=scene.maker)
    assert signed_in(scene.viewer.user).get(address("film", scene)).status_code == 404


@pytest.mark.parametrize(
    ("header", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=5-", 206, (5, None)),
        ("bytes=-7", 206, (-7, None)),
        ("bytes=999999999-", 416, None),
        ("bytes=9-2", 200, (0, None)),
        ("bytes=0-1,4-5", 200, (0, None)),
        ("apples=1-2", 200, (0, None)),
        ("", 200, (0, None)),
    ],
)
def test_the_film_comes_in_the_pieces_asked_for(
    scene: Scene, header: str, status: int, span: tuple[int, int | None] | None
) -> None:
    client = signed_in(scene.viewer.user)
    whole = content(client.get(address("film", scene)))
    response = client.get(address("film", scene), headers={"range": header} if header else {})
    assert response.status_code == status
    if span is not None:
        expected = whole[span[0] : span[1]]
        assert content(response) == expected
        assert response["Content-Length"] == str(len(expected))
    assert response["Cache-Control"] == "private, no-cache"


def test_the_etag_saves_a_transfer_and_never_a_question(scene: Scene) -> None:
    etag = signed_in(scene.viewer.user).get(address("film", scene))["ETag"]
    known = {"if-none-match": etag}
    assert (
        signed_in(scene.viewer.user).get(address("film", scene), headers=known).status_code == 304
    )
    assert (
        signed_in(scene.stranger.user).get(address("film", scene), headers=known).status_code == 404
    )


def test_a_beacon_needs_the_page_it_comes_from(scene: Scene) -> None:
    client = signed_in(scene.viewer.user)
    with time_machine.travel(clock("9.00"), tick=False):
        page = client.get(address("lecture", scene)).content.decode()
    token = re.search(r'data-token="([^"]+)"', page)
    assert token is not None
    sent = {"token": token[1], "number": 1, "begin": 0, "end": 5 * MINUTE, "speed": 100, "at": 9}
    with time_machine.travel(clock("9.05"), tick=False):
        assert client.post(address("watched", scene), sent | {"token": "x"}).status_code == 409
        other = signed_in(scene.other.user)
        assert other.post(address("watched", scene), sent).status_code == 409
        assert not Viewing.objects.exists()
        answer = client.post(address("watched", scene), sent).json()
    assert (answer["seen"], answer["left"], answer["reached"]) == ("5:00", "31:00", False)


def test_nonsense_in_a_beacon_claims_nothing(scene: Scene) -> None:
    client = signed_in(scene.viewer.user)
    page = client.get(address("lecture", scene)).content.decode()
    token = re.search(r'data-token="([^"]+)"', page)
    assert token is not None
    for value in ("-5", "1e9", "²", "9" * 30, ""):
        sent = {"token": token[1], "number": value, "begin": value, "end": value, "speed": value}
        assert client.post(address("watched", scene), sent).status_code == 200
    assert sum(len(row.watched) for row in Viewing.objects.all()) == 0


def test_the_page_resumes_and_says_what_is_counted(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    with time_machine.travel(clock("10.00"), tick=False):
        page = signed_in(scene.viewer.user).get(address("lecture", scene)).content.decode()
    assert f'data-position="{40 * MINUTE}"' in page
    assert "data-counted>40 minut" in page
    assert CountedTime.objects.get(current=True).public_id in page


def test_the_page_is_small_and_says_everything_without_script(scene: Scene) -> None:
    response = signed_in(scene.viewer.user).get(address("lecture", scene))
    page = response.content.decode()
    assert len(response.content) < 60_000
    assert "<video" in page
    assert scene.recording.transcript.split("\n")[0] in page
    assert "<noscript>" in page
    assert 'kind="captions"' in page


def test_the_reflection_is_ones_own(scene: Scene) -> None:
    client = signed_in(scene.viewer.user)
    client.post(address("reflect", scene), {"text": "Hemligt för mig"})
    assert Reflection.objects.get().text == "Hemligt för mig"
    assert "Hemligt för mig" in client.get(address("lecture", scene)).content.decode()
    for user in (scene.other.user, scene.maker, scene.world.auditor):
        assert "Hemligt" not in signed_in(user).get(address("lecture", scene)).content.decode()
        staff = signed_in(user).get(address("staff", scene))
        assert "Hemligt" not in staff.content.decode()
    history = Reflection.history.model._meta.get_fields()
    assert "text" not in {field.name for field in history}


def test_a_question_is_shown_without_a_name_once_answered(scene: Scene) -> None:
    signed_in(scene.viewer.user).post(address("ask", scene), {"text": "Varför då?"})
    other = signed_in(scene.other.user)
    assert "Varför då?" not in other.get(address("lecture", scene)).content.decode()
    question = LectureQuestion.objects.get()
    signed_in(scene.maker).post(
        reverse("lectures:answer", args=[question.public_id]), {"answer": "Därför."}
    )
    page = other.get(address("lecture", scene)).content.decode()
    assert "Varför då?" in page
    assert "Därför." in page
    assert scene.viewer.last_name not in page


def follow(scene: Scene, number: int) -> Any:
    person = scene.world.staff[number]
    Followed.objects.create(
        recording=scene.recording,
        person=person,
        reached_at=clock("9.00"),
        watched_seconds=1,
        length_seconds=1,
        threshold_percent=90,
        fastest=100,
    )
    return person


def test_the_evaluation_is_added_up_and_shown_a_few_at_a_time(scene: Scene) -> None:
    answers = {"useful": 4, "clear": 3, "principles": 2}
    with pytest.raises(NotAllowed):
        voices.evaluate(lecture_id=scene.lecture.pk, person=scene.viewer, answers=answers)
    with transaction.atomic(), operation("test.followed"):
        persons = [follow(scene, number) for number in range(6)]
    for number, person in enumerate(persons, start=1):
        voices.evaluate(lecture_id=scene.lecture.pk, person=person, answers=answers)
        assert results.evaluation_of(scene.lecture).number == (5 if number >= 5 else 0)
    with pytest.raises(Stale):
        voices.evaluate(lecture_id=scene.lecture.pk, person=persons[0], answers=answers)
    assert EvaluationCount.objects.get(question="useful", answer=4).number == 6


def test_answers_and_who_answered_have_nothing_to_be_laid_together_by() -> None:
    for model in (EvaluationCount, EvaluationGiven):
        assert not hasattr(model, "history")
        kinds = {field.get_internal_type() for field in model._meta.get_fields()}
        assert "DateTimeField" not in kinds
    assert "person" not in {field.name for field in EvaluationCount._meta.get_fields()}


@pytest.fixture
def public(scene: Scene) -> LecturePage:
    """The lecture's page, published by whoever made it."""
    load_site()
    faces.make_face(scene.lecture, scene.maker)
    page: LecturePage = LecturePage.objects.get()
    page.save_revision(user=scene.maker).publish()
    page.refresh_from_db()
    return page


def test_publishing_the_page_opens_the_lecture(scene: Scene, public: LecturePage) -> None:
    with transaction.atomic(), operation("test.draft"):
        type(scene.lecture).objects.filter(pk=scene.lecture.pk).update(state="draft")
    public.save_revision(user=scene.maker).publish()
    scene.lecture.refresh_from_db()
    assert scene.lecture.state == "open"


def test_the_public_page_tells_and_gives_no_way_to_the_film(
    scene: Scene, public: LecturePage
) -> None:
    response = Client().get(public.url)
    page = response.content.decode()
    assert scene.lecture.unit.description in page
    assert scene.recording.public_id not in page
    assert "/film" not in page
    assert len(response.content) < 60_000
    assert address("lecture", scene) not in page
    assert (
        address("lecture", scene) in signed_in(scene.viewer.user).get(public.url).content.decode()
    )
    assert (
        address("lecture", scene)
        not in signed_in(scene.stranger.user).get(public.url).content.decode()
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?tema=equality", True),
        ("?tema=accessibility", False),
        ("?form=recorded", True),
        ("?form=live", False),
        ("?om=999999", False),
        ("?tema=nonsens&form=nonsens&om=x", True),
    ],
)
def test_the_catalogue_is_narrowed_down(
    scene: Scene, public: LecturePage, query: str, found: bool
) -> None:
    page = Client().get(f"/forelasningar/{query}").content.decode()
    assert (scene.lecture.unit.title in page) is found


def test_a_deleted_page_takes_nothing_from_anybody(scene: Scene, public: LecturePage) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    public.delete()
    assert CountedTime.objects.get(current=True).minutes == 40
    assert signed_in(scene.viewer.user).get(address("lecture", scene)).status_code == 200
    assert signed_in(scene.viewer.user).get(reverse("lectures:mine")).status_code == 200


def test_the_catalogue_costs_the_same_for_one_and_for_many(
    scene: Scene, public: LecturePage
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert Client().get("/forelasningar/").status_code == 200
        return len(found)

    cost()
    few = cost()
    index = LectureIndexPage.objects.get(locale__language_code="sv")
    for number in range(6):
        lecture = making.save_lecture(
            facts=facts(title=f"Nr {number}"), programme=scene.world.programme, actor=scene.maker
        )
        making.open_lecture(lecture_id=lecture.pk, actor=scene.maker)
        index.add_child(instance=LecturePage(title=f"Nr {number}", lecture=lecture))
    assert cost() == few


def test_the_coverage_counts_lectures_occasions_and_persons(scene: Scene) -> None:
    participation_of(scene.world, scene.stranger)
    watch_through(scene, 0, 40, start=clock("9.00"))
    found = coverage.of_programme(scene.world.programme)
    equality = found.principles.lines[0]
    assert (equality.lectures, equality.persons) == (1, 1)
    assert len(found.principles.uncovered) == 2
    assert (found.reached, found.participants) == (1, 3)
    page = signed_in(scene.maker).get(reverse("lectures:coverage")).content.decode()
    assert "<title" in page
    assert "<desc" in page
    assert "<table" in page


def test_every_cell_of_the_coverage_leads_to_as_many_rows_as_it_says(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    client = signed_in(scene.maker)
    page = client.get(reverse("lectures:coverage")).content.decode()
    found = re.findall(r'href="(/arbete/forelasningar/tackning/[^"#]+)#(\w+)">(\d+)<', page)
    assert {path.split("/")[4] for path, _at, _number in found} >= {"princip"}
    whole = coverage.of_programme(scene.world.programme)
    cells = [
        number
        for line in (*whole.principles.lines, *whole.modules.lines)
        for number in (line.lectures, line.occasions, line.persons)
    ]
    assert len(found) == sum(bool(number) for number in cells)
    for line in (*whole.principles.lines, *whole.modules.lines):
        behind = coverage.behind(scene.world.programme, line.kind, line.key)
        assert behind is not None
        assert (len(behind.lectures), len(behind.occasions)) == (line.lectures, line.occasions)
    for path, _at, _number in found:
        assert client.get(path).status_code == 200
    for nonsense in ("annat/equality", "princip/annat", "modul/annat"):
        assert client.get(f"/arbete/forelasningar/tackning/{nonsense}/").status_code == 404


def followers_of(scene: Scene, viewer: User) -> coverage.Followers:
    found = coverage.followers(scene.world.programme, "equality", viewer)
    assert found is not None
    return found


def test_the_number_of_persons_leads_to_the_names_behind_it(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    line = coverage.of_programme(scene.world.programme).principles.lines[0]
    administrator = scene.world.administrator
    client = signed_in(administrator)
    page = client.get(reverse("lectures:coverage")).content.decode()
    address = reverse("lectures:followers", args=["equality"])
    assert f'href="{address}#personer">{line.persons}<' in page
    found = followers_of(scene, administrator)
    assert (found.seen.count(), found.elsewhere) == (line.persons, 0) == (1, 0)
    names = client.get(address).content.decode()
    assert scene.viewer.last_name in names
    assert client.get(reverse("lectures:followers", args=["annat"])).status_code == 404


def test_who_makes_lectures_reads_the_number_and_no_names(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    with transaction.atomic(), operation("test.writer"):
        writer = account("skribent", "kommunikator", scene.world.programme.owner)
    address = reverse("lectures:followers", args=["equality"])
    assert address not in signed_in(writer).get(reverse("lectures:coverage")).content.decode()
    assert signed_in(writer).get(address).status_code == 404
    # The control: without the guard the page opens, and still names nobody out of reach.
    monkeypatch.setattr(access, "reaches_persons", lambda user: True)
    page = signed_in(writer).get(address).content.decode()
    assert scene.viewer.last_name not in page
    monkeypatch.setattr(access, "persons_seen_by", lambda user: Q())
    assert scene.viewer.last_name in signed_in(writer).get(address).content.decode()


def test_names_elsewhere_are_counted_so_that_the_rows_add_up(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    line = coverage.of_programme(scene.world.programme).principles.lines[0]
    with transaction.atomic(), operation("test.arrangers"):
        here = account("har", "administrator", scene.world.farsta)
        there = account("dar", "administrator", scene.world.skarholmen)
    shown = {user.first_name: followers_of(scene, user) for user in (here, there)}
    assert [(one.seen.count(), one.elsewhere) for one in shown.values()] == [
        (line.persons, 0),
        (0, line.persons),
    ]
    page = signed_in(there).get(reverse("lectures:followers", args=["equality"])).content.decode()
    assert scene.viewer.last_name not in page


def test_a_draft_is_behind_no_cell(scene: Scene) -> None:
    """The control: the lecture is there, and taken back to a draft it is counted nowhere."""
    line = coverage.of_programme(scene.world.programme).principles.lines[0]
    behind = coverage.behind(scene.world.programme, line.kind, line.key)
    assert behind is not None
    assert len(behind.lectures) == 1
    with transaction.atomic(), operation("test.draft"):
        type(behind.lectures[0][0]).objects.update(state="draft")
    behind = coverage.behind(scene.world.programme, line.kind, line.key)
    assert behind is not None
    assert len(behind.lectures) == 0
