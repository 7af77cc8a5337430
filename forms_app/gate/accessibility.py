"""What in a form's own words shuts people out; each finding names its WCAG 2.2 criterion.

The portal's templates see to markup, contrast and focus. What is left to whoever builds
is the words, and those are read here, in Swedish and in English.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from forms_app.gate.base import Finding, Level, Place
from forms_app.schema import FormSchema

LONGEST_LABEL = 120
LONGEST_HELP = 400
MOST_QUESTIONS = 12

#: «Fält 1», «Fråga», «Rubrik 3», «Text»: says where it stands, not what it asks.
EMPTY_TITLE = re.compile(
    r"(?:fält|fråga|text|rubrik|steg|sida|del|avsnitt|etikett|titel|alternativ|val|svar|övrigt fält"
    r"|field|question|label|heading|step|page|section|option|choice|untitled|namnlös|test|xxx+|asdf\w*"
    r"|lorem ipsum.*)?[\s.:#_*-]*\d*[\s.:?!*_-]*",
    re.IGNORECASE,
)
_PART = r"(?:knapp|fält|ruta|rutor|text|markering|länk|pil|ikon|symbol|rad|button|field|box|link)"
_COLOUR = (
    r"\b(?:röd|röda|rött|grön|gröna|grönt|blå|blåa|blått|gul|gula|gult|orange|orangea|grå|gråa|grått"
    r"|lila|rosa|svart|svarta|vit|vita|red|green|blue|yellow)(?:markera\w*|färgad\w*)?\b"
)
_PLACE = (
    r"\b(?:till höger|till vänster|ovanför|nedanför|längst (?:ner|ned|upp)|to the (?:right|left))\b"
)
BY_COLOUR = re.compile(
    rf"{_COLOUR}(?:\W+\w+){{0,3}}?\W+\w*{_PART}\w*|\w*{_PART}\w*(?:\W+\w+){{0,3}}?\W+{_COLOUR}"
    r"|\bröd(?:a|t)?markera\w*|\bgrönmarkera\w*|\bgulmarkera\w*",
    re.IGNORECASE,
)
BY_PLACE = re.compile(
    rf"\w*{_PART}\w*(?:\W+\w+){{0,4}}?\W+{_PLACE}|{_PLACE}(?:\W+\w+){{0,4}}?\W+\w*{_PART}\w*"
    r"|\b(?:runda|fyrkantiga|stora|lilla|round|square) (?:knapp|button)\w*",
    re.IGNORECASE,
)
CLICK_HERE = re.compile(r"\b(?:klicka|tryck) här\b|\b(?:click|press) here\b", re.IGNORECASE)
READ_MORE = re.compile(r"\bläs mer(?: här)?\b(?!\s+(?:om|på|i)\b)|\bread more\b", re.IGNORECASE)
ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)
MARKUP = re.compile(r"</?[a-z][^>]*>|\*\*\S|^#{1,6}\s", re.IGNORECASE | re.MULTILINE)
#: What someone is asked about themselves, and the name browsers know it by.
OWN = re.compile(r"\b(?:din|ditt|dina|your)\b", re.IGNORECASE)
FILLED_IN = {
    "name": re.compile(r"\b(?:namn|för- och efternamn|name)\b", re.IGNORECASE),
    "email": re.compile(r"\be-?post|\bmejl|\bmail", re.IGNORECASE),
    "tel": re.compile(r"\b(?:telefon|mobil|phone)", re.IGNORECASE),
    "street-address": re.compile(r"\b(?:gatuadress|postadress|hemadress)", re.IGNORECASE),
    "postal-code": re.compile(r"\bpostn(?:umme)?r", re.IGNORECASE),
}


def of_form(schema: FormSchema) -> Iterator[Finding]:
    """What the form's and the steps' own texts say."""
    for rule, level, message in _texts(_("the form's introduction"), schema.introduction):
        yield Finding(level, rule, message)
    titles: dict[str, int] = {}
    for at, step in enumerate(schema.steps):
        if EMPTY_TITLE.fullmatch(step.title.strip()):
            yield Finding(
                Level.ERROR,
                "WCAG 2.4.6",
                _("The step «%(title)s» needs a title that says what it is about.")
                % {"title": step.title},
                at,
            )
        elif _folded(step.title) in titles:
            yield Finding(
                Level.ERROR,
                "WCAG 2.4.6",
                _("Two steps are called «%(title)s». Give one of them another title.")
                % {"title": step.title},
                at,
            )
        titles.setdefault(_folded(step.title), at)
        if len(step.fields) > MOST_QUESTIONS:
            yield Finding(
                Level.ADVICE,
                "WCAG 2.4.6",
                _("The step «%(title)s» has %(number)s questions. Consider splitting it.")
                % {"title": step.title, "number": len(step.fields)},
                at,
            )
        for text in (step.title, step.description):
            for rule, level, message in _texts(step.title, text):
                yield Finding(level, rule, message, at)


def of_questions(places: Sequence[Place]) -> Iterator[Finding]:
    """What the questions' texts say, alone and together."""
    yield from _same_label(places)
    for place in places:
        yield from _label(place)
        yield from _choices(place)
        yield from _filled_in(place)
        yield from _limits(place)
        for text in (place.schema.label, place.schema.help):
            for rule, level, message in _texts(place.schema.label, text):
                yield Finding(level, rule, message, place.step, place.field)


