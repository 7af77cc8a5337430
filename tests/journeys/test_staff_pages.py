"""Every page of groups, occasions, attendance, months, hours and money, as each role sees it.

One walk over a table: which thing of the demo stands in each address. An address without a
line fails the first test, so a new page cannot be forgotten.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.journeys.browser import ROOT, hindrances, open_page, sign_in, too_wide
from tests.journeys.portal import Portal, running_portal
from tests.journeys.visitors import DESK, ENGLISH, HEIGHT, PHONE, in_a_list, rows
from tests.permissions.expectations import TABLE
from tests.permissions.patterns import Pattern, walk

AREA = (
    "absences",
    "attendance",
    "certificates",
    "closing",
    "dated",
    "economy",
    "employees",
    "follow_up",
    "governance",
    "groups",
    "jobs",
    "months",
    "my_data",
    "occasions",
    "registers",
    "scb",
    "staff",
    "steering",
    "venues",
)
ROLES = {
    "administrator": "administrator@example.org",
    "trainer": "utbildare@example.org",
    "own manager": "chef.hagersten-alvsjo@example.org",
    "own participant": "deltagare.hagersten-alvsjo@example.org",
    "auditor": "revisor@example.org",
    "economist": "ekonom@example.org",
}
#: Together they see every page; the others see the same pages with less on them.
FIRST = ("administrator", "own participant")
#: Addresses that answer with something else than a page of ours, and why.
NO_PAGE = {
    "absences:template": "a file",
    "attendance:evidence": "the file as it came",
    "attendance:paper_file": "a printed list",
    "attendance:screen_now": "a part of the page that changes",
    "certificates:month_pdf": "printed",
    "certificates:pdf": "printed",
    "economy:download": "a file",
    "employees:download": "a file",
    "employees:preview": "a list in hand; walked by its own journey",
    "employees:template": "a file",
    "follow_up:download": "a file",
    "follow_up:reasons_download": "a file",
    "my_data:json": "a file",
    "my_data:pdf": "printed",
    "occasions:feed": "a calendar",
    "occasions:file": "a calendar",
    "occasions:join": "leads out of the portal, or is tried while the meeting is open",
    "registers:download": "a file",
    "scb:download": "a file",
    "attendance:personal": "signed for a day; seen by its own tests",
    "attendance:scan": "leads to the page where the code is used",
}
HELD = "o.kind = 'training' AND o.ends_at < now() AND o.state = 'planned'"
NEXT = "o.kind = 'training' AND o.starts_at > now() AND o.state = 'planned'"
OCCASION = f"SELECT o.public_id FROM programme_occasion o WHERE {HELD} ORDER BY o.starts_at DESC"
COMING = f"SELECT o.public_id FROM programme_occasion o WHERE {NEXT} ORDER BY o.starts_at"
TAUGHT = """
SELECT o.public_id FROM programme_occasion o JOIN programme_occasion_trainers t
  ON t.occasion_id = o.id JOIN people_user u ON u.id = t.user_id
 WHERE u.email = 'utbildare@example.org' ORDER BY o.starts_at DESC
"""
MINE = """
SELECT o.public_id FROM programme_invitation i JOIN programme_occasion o ON o.id = i.occasion_id
  JOIN people_person p ON p.id = i.person_id JOIN people_user u ON u.id = p.user_id
 WHERE u.email = 'deltagare.hagersten-alvsjo@example.org' ORDER BY o.starts_at DESC
"""
GROUP = """
SELECT g.public_id FROM programme_group g JOIN programme_occasion o ON o.group_id = g.id
 GROUP BY g.id ORDER BY count(*) DESC, g.id
"""
REPORT = """
SELECT o.public_id, e.public_id FROM programme_evidence e
  JOIN programme_occasion o ON o.id = e.occasion_id WHERE e.kind = 'report' ORDER BY e.id
"""
PERSON_MONTH = """
SELECT to_char(c.day, 'YYYY-MM'), p.public_id FROM programme_countedtime c
  JOIN people_person p ON p.id = c.person_id
 WHERE c.current AND c.minutes > 0 ORDER BY c.day, p.id
"""
SEAT = """
SELECT o.public_id, p.public_id FROM programme_countedtime c
  JOIN people_person p ON p.id = c.person_id JOIN programme_occasion o ON o.id = c.occasion_id
 WHERE c.current AND c.minutes > 0 ORDER BY c.day, p.id
"""
FILE_MONTH = """
SELECT to_char(m.first_day, 'YYYY-MM') FROM reports_scbfile f
  JOIN programme_month m ON m.id = f.month_id ORDER BY f.version DESC, m.first_day
