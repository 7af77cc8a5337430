"""The story of one group, as its journey tells it: who is in it, and what is done again and again."""

import datetime
import re
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

from tests.chapters import ensure_told
from tests.journeys.portal import Portal
from tests.journeys.visitors import Visitor, in_a_list, rows
from tests.programme.attendance.reports import teams

OFFICE = "administrator@example.org"
ECONOMIST = "ekonom@example.org"
LEADER = "projektledare@example.org"
MEMBER = "deltagare.hagersten-alvsjo@example.org"
GROUP = "Resegruppen"
HERE = ZoneInfo("Europe/Stockholm")
BEGAN = datetime.datetime.now(HERE).date()
# A working day of the month before this one: its hours can be locked and reported.
PAST = BEGAN.replace(day=1) - datetime.timedelta(days=1)
PAST -= datetime.timedelta(days=max(0, PAST.weekday() - 4))
MONTH = f"{PAST:%Y-%m}"
# And one of the month before that.
EARLIER = PAST.replace(day=1) - datetime.timedelta(days=1)
EARLIER -= datetime.timedelta(days=max(0, EARLIER.weekday() - 4))
EARLIER_MONTH = f"{EARLIER:%Y-%m}"
# The code under the square, as it is read aloud.
WRITTEN = re.compile(r"^[a-z0-9]{3} [a-z0-9]{3}$", re.MULTILINE)
KNOWN = """
    SELECT p.email, p.first_name || ' ' || p.last_name, p.public_id
      FROM programme_participation t JOIN people_person p ON p.id = t.person_id
      JOIN programme_course c ON c.id = t.course_id WHERE c.key = 'serie' ORDER BY p.id
"""
MINUTES = """
    SELECT p.email, c.minutes FROM programme_countedtime c JOIN people_person p ON p.id = c.person_id
     WHERE c.current AND c.day = %s ORDER BY p.id
"""
FILES = """
    SELECT to_char(m.first_day, 'YYYY-MM'), f.version, f.state, f.rows, f.minutes,
           f.stale_since IS NOT NULL
      FROM reports_scbfile f JOIN programme_month m ON m.id = f.month_id ORDER BY 1, 2
"""
CHECKED = """
    SELECT count(*) FROM programme_statement s JOIN programme_month m ON m.id = s.month_id
     WHERE s.checked_at IS NOT NULL AND m.first_day = %s
"""
# Pixels that a thumb hits without looking: WCAG 2.2 asks for 24 at level AA and 44 at AAA.
THUMB = 44


@dataclass
class Journey:
    """The portal, who is in it, and what earlier chapters found out."""

    portal: Portal
    browser: Browser
    visitors: dict[str, Visitor] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    group: str = ""
    occasions: list[str] = field(default_factory=list)

    @property
    def past(self) -> str:
        """The first occasion's address: it becomes the one of last month."""
        return self.occasions[0]

    @property
    def now(self) -> str:
        """The second one's: it becomes the one that is held now."""
        return self.occasions[1]

    @property
    def earlier(self) -> str:
        """A third one's: it becomes the one of the month before the last."""
        return self.occasions[2]

    def who(self, email: str) -> Page:
        """That person's page, signed in."""
        if email not in self.visitors:
            self.visitors[email] = Visitor(self.browser, self.portal, email)
        return self.visitors[email].page

    def at(self, email: str, path: str) -> Page:
        """That person at an address of the portal."""
        page = self.who(email)
        page.goto(f"{self.portal.url}{path}")
        return page

    def needs(self, chapter: str) -> None:
        """Fail what cannot be told because an earlier chapter has not been."""
        ensure_told(self.told, chapter)

    def end(self, chapter: str) -> None:
        """The chapter is told; no page crashed on the way."""
        self.told.append(chapter)
        found = [each for visitor in self.visitors.values() for each in visitor.found]
        assert not found, in_a_list(found)

    def members(self) -> list[tuple[str, str, str]]:
        """E-mail address, name and public id of those who take the series."""
        return [(email, name, key) for email, name, key in rows(self.portal, KNOWN)]

    def minutes(self) -> dict[str, int]:
        """What is counted for the past occasion."""
        return dict(rows(self.portal, MINUTES, PAST))