def _same_label(places: Iterable[Place]) -> Iterator[Finding]:
    by_label: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.schema.label.strip():
            by_label[_folded(place.schema.label)].append(place)
    for same in by_label.values():
        for place in same[1:]:
            words = {"label": place.schema.label}
            if place.step == same[0].step:
                yield place.error(
                    "WCAG 3.3.2",
                    _("Two questions on one page are called «%(label)s». Tell them apart.") % words,
                )
            else:
                yield place.advice(
                    "WCAG 2.4.6",
                    _("«%(label)s» is also asked in another step. Tell the two apart.") % words,
                )


def _label(place: Place) -> Iterator[Finding]:
    label = place.schema.label.strip()
    words = {"label": label, "key": place.schema.key, "limit": LONGEST_LABEL}
    if not label:
        yield place.error(
            "WCAG 3.3.2", _("The question with the key «%(key)s» has no text.") % words
        )
    elif EMPTY_TITLE.fullmatch(label):
        yield place.error(
            "WCAG 2.4.6", _("«%(label)s» does not say what is asked. Write the question.") % words
        )
    if len(label) > LONGEST_LABEL:
        yield place.advice(
            "WCAG 2.4.6",
            _("«%(label)s» is longer than %(limit)s characters. Move some of it to the help text.")
            % words,
        )
    if label.endswith("*"):
        yield place.advice(
            "WCAG 3.3.2",
            _("«%(label)s» ends with a star. The portal says itself what must be answered.")
            % words,
        )
    if len(place.schema.help) > LONGEST_HELP:
        yield place.advice(
            "WCAG 3.3.2",
            _("The help text of «%(label)s» is long. It is read aloud each time.") % words,
        )


def _choices(place: Place) -> Iterator[Finding]:
    seen: set[str] = set()
    for choice in place.schema.choices:
        words = {"label": place.schema.label, "choice": choice.label}
        text = choice.label.strip()
        # A number alone is a fine choice, such as a year or a rank.
        if not text or (EMPTY_TITLE.fullmatch(text) and not re.fullmatch(r"[\d\s+–-]+", text)):
            yield place.error(
                "WCAG 2.4.6",
                _("The choice «%(choice)s» of «%(label)s» does not say what it means.") % words,
            )
        elif _folded(text) in seen:
            yield place.error(
                "WCAG 3.3.2", _("«%(label)s» has two choices that read «%(choice)s».") % words
            )
        seen.add(_folded(text))


def _filled_in(place: Place) -> Iterator[Finding]:
    field = place.schema
    if field.autocomplete or field.kind not in ("text", "email"):
        return
    asked = next((name for name, words in FILLED_IN.items() if words.search(field.label)), "")
    if field.kind == "email":
        asked = "email"
    if not asked:
        return
    if OWN.search(field.label):
        yield place.error(
            "WCAG 1.3.5",
            _(
                "«%(label)s» asks the person about themselves. Choose what the browser may fill in,"
                " under «the browser may fill in»."
            )
            % {"label": field.label},
        )
    else:
        yield place.advice(
            "WCAG 1.3.5",
            _(
                "Say for «%(label)s» whether the browser may fill it in, or that it is about"
                " someone else."
            )
            % {"label": field.label},
        )


def _limits(place: Place) -> Iterator[Finding]:
    """A limit that is met first as an error should have been said before (3.3.2)."""
    field = place.schema
    said = f"{field.label} {field.help}"
    for limit in (field.minimum, field.maximum):
        if limit is not None and limit not in said and not _goes_without_saying(limit):
            yield place.advice(
                "WCAG 3.3.2",
                _("Say in the help text of «%(label)s» that the limit is %(limit)s.")
                % {"label": field.label, "limit": limit},
            )


def _goes_without_saying(limit: str) -> bool:
    """«More than nothing» and a row of nines are met by nobody who answers in earnest."""
    return limit in ("0", "1", "0.01") or re.fullmatch(r"9{4,}(?:\.9+)?", limit) is not None


def _texts(owner: str, text: str) -> Iterator[tuple[str, Level, str]]:
    """What any text may say that only some can see, hear or follow."""
    words = {"owner": owner}
    if found := BY_COLOUR.search(text):
        yield (
            "WCAG 1.4.1",
            Level.ERROR,
            _("«%(owner)s» points out something by its colour («%(text)s»). Say what it is called.")
            % {**words, "text": found.group()},
        )
    if found := BY_PLACE.search(text):
        yield (
            "WCAG 1.3.3",
            Level.ERROR,
            _(
                "«%(owner)s» points out something by its place or shape («%(text)s»)."
                " Say what it is called."
            )
            % {**words, "text": found.group()},
        )
    if found := CLICK_HERE.search(text):
        yield (
            "WCAG 2.4.4",
            Level.ERROR,
            _("«%(owner)s» says «%(text)s». Say what the link leads to.")
            % {**words, "text": found.group()},
        )
    if found := READ_MORE.search(text) or ADDRESS.search(text):
        yield (
            "WCAG 2.4.4",
            Level.ADVICE,
            _("«%(owner)s» says «%(text)s». Say what can be read, and where.")
            % {**words, "text": found.group()},
        )
    if found := MARKUP.search(text):
        yield (
            "WCAG 1.3.1",
            Level.ERROR,
            _("«%(owner)s» holds markup («%(text)s»), which is read aloud as it stands.")
            % {**words, "text": found.group()},
        )
    if _shouts(text):
        yield (
            "WCAG 3.1.5",
            Level.ADVICE,
            _("«%(owner)s» is written in capitals. Small letters are easier to read.") % words,
        )


def _shouts(text: str) -> bool:
    """All capitals; an abbreviation alone is not shouting."""
    letters = [one for one in text if one.isalpha()]
    return len(letters) > 7 and all(one.isupper() for one in letters)


def _folded(text: str) -> str:
    return " ".join(text.split()).strip(" :?*.").casefold()