"""


@dataclass(frozen=True)
class Look:
    """What stands in an address: the words, what is asked of the demo, and what else to try."""

    names: tuple[str, ...] = ()
    sql: str = ""
    # Queries of the same page that look different.
    also: tuple[str, ...] = ()


PLAIN = Look()
AT_OCCASION = Look(("occasion",), OCCASION)
AT_COMING = Look(("occasion",), COMING)
BODY = "SELECT public_id FROM programme_body WHERE code = 'SG'"
IN_BODY = Look(("body",), BODY)
COMING_MEETING = Look(
    ("meeting",), "SELECT public_id FROM programme_meeting WHERE state = 'called' ORDER BY id"
)
HELD_MEETING = Look(
    ("meeting",), "SELECT public_id FROM programme_meeting WHERE state = 'held' ORDER BY id"
)
DECISION = Look(("decision",), "SELECT public_id FROM programme_bodydecision ORDER BY id")
IN_GROUP = Look(("group",), GROUP)
IN_REGISTER = Look(
    ("person",), "SELECT public_id FROM people_person WHERE NOT protected ORDER BY id"
)
IN_MONTH = Look(("month",), f"SELECT month FROM ({PERSON_MONTH}) AS found (month, person)")
AT_REGISTER = Look(("register",), "SELECT 'horisontella-principer'")
AT_ENTRY = Look(
    ("register", "entry"),
    "SELECT r.key, e.public_id FROM programme_entry e"
    " JOIN programme_register r ON r.id = e.register_id"
    " WHERE r.key = 'aktivitetsplan' AND e.edition > 1 AND e.withdrawn_on IS NULL ORDER BY e.number",
)
PAGES: dict[str, Look] = {
    "absences:overview": PLAIN,
    "absences:preview": Look(("batch",), "SELECT public_id FROM programme_absencelist"),
    "attendance:check_in": PLAIN,
    "attendance:marking": AT_OCCASION,
    "attendance:matrix": IN_GROUP,
    "attendance:merge": Look(
        ("person",),
        "SELECT public_id FROM people_person WHERE temporary AND merged_into_id IS NULL",
    ),
    "attendance:overdue": PLAIN,
    "attendance:own_code": PLAIN,
    "attendance:paper": AT_OCCASION,
    "attendance:report": Look(("occasion", "evidence"), REPORT),
    "attendance:reports": AT_OCCASION,
    "attendance:screen": AT_COMING,
    "certificates:check": Look(("certificate",), "SELECT public_id FROM reports_certificate"),
    "certificates:mine": PLAIN,
    "certificates:month": IN_MONTH,
    "certificates:months": PLAIN,
    "certificates:revoke": Look(("certificate",), "SELECT public_id FROM reports_certificate"),
    "closing:page": PLAIN,
    "dated:overview": PLAIN,
    "dated:subject": Look(("kind", "key"), "SELECT 'varde', 'group_size'"),
    "economy:forecast": PLAIN,
    "economy:month": IN_MONTH,
    "economy:overview": PLAIN,
    "economy:rows": PLAIN,
    "employees:edit": IN_REGISTER,
    "employees:leave": IN_REGISTER,
    "employees:new": PLAIN,
    "employees:overview": Look(also=("?q=bromma", "?q=finns-inte", "?visa=slutat")),
    "employees:stay": IN_REGISTER,
    "follow_up:overview": PLAIN,
    "follow_up:persons": Look(("what",), "SELECT 'borjade'"),
    "follow_up:reasons": PLAIN,
    "governance:attendance": HELD_MEETING,
    "governance:body": IN_BODY,
    "governance:body_change": IN_BODY,
    "governance:body_new": PLAIN,
    "governance:body_rules": IN_BODY,
    "governance:decision": DECISION,
    "governance:decision_correct": DECISION,
    "governance:decision_new": IN_BODY,
    "governance:decisions": Look(also=("?lage=overdue",)),
    "governance:follow_up": DECISION,
    "governance:item_new": COMING_MEETING,
    "governance:list": PLAIN,
    "governance:meeting": HELD_MEETING,
    "governance:meeting_cancel": COMING_MEETING,
    "governance:meeting_change": COMING_MEETING,
    "governance:meeting_decision": HELD_MEETING,
    "governance:meeting_new": IN_BODY,
    "governance:seat_end": Look(
        ("body", "seat"),
        "SELECT b.public_id, s.public_id FROM programme_seat s JOIN programme_body b"
        " ON b.id = s.body_id WHERE b.code = 'SG' ORDER BY s.id",
    ),
    "governance:seat_new": IN_BODY,
    "groups:capacity": PLAIN,
    "groups:change": IN_GROUP,
    "groups:copy": IN_GROUP,
    "groups:course": Look(
        ("course",), "SELECT public_id FROM programme_course WHERE key = 'serie'"
    ),
    "groups:course_new": PLAIN,
    "groups:courses": PLAIN,
    "groups:group": IN_GROUP,
    "groups:list": PLAIN,
    "groups:make": PLAIN,
    "groups:leaving_reason": Look(("leaving_reason",), "SELECT key FROM programme_leavingreason"),
    "groups:leaving_reasons": PLAIN,
    "groups:module": Look(("module",), "SELECT key FROM programme_module"),
    "groups:modules": PLAIN,
    "groups:point": Look(("point",), "SELECT id::text FROM programme_preparationpoint"),
    "groups:points": PLAIN,
    "groups:place": Look(also=("?kurs=serie", "?kurs=chefsutbildning")),
    "groups:preparations": Look(("wave",), "SELECT public_id FROM programme_wave"),
    "groups:unit": Look(
        ("course", "unit"),
        "SELECT c.public_id, u.public_id FROM programme_learningunit u"
        " JOIN programme_course c ON c.id = u.course_id WHERE c.key = 'serie'",
    ),
    "groups:unit_new": Look(
        ("course",), "SELECT public_id FROM programme_course WHERE key = 'serie'"
    ),
    "jobs:job": Look(("job",), "SELECT public_id FROM core_job"),
    "jobs:list": PLAIN,
    "months:correction": Look(("correction",), "SELECT public_id FROM programme_correction"),
    "months:corrections": PLAIN,
    "months:counted": Look(
        ("counted",),
        "SELECT public_id FROM programme_countedtime WHERE current AND minutes > 0 ORDER BY id",
    ),
    "months:list": PLAIN,
    "months:lock": Look(
        ("month",), "SELECT to_char(now() - interval '1 month', 'YYYY-MM') ORDER BY 1"
    ),
    "months:mine": PLAIN,
    "months:month": IN_MONTH,
    "months:my_month": IN_MONTH,
    "months:person": Look(("month", "person"), PERSON_MONTH),
    "months:propose": Look(("occasion", "person"), SEAT),
    "my_data:page": PLAIN,
    "occasions:answer": Look(("occasion",), MINE),
    "occasions:cancel": AT_COMING,
    "occasions:change": AT_COMING,
    "occasions:list": Look(also=("?lage=held", "?saknar=marks")),
    "occasions:my_calendar": PLAIN,
    "occasions:new": PLAIN,
    "occasions:occasion": Look(("occasion",), COMING),
    "occasions:seat": Look(
        ("occasion",), f"{COMING}".replace(NEXT, f"{NEXT} AND o.group_id IS NOT NULL")
    ),
    "occasions:substitute": Look(
        ("occasion", "invitation"),
        "SELECT o.public_id, i.public_id FROM programme_invitation i JOIN programme_occasion o"
        f" ON o.id = i.occasion_id WHERE {NEXT} AND i.withdrawn_at IS NULL",
    ),
    "occasions:taught": Look(("occasion",), TAUGHT),
    "occasions:teaching": PLAIN,
    "registers:change": AT_REGISTER,
    "registers:compare": Look(("register",), "SELECT 'aktivitetsplan'", also=("?fran=2&till=nu",)),
    "registers:entry": AT_ENTRY,
    "registers:entry_change": AT_ENTRY,
    "registers:entry_new": AT_REGISTER,
    "registers:entry_withdraw": AT_ENTRY,
    "registers:freeze": Look(("register",), "SELECT 'aktivitetsplan'"),
    "registers:list": PLAIN,
    "registers:new": PLAIN,
    "registers:register": Look(
        ("register",), "SELECT 'kommunikationsplan'", also=("?lage=late", "?lage=withdrawn")
    ),
    "registers:version": Look(("register", "number"), "SELECT 'aktivitetsplan', 1"),
    "scb:cascade": PLAIN,
    "scb:columns": PLAIN,
    "scb:lines": Look(
        ("month", "version"),
        "SELECT to_char(m.first_day, 'YYYY-MM'), f.version FROM reports_scbfile f"
        " JOIN programme_month m ON m.id = f.month_id ORDER BY f.version DESC, m.first_day",
    ),
    "scb:list": PLAIN,
    "scb:month": Look(("month",), FILE_MONTH),
    "staff:mine": PLAIN,
    "staff:weeks": PLAIN,
    "steering:body": IN_BODY,
    "steering:room": PLAIN,
    "venues:change": Look(("venue",), "SELECT public_id FROM programme_venue"),
    "venues:list": PLAIN,
    "venues:my_needs": PLAIN,
    "venues:needs": PLAIN,
    "venues:new": PLAIN,
    "venues:check": Look(("venue",), "SELECT public_id FROM programme_venue"),
    "venues:venue": Look(("venue",), "SELECT public_id FROM programme_venue"),
}


def pages_of_the_area() -> dict[str, Pattern]:
    """What can be asked for by GET in the area, by name."""
    return {
        pattern.name: pattern
        for pattern in walk()
        if pattern.name.partition(":")[0] in AREA and TABLE[pattern.route].get
    }


def test_no_page_of_the_area_is_forgotten() -> None:
    found = set(pages_of_the_area())
    assert found - set(PAGES) - set(NO_PAGE) == set(), "pages without a line"
    assert {*PAGES, *NO_PAGE} - found == set(), "lines without a page"


def test_a_new_page_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a page without its line is named."""
    monkeypatch.delitem(PAGES, "groups:list")
    with pytest.raises(AssertionError, match="groups:list"):
        test_no_page_of_the_area_is_forgotten()


