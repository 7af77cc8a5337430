"""When a form can be answered, and how many answers it takes."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forms_app.models import FormDefinition, FormOpening, FormVersion, Submission
from people.models import User


class State(StrEnum):
    """How a form stands towards one person."""

    OPEN = "open"
    PAUSED = "paused"
    NOT_YET = "not yet"
    CLOSED = "closed"
    FULL = "full"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Terms:
    """What has been decided about a form's opening."""

    opens_at: datetime.datetime | None = None
    closes_at: datetime.datetime | None = None
    answer_limit: int | None = None
    answers_per_person: int | None = None
    #: Why nothing is taken in just now; empty when it is.
    paused: str = ""


@dataclass(frozen=True)
class Standing:
    """Whether a form can be answered now, and what that looks like in words."""

    state: State
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Whether an answer is taken in now."""
        return self.state is State.OPEN


class FormClosed(Exception):
    """The form takes no answer from this person now."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.words)
        self.standing = standing
        self.message = standing.words


OPEN = Standing(State.OPEN)


def standing(terms: Terms, *, now: datetime.datetime, answers: int, own: int) -> Standing:
    """How the form stands; pure.

    :param answers: how many have been given in all.
    :param own: how many of them by the person who asks.
    """
    if terms.paused:
        return Standing(
            State.PAUSED, _("The form is paused: %(why)s") % {"why": terms.paused.rstrip(".") + "."}
        )
    if terms.opens_at and now < terms.opens_at:
        return Standing(
            State.NOT_YET, _("The form opens %(when)s.") % {"when": _when(terms.opens_at)}
        )
    if terms.closes_at and now >= terms.closes_at:
        return Standing(
            State.CLOSED, _("The form is closed since %(when)s.") % {"when": _when(terms.closes_at)}
        )
    if terms.answers_per_person and own >= terms.answers_per_person:
        return Standing(
            State.ANSWERED,
            _("You have already sent as many answers as one person may send."),
        )
    if terms.answer_limit and answers >= terms.answer_limit:
        return Standing(State.FULL, _("The form is closed: all answers it takes have come in."))
    if terms.closes_at:
        return Standing(
            State.OPEN,
            _("The form is open until %(when)s.") % {"when": _when(terms.closes_at)},
        )
    return OPEN


def terms_of(definition_id: int) -> Terms:
    """What holds for a form; nothing decided means always open."""
    return _terms(FormOpening.objects.filter(definition=definition_id).first())


def standing_of(definition: FormDefinition | int, user: User) -> Standing:
    """How a form stands now towards the user; at most three queries."""
    definition_id = definition if isinstance(definition, int) else definition.pk
    return _standing(terms_of(definition_id), definition_id, user)


def ensure_open(version: FormVersion, user: User, *, replaces: Submission | None) -> None:
    """Refuse an answer that the form does not take; needs a transaction.

    The opening's row is locked until the caller commits, so of those who hand in
    together only as many get through as there are answers left. An answer that
    completes an earlier one has been asked for, and is always taken.

    :raises FormClosed: with words for the page.
    """
    if replaces is not None:
        return
    found = FormOpening.objects.select_for_update().filter(definition=version.definition_id).first()
    now = _standing(_terms(found), version.definition_id, user)
    if not now.is_open:
        raise FormClosed(now)


def _terms(opening: FormOpening | None) -> Terms:
    if opening is None:
        return Terms()
    return Terms(
        opening.opens_at,
        opening.closes_at,
        opening.answer_limit,
        opening.answers_per_person,
        opening.paused_words.strip(),
    )


def _standing(terms: Terms, definition_id: int, user: User) -> Standing:
    given = Submission.objects.filter(version__definition=definition_id, replaces=None)
    return standing(
        terms,
        now=timezone.now(),
        answers=given.count() if terms.answer_limit else 0,
        own=given.filter(submitted_by=user).count() if terms.answers_per_person else 0,
    )


def _when(moment: datetime.datetime) -> str:
    """2027-03-01 kl. 9.00, in local time."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'Y-m-d')} kl. {local.hour}.{local:%M}"
