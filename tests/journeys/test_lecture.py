"""A participant follows a recording on a phone: resumes, skips nothing into existence, is counted once."""

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from audit.operations import operation
from people.models import User
from programme.models import CountedTime, Followed, Recording, Viewing
from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.programme.lectures.builders import Scene, build_scene, film
from tests.programme.lectures.conftest import _own_files  # noqa: F401

PASSWORD = "a long password"
# Seconds: the film in the file is longer, and is stopped here.
LENGTH = 64


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """The lecture with a film of little more than a minute, so that a minute can be counted."""
    built = build_scene()
    with transaction.atomic(), operation("test.journey"):
        Recording.objects.filter(pk=built.recording.pk).update(milliseconds=LENGTH * 1000)
        user = User.objects.get(email=built.viewer.email)
        user.set_password(PASSWORD)
        user.save()
    return built


def player(page: Page, live_server: LiveServer, scene: Scene) -> None:
    page.goto(f"{live_server.url}/forelasning/{scene.lecture.public_id}/")
    page.wait_for_function("document.querySelector('video').readyState > 0")


def whole_minute(page: Page) -> list[CountedTime]:
    """What is counted when the last the player tells has come; enough is reached before that."""
    for _try in range(60):
        counted = list(CountedTime.objects.filter(current=True))
        if [row.minutes for row in counted] == [1]:
            return counted
        page.wait_for_timeout(500)
    raise AssertionError([row.minutes for row in counted])


def test_a_recording_followed_on_a_phone_is_counted_once(
    browser: Browser, settings: Settings, live_server: LiveServer, scene: Scene
) -> None:
    assert film()
    page = open_page(browser, width=375)
    sign_in(page, live_server.url, scene.viewer.email, PASSWORD)
    player(page, live_server, scene)
    assert hindrances(page) == []
    assert too_wide(page) == []
    # To the end at once: nothing is watched by that.
    page.evaluate(f"document.querySelector('video').currentTime = {LENGTH - 1}")
    page.wait_for_timeout(500)
    assert not Followed.objects.exists()
    page.evaluate("document.querySelector('video').currentTime = 0")
    page.evaluate("v = document.querySelector('video'); v.muted = true; v.play()")
    page.wait_for_function(
        f"document.querySelector('video').currentTime > {LENGTH}.2", timeout=150_000
    )
    page.evaluate("document.querySelector('video').pause()")
    page.wait_for_function(
        "document.querySelector('[data-said]').textContent.includes('tillräckligt')",
        timeout=30_000,
    )
    followed = Followed.objects.get()
    assert followed.person == scene.viewer
    assert Viewing.objects.get().watched[0][0] <= 500
    counted = whole_minute(page)
    assert [row.person_id for row in counted] == [scene.viewer.pk]
    player(page, live_server, scene)
    expect(page.locator("[data-counted]")).to_have_text("1 minut")
    assert hindrances(page) + too_wide(page) == []
    page.evaluate(
        "v = document.querySelector('video'); v.muted = true; v.currentTime = 0; v.play()"
    )
    page.wait_for_timeout(3_000)
    assert Followed.objects.count() == 1
    assert list(CountedTime.objects.filter(current=True)) == counted
    page.context.close()
