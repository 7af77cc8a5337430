"""Questions that seem to ask for personal data: what they need before they may be asked.

The words are Swedish stems, compared without dots and rings, so that a key such as
«halsa» is read as «hälsa». A stem is a hint and can be wrong: whoever builds may say
that a question is not about a person, and why.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forms_app.care import LEGAL_BASES, NOT_PERSONAL, SENSITIVE_BASES
from forms_app.gate.base import Finding, Place
from forms_app.schema import FieldSchema


@dataclass(frozen=True)
class Category:
    """One sort of personal data, and the stems that give it away."""

    key: str
    words: str | Promise
    pattern: re.Pattern[str]
    sensitive: bool = True


def _stems(*stems: str) -> re.Pattern[str]:
    """Words that begin with a stem; one with a full stop must end there too."""
    ends = (f"{re.escape(one[:-1])}\\b" if one.endswith(".") else re.escape(one) for one in stems)
    return re.compile(rf"\b(?:{'|'.join(ends)})")


IDENTITY = Category(
    "identity",
    gettext_lazy("personal identity numbers"),
    _stems(
        "personnummer", "personnr", "person nr.", "person nummer", "pnr.", "samordningsnummer",
        "samordningsnr", "fodelsenummer", "personal identity n", "ssn.",
    ),
    sensitive=False,
)  # fmt: skip
CATEGORIES = (
    Category(
        "health",
        gettext_lazy("health"),
        _stems(
            "halsa.", "halsotillstand", "halsouppgift", "halsoproblem", "halsoprofil", "ohalsa", "sjuk", "diagnos",
            "funktionsneds", "funktionshind", "funktionsvari", "funktionsforhindr", "handikapp",
            "medicin", "lakar", "allergi", "gravid", "missbruk", "beroendeproblem", "psykisk",
            "psykiat", "rehab", "vardbehov", "specialkost", "matallerg", "synneds", "horselneds",
            "adhd.", "autism", "neuropsyk", "npf.", "utmattning", "skada.", "skador.", "lakemedel",
            "vaccin", "health", "disab", "illness",
        ),
    ),
    Category(
        "union",
        gettext_lazy("trade union membership"),
        _stems(
            "facklig", "fackfor", "fackmed", "fack.", "facket.", "kommunal forbund", "trade union"
        ),
    ),
    Category(
        "religion",
        gettext_lazy("religion or belief"),
        _stems(
            "relig", "trosupp", "trossamf", "samfund", "kyrkotillh", "livsaskad",
            "konfession", "gudstj", "faith",
        ),
    ),
    Category(
        "ethnicity",
        gettext_lazy("ethnic origin"),
        _stems(
            "etni", "ursprung.", "ursprungsland", "harkomst", "hudfarg", "ras.", "folkgrupp",
            "nationell minoritet", "minoritetstill", "fodelseland", "fodd utomlands",
            "utrikes fodd", "utlandsk bakgrund", "ethnic",
        ),
    ),
    Category(
        "politics",
        gettext_lazy("political opinions"),
        _stems(
            "politisk asikt", "politiska asikt", "politisk tillh", "politiskt", "politisk hemvist",
            "partitillh", "partimed", "politiskt parti", "rostar.", "rostat.", "valjer parti",
            "political",
        ),
    ),
    Category(
        "sexual life",
        gettext_lazy("sexual life or orientation"),
        _stems("sexuell", "sexualliv", "hbtq", "laggning", "konsoverskr", "konsidentit", "transperson"),
    ),
    Category(
        "biometric",
        gettext_lazy("biometric or genetic data"),
        _stems(
            "biometr", "fingeravtr", "ansiktsigen", "ansiktsgeom", "irisskan", "rostavtr", "genetisk",
            "dna.", "arvsanlag", "blodgrupp",
        ),
    ),
    Category(
        "crime",
        gettext_lazy("offences (article 10)"),
        _stems("brottsl", "belastningsreg", "domd.", "lagovertr", "polisanm"),
        sensitive=False,
    ),
    Category(
        "contact",
        gettext_lazy("personal data"),
        _stems(
            "namn.", "fornamn", "efternamn", "telefon", "mobiln", "adress.", "adressen.", "hemadress", "gatuadress",
            "e post", "epost", "mejladr", "mailadr", "fodelse", "fodd.", "alder.", "kon.", "anhorig", "civilstand",
            "medborgarsk", "modersmal", "lon.", "foto.", "portratt", "anstallningsnummer", "tjanstenummer",
        ),
        sensitive=False,
    ),
)  # fmt: skip
#: A sentence that asks for something not to be written asks for nothing.
NEGATED = re.compile(r"\b(?:inga|inget|ingen|inte|ej|aldrig|utan|undvik|not|no|never)\b")
#: Kinds in which anything can be typed.
TYPED = frozenset({"text", "long_text", "number", "email", "date"})


def category_of(field: FieldSchema) -> Category | None:
    """The most sensitive sort of personal data that the question seems to ask for."""
    text = _asked(field)
    if IDENTITY.pattern.search(text):
        return IDENTITY
    for category in CATEGORIES:
        if category.pattern.search(text):
            return category
    return CATEGORIES[-1] if field.kind in ("person", "email") else None


def _told_by_choosing(field: FieldSchema) -> Iterator[tuple[str, Category]]:
    """Alternatives that would tell something about whoever chooses them.

    That somebody would rather be reached by telephone tells nothing: only what is
    sensitive, and offences, are looked for in alternatives.
    """
    for choice in field.choices:
        text = _plain(choice.label)
        if NEGATED.search(text):
            continue
        for category in CATEGORIES[:-1]:
            if category.pattern.search(text):
                yield choice.label, category
                break


def _of_choices(place: Place) -> Iterator[Finding]:
    """Advice, since an alternative can just as well name a line of work."""
    if place.schema.privacy.legal_basis:
        return
    for choice, category in _told_by_choosing(place.schema):
        yield place.advice(
            "GDPR 9" if category.sensitive else "GDPR 6",
            _(
                "The alternative «%(choice)s» of «%(label)s» sounds like %(category)s. If it tells"
                " something about a person, write the purpose and the legal basis."
            )
            % {"choice": choice, "label": place.schema.label, "category": category.words},
        )


def of_questions(places: Iterable[Place]) -> Iterator[Finding]:
    """What each question lacks."""
    for place in places:
        category = category_of(place.schema)
        if category is not None:
            yield from _lacks(place, category)
            continue
        yield from _of_choices(place)
        if place.schema.privacy.legal_basis and not place.schema.privacy.purpose:
            yield place.error("GDPR 13", _no_purpose(place, _("personal data")))


def _lacks(place: Place, category: Category) -> Iterator[Finding]:
    field, privacy = place.schema, place.schema.privacy
    words = {"label": field.label, "category": category.words}
    if category is IDENTITY and field.kind in TYPED:
        yield place.error(
            "GDPR 87",
            _(
                "«%(label)s» seems to ask for personal identity numbers. They are never typed in an"
                " answer: ask with a question of the kind «person», whose number lies in the vault."
            )
            % words,
        )
        return
    if not privacy.purpose:
        yield place.error("GDPR 13", _no_purpose(place, str(category.words)))
    if privacy.legal_basis == NOT_PERSONAL and field.kind not in ("person", "email"):
        yield place.advice(
            "GDPR 6",
            _(
                "«%(label)s» sounds like %(category)s, but you have said that it is not about a"
                " person."
            )
            % words,
        )
        return
    if privacy.legal_basis not in LEGAL_BASES or privacy.legal_basis == NOT_PERSONAL:
        yield place.error(
            "GDPR 6",
            _("«%(label)s» asks for %(category)s. Choose the legal basis.") % words,
        )
    if category.sensitive and privacy.sensitive_basis not in SENSITIVE_BASES:
        yield place.error(
            "GDPR 9",
            _(
                "«%(label)s» asks for %(category)s, which is sensitive. Choose the exception in"
                " article 9 that allows it, or take the question away."
            )
            % words,
        )


def _no_purpose(place: Place, category: str) -> str:
    return _("«%(label)s» asks for %(category)s. Write what the answer is used for.") % {
        "label": place.schema.label,
        "category": category,
    }


def _asked(field: FieldSchema) -> str:
    """Label, help and key as one plain text, without what is asked not to be written."""
    sentences = re.split(r"[.!?\n;]+", f"{field.label}\n{field.help}\n{field.key}")
    # A question put in the negative still asks.
    kept = [
        one for at, one in enumerate(sentences) if at == 0 or not NEGATED.search(one.casefold())
    ]
    return _plain("\n".join(kept))


def _plain(words: str) -> str:
    """Small letters without dots and rings, and words apart."""
    text = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(one for one in text if not unicodedata.combining(one))
    return re.sub(r"[_\-–/]+", " ", plain)
