"""The answer as a document for reading and as data for machines."""

import json
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.evidence.document import Document, Entry, Facts, Note, Section
from reports.evidence.document import Row as Line
from reports.evidence.words import moment
from reports.my_data.collect import Holding, Told

LANGUAGES = ("sv", "en")


def as_json(holding: Holding) -> bytes:
    """Everything, machine-readable; personal identity numbers masked."""
    plain: dict[str, Any] = {
        "made_at": holding.made_at.isoformat(),
        "person": holding.person.public_id,
        "personal_identity_number": holding.identity,
        "held": {group.key: [row.data for row in group.rows] for group in holding.groups},
        "history": [_event(told) for told in holding.events],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1, default=str).encode()


def _event(told: Told) -> dict[str, Any]:
    event = told.event
    return {
        "at": event.operation.at.isoformat(),
        "who": told.who,
        "what": event.words,
        "why": event.operation.reason,
        "changes": [
            {
                "what": change.what,
                "fields": [
                    {"field": each.label, "before": each.before, "after": each.after}
                    for each in change.differences
                ],
            }
            for change in event.changes
        ],
    }


def _why(told: Told) -> list[Line]:
    reason = told.event.operation.reason
    return [Line(_("Why"), reason)] if reason else []


def as_document(holding: Holding) -> Document:
    """Everything, to be read or printed."""
    language = get_language() or "sv"
    sections = [
        Section(
            f"{group.title[:1].upper()}{group.title[1:]} ({len(group.rows)})",
            [Facts([Line(label, value) for label, value in row.pairs]) for row in group.rows],
        )
        for group in holding.groups
    ]
    entries = [
        Entry(
            title=told.event.words,
            rows=[
                Line(_("When"), moment(told.event.operation.at)),
                Line(_("Who"), told.who),
                *_why(told),
            ],
        )
        for told in holding.events
    ]
    return Document(
        title=_("What the portal knows about me"),
        kicker="",
        heading=_("What the portal knows about me"),
        lead=moment(holding.made_at),
        language=language if language in LANGUAGES else "sv",
        sections=[
            Section(
                _("Personal identity number"),
                [Note(holding.identity or _("None is kept."))],
            ),
            *(
                [Section(_("What is erased by itself"), [Note(text) for text in holding.keeping])]
                if holding.keeping
                else []
            ),
            *sections,
            Section(_("What has happened"), entries or [Note(_("Nothing yet."))]),
        ],
    )
