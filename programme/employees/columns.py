"""The columns of a list of employees: what they may be called, and how their cells are read."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import CharWidget, Widget

from people.models import Sex

#: Key and heading of each column, in the order of the template.
HEADINGS: Mapping[str, str | Promise] = {
    "administration": gettext_lazy("Administration"),
    "department": gettext_lazy("Department"),
    "unit": gettext_lazy("Unit"),
    "service_area": gettext_lazy("Service area"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "email": gettext_lazy("Work e-mail"),
    "identity": gettext_lazy("Personal identity number"),
    "job_role": gettext_lazy("Job role"),
    "is_manager": gettext_lazy("Manager"),
    "role": gettext_lazy("Role in the portal"),
    "sex": gettext_lazy("Sex"),
    "publicly_employed": gettext_lazy("Employed by the city"),
    "protected": gettext_lazy("Protected identity"),
}
#: What registers of employees call the same, besides our own headings.
_ALSO: Mapping[str, str] = {
    "förvaltning": "administration",
    "stadsdelsförvaltning": "administration",
    "avdelning": "department",
    "enhet": "unit",
    "verksamhetsområde": "service_area",
    "förnamn": "first_name",
    "tilltalsnamn": "first_name",
    "efternamn": "last_name",
    "e-post": "email",
    "epost": "email",
    "e-postadress": "email",
    "personnummer": "identity",
    "samordningsnummer": "identity",
    "yrkesroll": "job_role",
    "befattning": "job_role",
    "titel": "job_role",
    "chef": "is_manager",
    "roll": "role",
    "portalroll": "role",
    "kön": "sex",
    "anställd av staden": "publicly_employed",
    "skyddad identitet": "protected",
}
YES = frozenset({"ja", "j", "yes", "y", "x", "1", "sant", "true"})
NO = frozenset({"nej", "n", "no", "0", "falskt", "false"})
SEXES: Mapping[str, Sex] = {
    "kvinna": Sex.WOMAN,
    "k": Sex.WOMAN,
    "woman": Sex.WOMAN,
    "man": Sex.MAN,
    "m": Sex.MAN,
    "icke-binär": Sex.NON_BINARY,
    "non-binary": Sex.NON_BINARY,
}


def column_of(heading: str) -> str:
    """The key of the column with this heading; empty when it is none of ours."""
    written = " ".join(heading.split()).casefold()
    own = {str(words).casefold(): key for key, words in HEADINGS.items()}
    return own.get(written) or _ALSO.get(written, "")


class Text(CharWidget):
    """Text with single spaces; addresses are compared in lower case."""

    def __init__(self, *, lower: bool = False) -> None:
        super().__init__()
        self.lower = lower

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The text as it is kept."""
        text = " ".join(str(value).split())
        return text.lower() if self.lower else text


class YesNo(Widget):
    """Yes or no, in the words that lists use."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """:raises ValueError: with words, for anything else."""
        written = str(value).strip().casefold()
        if written in YES:
            return True
        if written in NO:
            return False
        raise ValueError(_("Write yes or no."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The word."""
        return _("yes") if value else _("no")


class SexWidget(Widget):
    """One of the three values that are counted."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """:raises ValueError: with the words that are known, for anything else."""
        found = SEXES.get(str(value).strip().casefold())
        if found is None:
            raise ValueError(_("Write kvinna, man or icke-binär."))
        return str(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The word; empty when it is not known."""
        return str(Sex(value).label) if value else ""