@pytest.fixture(scope="module")
def portal(tables: str) -> Iterator[Portal]:
    """The demo with its first groups, and what its story lacks."""
    with running_portal(os.environ["DATABASE_URL"], tables, demo=("--scale=0.3",)) as running:
        env = {**os.environ, "DATABASE_URL": running.database_url, "DEMO": "1", "TESTING": ""}
        env["DJANGO_SETTINGS_MODULE"] = "config.settings"
        furnish = [sys.executable, "-m", "tests.journeys.furnishing"]
        subprocess.run(furnish, cwd=ROOT, env=env, check=True)
        yield running


def addresses(portal: Portal) -> dict[str, list[str]]:
    """The paths to look at, by the page's name; empty where the demo has no such thing."""
    found: dict[str, list[str]] = {}
    for name, pattern in pages_of_the_area().items():
        if (look := PAGES.get(name)) is None:
            continue
        values = rows(portal, look.sql)[:1] if look.sql else [()]
        paths = [pattern.filled(dict(zip(look.names, row, strict=True))) for row in values]
        found[name] = [path + more for path in paths for more in ("", *look.also)]
    return found


def problems(page: Page, status: list[int], url: str, *, closely: bool) -> list[str]:
    """What is wrong with one page, at a desk and on a phone.

    :param closely: ask axe at both widths; once is enough for a page another role has shown.
    """
    found = []
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if width == DESK:
            status.clear()
            page.goto(url)
        if closely or width == PHONE:
            found += [f"{width} px: {each}" for each in hindrances(page)]
        found += [f"{width} px, too wide: {each}" for each in too_wide(page)]
    said = page.locator("main").inner_text().splitlines()
    found += [f"English: {line}" for line in said if ENGLISH.search(line)]
    return found + [f"answered {code}" for code in status if code >= 500]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_hinders_anyone_in_any_role(browser: Browser, portal: Portal, role: str) -> None:
    page = open_page(browser)
    status: list[int] = []

    def answered(response: Response) -> None:
        status.append(response.status)

    page.on("response", answered)
    sign_in(page, portal.url, ROLES[role])
    found, seen = [], 0
    for name, paths in addresses(portal).items():
        for path in paths:
            if page.request.get(portal.url + path).status in (403, 404):
                continue
            seen += 1
            found += [
                f"{name} {path}: {each}"
                for each in problems(page, status, portal.url + path, closely=role in FIRST)
            ]
    page.context.close()
    assert seen > 3
    assert not found, in_a_list(found)


def test_every_line_leads_to_a_page_that_somebody_sees(browser: Browser, portal: Portal) -> None:
    """A line whose thing the demo lacks, or that nobody may open, would be looked at by nobody."""
    visitors = {role: open_page(browser) for role in ROLES}
    for role, page in visitors.items():
        sign_in(page, portal.url, ROLES[role])
    unseen = [
        name
        for name, paths in addresses(portal).items()
        if not any(
            page.request.get(portal.url + path).status == 200
            for path in paths
            for page in visitors.values()
        )
    ]
    for page in visitors.values():
        page.context.close()
    assert unseen == []