def change(page: Page, **fields: str) -> None:
    """Change an occasion, and say that the warnings may be so."""
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form[method=post] button").last.click()
    box = page.locator("input[type=checkbox][name=despite_warnings]")
    if box.count():
        box.check()
        page.locator("main form[method=post] button").last.click()
    page.wait_for_url(re.compile(r"/tillfallen/\w+/$"))


def report_of(journey: Journey) -> bytes:
    """Two who are known, one of them twice, and two names that are nobody's."""
    first, second = [one for one in journey.members() if one[0] != MEMBER][:2]
    at = f"{PAST:%Y-%m-%d} "
    return teams(
        [
            (first[1], f"{at}08:55:00", f"{at}10:00:00", "1 tim 5 min", first[0]),
            (first[1], f"{at}10:10:00", f"{at}14:02:00", "3 tim 52 min", first[0]),
            (second[1], f"{at}09:00:00", f"{at}14:00:00", "5 tim", second[0]),
            ("Köksplattan", f"{at}09:00:00", f"{at}13:00:00", "4 tim", ""),
            ("Konferensrum 4", f"{at}08:50:00", f"{at}14:00:00", "5 tim 10 min", ""),
        ],
        swedish=True,
    )


def too_small(page: Page) -> list[str]:
    """What is pressed on the list and is less than a thumb wide or high."""
    found = []
    for each in page.locator(
        ".segmented__one input, .mark-row__more > summary, .save-bar button"
    ).all():
        box = each.bounding_box()
        if box is None or min(box["width"], box["height"]) < THUMB:
            found.append(f"{each.get_attribute('id') or each.inner_text()}: {box}")
    return found


def width_of(page: Page) -> int:
    """How wide the page is; a phone zooms out until all of it is seen, so its window says nothing."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def decide(page: Page, shown: str, name: str, reason: str) -> None:
    """Choose who a name in the report is; nobody's when no name is given."""
    row = page.locator(".mark-row").filter(has=page.get_by_role("heading", name=shown))
    if name:
        row.locator("select").select_option(
            row.locator("option", has_text=name).get_attribute("value")
        )
    else:
        row.locator("select").select_option("none")
    row.locator("[name^=reason-]").fill(reason)


def attest(journey: Journey, month: str) -> None:
    """The participant attests the own hours."""
    mine = journey.at(MEMBER, f"/mina-sidor/timmar/{month}/")
    mine.locator("main form[method=post] button").click()


def on_paper(journey: Journey, month: str) -> None:
    """The office notes that the others have attested on paper."""
    for email, _name, key in journey.members():
        if email != MEMBER:
            page = journey.at(OFFICE, f"/manader/{month}/{key}/")
            page.fill("[name=note]", "Pärm 3, blad 1.")
            page.locator("main form[action$='/papper/'] button").click()


def check(journey: Journey, month: str) -> None:
    """The economist checks everyone who has attested."""
    page = journey.at(ECONOMIST, f"/manader/{month}/")
    for box in page.locator("input[name=person]").all():
        box.check(force=True)
    page.locator("form[action$='/kontrollera/'] button").click()


def make_file(journey: Journey, month: str) -> None:
    """The economist makes the month's file."""
    page = journey.at(ECONOMIST, f"/scb/{month}/")
    page.locator("main form[method=post]:not([action]) button").first.click()
    page.wait_for_load_state("networkidle")


def send_file(journey: Journey, month: str) -> None:
    """And notes that it is sent."""
    page = journey.at(ECONOMIST, f"/scb/{month}/")
    page.fill("[name=receipt]", "SCB 4711")
    page.locator("form[action$='/skickad/'] button").click()
    page.wait_for_load_state("networkidle")
