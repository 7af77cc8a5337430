"""With Tab, Enter, Space and the arrows alone: register for a lecture, leave it, follow a recording."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.operations import operation
from cms import lecture_faces
from cms.lecture_setup import publish_drafts
from people.models import User
from programme.lectures import making
from programme.models import Followed, Lecture, Registration
from tests.journeys.browser import open_page
from tests.journeys.keyboard import Keyboard
from tests.programme.builders import build_world
from tests.programme.lectures.builders import Scene, build_scene, facts
from tests.programme.lectures.conftest import _own_files  # noqa: F401
from tests.programme.registrations.builders import open_occasion, participant, plan_for

PASSWORD = "a long password"
LENGTH = 64_000
UNSEEN = "*, *::before, *::after { outline: none !important; box-shadow: none !important;"
UNSEEN += " background: none !important; border-color: #000 !important; color: #000 !important; }"


def give_password(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


def signed_in(browser: Browser, base: str, email: str, after: str) -> Keyboard:
    """At the page after signing in by hand, without a mouse."""
    page = open_page(browser, reduced_motion="reduce")
    page.goto(f"{base}/logga-in/?next={after}")
    keys = Keyboard(page)
    keys.write(page.locator("[name=login]"), email)
    keys.write(page.locator("[name=password]"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}{after}")
    return keys


@pytest.fixture
def participant_email(ground: None) -> str:
    """A participant, and a lecture with a live date to register for, in the public index."""
    world = build_world(staff=2, identities=False)
    lecture = making.save_lecture(
        facts=facts(), programme=world.programme, actor=world.administrator
    )
    making.open_lecture(lecture_id=lecture.pk, actor=world.administrator)
    with transaction.atomic(), operation("test.draft"):
        lecture_faces.draft(lecture, world.administrator)
        publish_drafts()
    occasion = open_occasion(world, unit=lecture.unit)
    plan_for(occasion, seats=1)
    user = participant(world, world.staff[0])
    with transaction.atomic(), operation("test.password"):
        give_password(user)
    return user.email


def test_registering_for_a_lecture_and_leaving_it(
    browser: Browser, live_server: LiveServer, participant_email: str
) -> None:
    keys = signed_in(browser, live_server.url, participant_email, "/forelasningar/")
    page = keys.page
    # Past the menu at once.
    keys.press(page.locator(".govuk-skip-link"))
    title = Lecture.objects.get().unit.title
    keys.follow(page.get_by_role("link", name=title))
    expect(page.locator("h1")).to_have_text(title)
    keys.follow(page.locator("main").get_by_role("link", name="Följ föreläsningen"))
    keys.follow(page.get_by_role("button", name="Anmäl mig"))
    expect(page.locator(".registration")).to_contain_text("Du har en plats")
    assert Registration.objects.get().state == Registration.State.REGISTERED
    keys.press(page.locator("summary", has_text="Lämna platsen"), "Space")
    assert Registration.objects.get().state == Registration.State.REGISTERED
    keys.follow(page.get_by_role("button", name="Ja, lämna platsen"), "Space")
    expect(page.locator("main")).to_contain_text("Du är inte längre anmäld")
    assert Registration.objects.get().state == Registration.State.LEFT
    stops = keys.through()
    assert any("Anmäl mig" in stop for stop in stops)
    page.context.close()
    assert keys.unseen == []


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """A recording of little more than a minute, which the viewer has followed once."""
    built = build_scene(length=LENGTH)
    with transaction.atomic(), operation("test.keyboard"):
        user = built.viewer.user
        assert user is not None
        give_password(user)
        Followed.objects.create(
            recording=built.recording,
            person=built.viewer,
            reached_at=timezone.now() - datetime.timedelta(days=1),
            watched_seconds=60,
            length_seconds=64,
            threshold_percent=80,
            fastest=100,
            watched=[[0, LENGTH]],
        )
    return built


def told(page: Page, what: str) -> object:
    """What the film says of itself."""
    return page.evaluate(f"document.querySelector('video').{what}")


def test_the_player_of_a_recording(browser: Browser, live_server: LiveServer, scene: Scene) -> None:
    address = f"/forelasning/{scene.lecture.public_id}/"
    keys = signed_in(browser, live_server.url, scene.viewer.email, address)
    page = keys.page
    page.wait_for_function("document.querySelector('video').readyState > 0")
    page.evaluate("document.querySelector('video').muted = true")
    film = page.locator("video")
    keys.press(film, "Space")
    page.wait_for_function("!document.querySelector('video').paused")
    page.keyboard.press("k")
    page.wait_for_function("document.querySelector('video').paused")
    for name, key, speed in (("1,5×", "Enter", 1.5), ("0,75×", "Space", 0.75)):
        chip = page.get_by_role("button", name=name, exact=True)
        keys.press(chip, key, back=speed < 1)
        assert told(page, "playbackRate") == speed
        expect(chip).to_have_attribute("aria-pressed", "true")
    page.evaluate("document.querySelector('video').currentTime = 0")
    keys.press(page.get_by_role("button", name="Framåt 10 s"))
    assert told(page, "currentTime") == pytest.approx(10, abs=0.2)
    captions = page.get_by_role("button", name="Undertexter")
    shown = told(page, "textTracks[0].mode")
    keys.press(captions, "Space")
    assert {shown, told(page, "textTracks[0].mode")} == {"showing", "disabled"}
    second = page.locator("[data-second]").nth(1)
    at = float(second.get_attribute("data-second") or "")
    keys.press(second)
    page.wait_for_function(f"document.querySelector('video').currentTime >= {at}")
    expect(film).to_be_focused()
    page.keyboard.press("k")
    keys.press(page.locator(".transcript summary"))
    expect(page.locator(".transcript .govuk-details__text")).to_be_visible()
    first = page.locator("[type=radio]").first
    keys.to(first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[type=radio]").nth(1)).to_be_checked()
    # Nothing keeps the focus, in either direction.
    keys.through()
    keys.through(back=True)
    page.context.close()
    assert keys.unseen == []


def test_a_focus_that_is_not_seen_and_a_trap_are_found(
    browser: Browser, live_server: LiveServer, ground: None
) -> None:
    """The negative control, on the page where everybody signs in."""
    page = open_page(browser, reduced_motion="reduce")
    page.goto(f"{live_server.url}/logga-in/")
    keys = Keyboard(page)
    keys.through()
    assert keys.unseen == []
    page.add_style_tag(content=UNSEEN)
    keys.through()
    assert len(keys.unseen) > 5
    page.evaluate(
        "document.querySelector('[name=password]').addEventListener('keydown',"
        " event => event.key === 'Tab' && event.preventDefault())"
    )
    with pytest.raises(AssertionError, match="caught"):
        keys.through()
    page.context.close()
