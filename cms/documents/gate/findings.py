"""What the gate can find: each with words, a requirement it rests on, and what lets it pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Passing(Enum):
    """What it takes to publish in spite of a finding."""

    # Nothing: it is only told.
    TOLD = auto()
    # A web page with the same content, or a reason.
    ALTERNATIVE = auto()
    # A reason of whoever asks.
    REASON = auto()
    # A reason of whoever asks, and another of the second person.
    TWO_REASONS = auto()
    # It cannot be published as it is.
    NEVER = auto()


@dataclass(frozen=True)
class Kind:
    """One kind of finding."""

    title: str | Promise
    advice: str | Promise
    passing: Passing
    standard: str = ""


@dataclass(frozen=True)
class Finding:
    """A kind that was found, and where in the file; never the found thing itself."""

    code: str
    places: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Its words and its weight."""
        return KINDS[self.code]

    def stored(self) -> dict[str, object]:
        """As a row keeps it."""
        return {"code": self.code, "places": list(self.places)}


MOST_PLACES = 12

KINDS: dict[str, Kind] = {
    "unreadable": Kind(
        _("The file cannot be read by the gate"),
        _("Open it, save it again without a password, and put up the new file."),
        Passing.NEVER,
    ),
    "too_large": Kind(
        _("The file unpacks to more than can be checked"),
        _("Divide it into smaller files, or take large pictures out."),
        Passing.NEVER,
    ),
    "secret": Kind(
        _("The document is secret until the award decision"),
        _(
            "Tenders and their evaluation may not be public before the award (OSL 19:3). "
            "Record the award first."
        ),
        Passing.NEVER,
        "OSL 19:3",
    ),
    "not_announced": Kind(
        _("The procurement has not been announced"),
        _("The document becomes public when the procurement is announced, and not before."),
        Passing.TOLD,
    ),
    "record_number": Kind(
        _("The record number is missing"),
        _("Write the number under which the document is registered."),
        Passing.REASON,
        "OSL 5:2",
    ),
    "embargo": Kind(
        _("The document is held back"),
        _("It becomes public by itself at the time that is set, if it is approved."),
        Passing.TOLD,
    ),
    "pdf_tags": Kind(
        _("The PDF has no tags"),
        _(
            "Who listens to it gets no headings, lists or tables. Make the file again with "
            "«accessible PDF» chosen, or link a web page with the same content."
        ),
        Passing.ALTERNATIVE,
        "WCAG 1.3.1 · PDF/UA-1 7.1",
    ),
    "pdf_title": Kind(
        _("The PDF has no title that readers are shown"),
        _("Write a title in the file's properties and choose that it is shown."),
        Passing.ALTERNATIVE,
        "WCAG 2.4.2 · PDF/UA-1 7.1",
    ),
    "pdf_language": Kind(
        _("The PDF does not say its language"),
        _("Choose the language in the file's properties, so that it is read out right."),
        Passing.ALTERNATIVE,
        "WCAG 3.1.1 · PDF/UA-1 7.2",
    ),
    "pdf_text": Kind(
        _("Pages are pictures without text"),
        _("Make the file from the original instead of scanning it, or let it recognise the text."),
        Passing.ALTERNATIVE,
        "WCAG 1.4.5 · PDF/UA-1 7.1",
    ),
    "pdf_pictures": Kind(
        _("Pictures lack a text instead"),
        _("Write what each picture shows, or mark it as decoration."),
        Passing.ALTERNATIVE,
        "WCAG 1.1.1 · PDF/UA-1 7.3",
    ),
    "office_title": Kind(
        _("The file has no title in its properties"),
        _("Write a title in the file's properties."),
        Passing.ALTERNATIVE,
        "WCAG 2.4.2",
    ),
    "personal_number": Kind(
        _("There are personal identity numbers"),
        _(
            "Take them out. If they must be there, whoever asks and whoever approves each write "
            "why."
        ),
        Passing.TWO_REASONS,
        "GDPR art. 87 · lag (2018:218) 3 kap. 10 §",
    ),
    "email": Kind(
        _("There are e-mail addresses"),
        _("Take out addresses of persons. Addresses of functions may stay, with a reason."),
        Passing.REASON,
        "GDPR art. 5.1 c",
    ),
    "author": Kind(
        _("The properties name a person"),
        _("Clear the file's properties of author and of who saved it last."),
        Passing.REASON,
        "GDPR art. 5.1 c",
    ),
    "comments": Kind(
        _("There are comments in the file"),
        _("Delete the comments and save again."),
        Passing.REASON,
        "GDPR art. 5.1 c",
    ),
    "changes": Kind(
        _("Tracked changes are left in the file"),
        _("Accept or reject the changes, switch tracking off and save again."),
        Passing.REASON,
        "GDPR art. 5.1 c",
    ),
    "hidden": Kind(
        _("There are hidden sheets or slides"),
        _("Show them and look, then delete what nobody is to read."),
        Passing.REASON,
        "GDPR art. 5.1 c",
    ),
}


def gathered(found: Iterable[tuple[str, str]]) -> list[Finding]:
    """One finding a kind, with its first places, in the order of the kinds."""
    places: dict[str, list[str]] = {}
    for code, place in found:
        known = places.setdefault(code, [])
        if place and place not in known and len(known) <= MOST_PLACES:
            known.append(place)
    return [
        Finding(
            code, (*places[code][:MOST_PLACES], *(["…"] if len(places[code]) > MOST_PLACES else []))
        )
        for code in KINDS
        if code in places
    ]
