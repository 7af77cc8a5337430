"""An answer as a PDF: the questions as they were put, and what proves which they were."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import pdf
from core.templatetags.portal import iso
from forms_app import answers
from forms_app.models import Submission
from forms_app.promises import keeping
from forms_app.schema import FormSchema
from people.models import User


def printed(submission: Submission, viewer: User, *, at: datetime.datetime) -> bytes:
    """The PDF, with persons masked as the viewer may see them.

    The same answer printed by the same person at the same moment gives the same bytes.
    """
    schema = FormSchema.from_plain(submission.version.schema)
    title = schema.name or submission.version.definition.name
    data = {
        "title": f"{title} – {submission.public_id}",
        "author": settings.WAGTAIL_SITE_NAME,
        "keywords": submission.digest,
        "language": get_language() or settings.LANGUAGE_CODE,
        "running": title,
        "kicker": _("Answer to version %(number)s") % {"number": submission.version.number},
        "heading": title,
        "lead": schema.introduction,
        "sections": [*_answers(submission, viewer), _about(submission, schema)],
        "foot": [
            f"{_('Reference')} {submission.public_id}",
            _("Printed %(when)s") % {"when": iso(at)},
        ],
        "page-word": _("Page"),
        "of-word": _("of"),
        "emblem-alt": _("Co-funded by the European Union"),
        "attachments": [],
    }
    return pdf.render("document", data, made_at=at)


def _answers(submission: Submission, viewer: User) -> list[dict[str, Any]]:
    return [
        _section(group.title, [_facts([(row.label, row.value, row.note) for row in group.rows])])
        for group in answers.in_words(submission, viewer)
    ]


def _about(submission: Submission, schema: FormSchema) -> dict[str, Any]:
    version = submission.version
    rows = [
        (
            _("Sent"),
            _("%(when)s by %(who)s")
            % {
                "when": iso(submission.submitted_at),
                "who": submission.submitted_by.get_full_name(),
            },
            "",
        ),
        (
            _("Version of the questions"),
            _("%(number)s, published %(when)s by %(who)s")
            % {
                "number": version.number,
                "when": iso(version.published_at),
                "who": version.published_by_name,
            },
            "",
        ),
        (_("Reference"), submission.public_id, ""),
        (_("The version's fingerprint (SHA-256)"), version.digest, ""),
        (_("The answer's fingerprint (SHA-256)"), submission.digest, ""),
    ]
    kept = [
        (
            ", ".join(one.labels) or _("How long answers are kept"),
            one.words or _("Kept until further notice."),
            "",
        )
        for one in keeping(schema)
    ]
    return _section(_("About this answer"), [_facts([*rows, *kept])])


def _section(title: str, blocks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "blocks": list(blocks), "level": 2, "tag": "", "colour": "grey"}


def _facts(rows: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    plain = [{"label": label, "value": value, "note": note} for label, value, note in rows]
    return {"kind": "facts", "rows": plain}
