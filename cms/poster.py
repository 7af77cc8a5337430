"""The poster of the project: its name, what it is for, and the emblem of the Union."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.addresses import ABOUT
from core import pdf
from programme.models import Programme


def content(programme: Programme, language: str) -> dict[str, Any]:
    """What the poster says, in the language; the facts are the programme's own."""
    with override(language):
        owners = [str(o) for o in (programme.owner, programme.partner) if o is not None]
        return {
            "language": language,
            "title": programme.name,
            "author": ", ".join(owners),
            "keywords": programme.record_number,
            "running": programme.name,
            "foot": [
                _("Record number %(number)s") % {"number": programme.record_number},
            ],
            "page_word": "",
            "of_word": "",
            "emblem_alt": (
                "Co-funded by the European Union"
                if language == "en"
                else "Medfinansieras av Europeiska unionen"
            ),
            "aim": _(
                "Employees and managers in all district administrations are trained together,"
                " so that everyone who needs support meets staff who are secure in their work."
            ),
            "goals_title": _("The goals"),
            "goals": [str(goal["text"]) for goal in programme.goals],
            "support": _(
                "The project is supported by the European Social Fund Plus (%(fund)s)."
                " It runs from %(start)s to %(end)s."
            )
            % {
                "fund": programme.fund,
                "start": programme.starts_on.isoformat(),
                "end": programme.ends_on.isoformat(),
            },
            "owners": owners,
            "read_more": _("Read more"),
            "address": f"/{ABOUT}/",
            "number": _("Record number %(number)s") % {"number": programme.record_number},
        }


def poster(programme: Programme, *, language: str, made_at: datetime.datetime) -> bytes:
    """The poster as PDF/UA, in A3."""
    data = {key.replace("_", "-"): value for key, value in content(programme, language).items()}
    return pdf.render("poster", data, made_at=made_at)
