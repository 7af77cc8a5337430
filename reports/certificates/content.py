"""What a certificate says: facts that are frozen when it is issued, and the words it prints.

Everything that is printed is kept in the row, the words and the address of the check
page too, so the same file can be made again whatever happens to names, courses or
translations afterwards (B2, 4.13).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from core.figures import hours

LANGUAGE = "sv"


@dataclass(frozen=True)
class Line:
    """The hours of one day's occasion."""

    day: str
    activity: str
    minutes: int


@dataclass(frozen=True)
class Facts:
    """What is certified; the same facts again mean that the certificate still holds."""

    kind: str
    name: str
    # Masked, and only when a dated setting says that it is printed.
    identity: str
    employer: str
    organisation_number: str
    project: str
    record_number: str
    course: str
    # The first day of the month; empty for a course.
    month: str
    lines: tuple[Line, ...]
    # Of a course: from, to.
    started_on: str = ""
    ended_on: str = ""
    # Of a month: how and when the participant attested, and when it was checked.
    attested_on: str = ""
    attested_how: str = ""
    checked_on: str = ""

    @property
    def minutes(self) -> int:
        """The sum."""
        return sum(line.minutes for line in self.lines)

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return dict(json.loads(json.dumps(asdict(self))))


def check_address(code: str) -> str:
    """Where anyone can see whether the certificate is valid."""
    base = str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")
    return base + reverse("certificates:check", args=[code])


def content_of(facts: Facts, *, code: str, issued_on: str) -> dict[str, Any]:
    """Everything that is kept: the facts to compare with, and every word that is printed."""
    with translation.override(LANGUAGE):
        return {"facts": facts.plain(), "print": _printed(facts, code, issued_on)}


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content in its one canonical form."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _printed(facts: Facts, code: str, issued_on: str) -> dict[str, Any]:
    month = facts.kind == "month"
    title = _("Certificate of attendance") if month else _("Course certificate")
    return {
        "code": code,
        "title": title,
        "lead": _lead(facts, month),
        "facts": [{"label": label, "value": value} for label, value in _rows(facts) if value],
        "head": [_("Date"), _("Activity"), _("Time")],
        "lines": [[line.day, line.activity, hours(line.minutes)] for line in facts.lines],
        "sum": [_("Sum"), "", hours(facts.minutes)],
        "notes": _notes(facts),
        "signatures": _signatures(month),
        "check": {
            "title": _("Is the certificate valid?"),
            "text": _("Scan the code or open the address. The page says whether it is valid."),
            "address": check_address(code),
            "alt": _("QR code that leads to %(address)s") % {"address": check_address(code)},
        },
        "issued": _("Issued %(day)s") % {"day": issued_on},
        "page-word": _("Page"),
        "of-word": _("of"),
        "emblem-alt": _("Co-funded by the European Union"),
        "author": str(settings.WAGTAIL_SITE_NAME),
    }


def _lead(facts: Facts, month: bool) -> str:
    if month:
        return _("The hours below are counted from the attendance of each occasion.")
    return _("The participant has completed the course.")


def _rows(facts: Facts) -> Sequence[tuple[str, str]]:
    return [
        (_("Participant"), facts.name),
        (_("Personal identity number"), facts.identity),
        (_("Employer"), facts.employer),
        (_("The employer's organisation number"), facts.organisation_number),
        (_("Project"), facts.project),
        (_("Record number"), facts.record_number),
        (_("Month"), month_words(facts.month)),
        (_("Course"), facts.course),
        (_("From"), facts.started_on),
        (_("To"), facts.ended_on),
        (_("Hours in all"), hours(facts.minutes)),
    ]


def month_words(first_day: str) -> str:
    """«mars 2026» of 2026-03-01."""
    if not first_day:
        return ""
    year, month, _day = first_day.split("-")
    return f"{MONTHS[int(month)]} {year}"


def _notes(facts: Facts) -> list[str]:
    notes = []
    if facts.attested_on:
        notes.append(
            _("Attested by the participant %(how)s on %(day)s.")
            % {"how": facts.attested_how, "day": facts.attested_on}
        )
    if facts.checked_on:
        notes.append(
            _("Checked by the project on %(day)s, by someone other than who registered it.")
            % {"day": facts.checked_on}
        )
    return notes


def _signatures(month: bool) -> list[dict[str, str]]:
    who = [_("Participant"), _("Nearest manager")] if month else [_("For the project")]
    return [
        {"who": each, "date": _("Place and date"), "name": _("Signature and name in print")}
        for each in who
    ]
