"""Messages as the office and a communications officer meet them.

The officer words a mail with a placeholder and looks at it. The office sends to many from
a draft, after seeing it as one of its readers, and then meets a mail that did not arrive.
"""

from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.operations import operation
from people import groups
from people.models import Organisation, User
from people.setup import CITY
from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.people import builders
from tests.programme.builders import build_world
from tests.programme.registrations.builders import participant
from workflows import delivery
from workflows.models import Message, MessageText

WIDTHS = (1280, 375)
PAGES = ("", "tider/", "regler/", "utskick/", "utskick/nytt/", "texter/occasion.invited/")


def _calm(page: Page, base: str) -> None:
    """Nothing hinders anyone, and nothing is wider than the window."""
    for path in PAGES:
        page.goto(f"{base}/meddelanden/{path}")
        assert hindrances(page) == [], path
        assert not too_wide(page), path


def _word(page: Page, base: str) -> None:
    page.goto(f"{base}/meddelanden/")
    page.get_by_role("link", name="Inbjudan till ett tillfälle").click()
    # The facts are in it from the first look.
    expect(page.locator(".mail-preview")).to_contain_text("Samtalsmetodik")
    page.fill("[name=subject]", "Välkommen ")
    page.locator("[name=subject]").press("End")
    page.get_by_role("button", name="{dag}", exact=True).click()
    page.fill("[name=body]", "Ta med en penna till {plats}.")
    page.get_by_role("button", name="Titta på den först").click()
    expect(page.locator(".mail-preview__subject")).to_have_text("Välkommen 2027-03-15")
    expect(page.locator(".mail-preview .mail-preview__text")).to_contain_text(
        "Ta med en penna till Sagan"
    )
    page.fill("[name=reason]", "Kortare")
    page.get_by_role("button", name="Spara texten").click()
    expect(page.locator(".texts")).to_contain_text("Ändrad av")


def _send(page: Page, base: str) -> None:
    page.goto(f"{base}/meddelanden/utskick/")
    page.get_by_role("link", name="Skriv till många").click()
    page.select_option("[name=readers]", label="Alla som deltar")
    page.get_by_role("button", name="Fortsätt").click()
    page.fill("[name=subject]", "Nytt på dina sidor")
    page.fill("[name=body]", "Det finns nytt material.")
    page.get_by_role("button", name="Spara utkastet och titta på det").click()
    expect(page.locator(".mail-preview")).to_contain_text("Det finns nytt material.")
    # As another of its readers.
    page.locator("[name=som]").select_option(index=1)
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.locator(".mail-preview figcaption")).to_contain_text("skulle få det")
    assert hindrances(page) == []
    page.get_by_role("button", name="Skicka till").click()
    expect(page.locator("main")).to_contain_text("Vad som skrevs")


def _see_the_error(page: Page, base: str) -> None:
    page.goto(f"{base}/meddelanden/")
    page.get_by_role("link", name="Inte levererade").click()
    expect(page.locator("main")).to_contain_text("Nytt på dina sidor")
    expect(page.locator("main")).to_contain_text("Nobody of that name")
    assert hindrances(page) + too_wide(page) == []
    page.get_by_role("button", name="Skicka igen").first.click()
    expect(page.locator("body")).to_contain_text("skickas igen")


def _refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server refuses everything, until nothing is tried any more."""

    def refuse(self: EmailMultiAlternatives, *args: Any) -> int:
        raise OSError("Nobody of that name")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", refuse)
        # Whatever the hour the tests are run at.
        broken.setattr("workflows.mailing.timing.hold_for", lambda *_: None)
        for message in Message.objects.filter(mailing__isnull=False):
            for _attempt in range(delivery.MAX_ATTEMPTS):
                delivery.send_one(message.public_id)
    states = set(Message.objects.filter(mailing__isnull=False).values_list("state", flat=True))
    assert states == {Message.State.FAILED}


@pytest.fixture
def office(transactional_db: None) -> tuple[User, User]:
    """A communications officer and an administrator, and two who take part."""
    with transaction.atomic():
        world = build_world(staff=2)
        for person in world.staff:
            participant(world, person)
    with transaction.atomic(), operation("test.office"):
        officer = builders.account("kim")
        builders.holds(officer, "kommunikator", Organisation.objects.get(code=CITY))
        for user in (officer, world.administrator):
            user.set_password(builders.PASSWORD)
            user.save()
            groups.sync(user)
    return officer, world.administrator


def test_words_a_message_to_many_and_an_error(
    browser: Browser,
    live_server: LiveServer,
    office: tuple[User, User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = live_server.url
    writer, sender = open_page(browser), open_page(browser)
    for page, user in zip((writer, sender), office, strict=True):
        sign_in(page, base, user.email, builders.PASSWORD)
    _word(writer, base)
    assert MessageText.objects.get().subject == "Välkommen {day}"
    _send(sender, base)
    _refuse(monkeypatch)
    _see_the_error(sender, base)
    for width in WIDTHS:
        sender.set_viewport_size({"width": width, "height": 900})
        _calm(sender, base)
    # Whoever only words messages sees no readers.
    assert writer.goto(f"{base}/meddelanden/utskick/").status == 404  # type: ignore[union-attr]
    writer.context.close()
    sender.context.close()
