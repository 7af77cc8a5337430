"""The document as a PDF that carries its own content with it."""

import datetime
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import pdf
from reports.evidence.document import Document
from reports.evidence.words import moment

ATTACHED = "underlag.json"


def printed(document: Document, *, at: datetime.datetime) -> bytes:
    """The PDF; the same document printed at the same moment gives the same bytes."""
    with translation.override(document.language):
        plain: dict[str, Any] = asdict(document)
        data = plain | {
            "author": settings.WAGTAIL_SITE_NAME,
            "keywords": document.digest,
            "running": document.title,
            "foot": [
                f"SHA-256 {document.digest}",
                _("Printed %s") % moment(at),
            ],
            "page-word": _("Page"),
            "of-word": _("of"),
            "emblem-alt": _("Co-funded by the European Union"),
            "attachments": [
                {
                    "name": ATTACHED,
                    "type": "application/json",
                    "description": _("The content that the digest is made of"),
                }
            ],
        }
    return pdf.render("document", data, made_at=at, attached={ATTACHED: document.canonical()})
