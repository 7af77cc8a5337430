"""The staff list and the group's table on a phone: nothing is lost unseen, nothing sticks out."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.models import Attendance
from tests.journeys.browser import open_page, sign_in
from tests.programme import training
from tests.programme.attendance.conftest import Room, room_of
from tests.programme.builders import build_world

PASSWORD = "a long password"
PHONE = 375


@dataclass
class Phone:
    """The administrator's phone, at the portal where the room is."""

    page: Page
    base: str
    room: Room

    def go(self, path: str) -> Page:
        """Open a page of the portal."""
        self.page.goto(f"{self.base}{path}")
        return self.page


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, ground: None) -> Iterator[Phone]:
    """Signed in on a phone."""
    room = room_of(build_world())
    page = open_page(browser, width=PHONE)
    sign_in(page, live_server.url, room.administrator.email, PASSWORD)
    yield Phone(page, live_server.url, room)
    page.context.close()


def test_a_time_half_typed_in_a_folded_row_is_shown_and_not_silent(phone: Phone) -> None:
    page = phone.go(f"/tillfallen/{phone.room.occasion.public_id}/narvaro/")
    row = page.locator(".mark-row").first
    fold = row.locator("details.mark-row__more")
    began = fold.locator("input[name^=in-]")
    fold.locator("summary").click()
    began.click()
    page.keyboard.type("08")
    fold.locator("summary").click()
    expect(began).not_to_be_visible()
    page.get_by_role("button", name="Spara närvaro").click()
    expect(began).to_be_visible()
    expect(began).to_be_focused()
    assert began.evaluate("field => field.validity.badInput")
    assert not Attendance.objects.exists()


def test_the_groups_table_scrolls_within_itself(phone: Phone) -> None:
    room = phone.room
    # Someone whom the later occasions do not expect has words there that only a reader hears.
    for number in range(6):
        later = training.occasion_of(
            room.world, room.group, unit=None, title=f"Träff nummer {number}"
        )
        training.invitation_to(later, room.persons[0])
    page = phone.go(f"/grupper/{room.group.public_id}/narvaro/")
    wrap = page.locator(".table-wrap")
    assert wrap.evaluate("table => table.scrollWidth > table.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    wrap.evaluate("table => { table.scrollLeft = 400 }")
    first = page.locator(".matrix tbody th").first.bounding_box()
    assert first is not None
    assert 0 <= first["x"] < PHONE / 2
