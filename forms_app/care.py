"""Why an answer is asked for and how long it is kept: frozen values and the rules over them; pure."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.erasure import ERASED, is_erased

#: Article 6: what makes it lawful to ask for personal data at all.
ORDINARY_BASES: dict[str, str | Promise] = {
    "6-1-a": gettext_lazy("Consent (article 6.1 a)"),
    "6-1-b": gettext_lazy("A contract with the person (article 6.1 b)"),
    "6-1-c": gettext_lazy("The law requires it (article 6.1 c)"),
    "6-1-d": gettext_lazy("To protect someone's life (article 6.1 d)"),
    "6-1-e": gettext_lazy("A task in the public interest (article 6.1 e)"),
}
#: Article 9: what makes it lawful to ask for sensitive data; the others are not enough.
SENSITIVE_BASES: dict[str, str | Promise] = {
    "9-2-a": gettext_lazy("Explicit consent (article 9.2 a)"),
    "9-2-b": gettext_lazy("The employer's duties in labour law (article 9.2 b)"),
    "9-2-c": gettext_lazy("To protect the life of someone who cannot consent (article 9.2 c)"),
    "9-2-g": gettext_lazy("An important public interest, by law (article 9.2 g)"),
    "9-2-h": gettext_lazy("Occupational health and social care (article 9.2 h)"),
    "9-2-j": gettext_lazy("Archives, research or statistics, by law (article 9.2 j)"),
}
#: Whoever builds says that the question is not about a person; the purpose says why.
NOT_PERSONAL = "none"
LEGAL_BASES: dict[str, str | Promise] = {
    **ORDINARY_BASES,
    NOT_PERSONAL: gettext_lazy("Not personal data: the question is not about a person"),
}

MAX_DAYS = 36_500


class CountedFrom(StrEnum):
    """The day that the time until deletion is counted from."""

    SUBMISSION = "submission"
    CLOSING = "closing"


COUNTED_FROM_WORDS = {
    CountedFrom.SUBMISSION: gettext_lazy("the day the answer was sent"),
    CountedFrom.CLOSING: gettext_lazy("the day the case was closed"),
}


@dataclass(frozen=True)
class Privacy:
    """Why personal data is asked for."""

    purpose: str = ""
    #: One of :data:`LEGAL_BASES`, and for sensitive data one of :data:`SENSITIVE_BASES` too.
    legal_basis: str = ""
    sensitive_basis: str = ""

    def to_plain(self) -> dict[str, Any]:
        """As JSON values; what is not said is left out."""
        return {name: value for name, value in vars(self).items() if value}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any] | None) -> Self:
        """Read back what :meth:`to_plain` wrote."""
        return cls(**dict(plain or {}))

    @property
    def basis_words(self) -> str:
        """The legal basis as people read it; nothing when it is not about a person."""
        if self.legal_basis == NOT_PERSONAL:
            return ""
        named = (LEGAL_BASES.get(self.legal_basis), SENSITIVE_BASES.get(self.sensitive_basis))
        return ". ".join(str(one) for one in named if one)

    def words(self) -> str:
        """What is said beside the question; nothing when it is not about a person."""
        if not self.purpose or self.legal_basis == NOT_PERSONAL:
            return ""
        said = _("The answer is used for this: %(purpose)s") % {"purpose": self.purpose}
        said = said.rstrip(".") + "."
        if self.basis_words:
            said += " " + _("Legal basis: %(basis)s.") % {"basis": self.basis_words}
        return said


@dataclass(frozen=True)
class Retention:
    """How long answers are kept, as said for a form or for one question."""

    delete_after_days: int | None = None
    #: ISO day, with the decision that says so.
    keep_until: str | None = None
    keep_decision: str = ""
    counted_from: str = ""

    def to_plain(self) -> dict[str, Any]:
        """As JSON values; what is not said is left out."""
        return {name: value for name, value in vars(self).items() if value}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any] | None) -> Self:
        """Read back what :meth:`to_plain` wrote."""
        return cls(**dict(plain or {}))

    @property
    def kept_until(self) -> datetime.date | None:
        """The day that the decision names, when it can be read."""
        try:
            return datetime.date.fromisoformat(self.keep_until) if self.keep_until else None
        except ValueError:
            return None

    def within(self, form: "Retention") -> "Retention":
        """What holds for a question: its own time, and the later of the two days to keep until."""
        later = max((self, form), key=lambda one: one.kept_until or datetime.date.min)
        return Retention(
            delete_after_days=self.delete_after_days or form.delete_after_days,
            keep_until=later.keep_until,
            keep_decision=later.keep_decision,
            counted_from=form.counted_from or CountedFrom.SUBMISSION,
        )

    def due(self, counted: datetime.date | None) -> datetime.date | None:
        """The first day that the answer may be erased; none means never by itself.

        Keep-until wins over delete-after: what a decision says is kept is kept.

        :param counted: the day the answer was sent, or the case closed; none when it is open.
        """
        if not self.delete_after_days or counted is None:
            return None
        due = counted + datetime.timedelta(days=self.delete_after_days)
        kept = self.kept_until
        return due if kept is None else max(due, kept + datetime.timedelta(days=1))

    def words(self) -> str:
        """How long, in a sentence for the person who answers."""
        if self.delete_after_days:
            said = (
                _("Deleted %(days)s days after the case is closed.")
                if self.counted_from == CountedFrom.CLOSING
                else _("Deleted %(days)s days after you have sent them.")
            ) % {"days": self.delete_after_days}
            if self.kept_until:
                said += " " + _("But never before %(day)s is over, by decision %(decision)s.") % {
                    "day": self.keep_until,
                    "decision": self.keep_decision,
                }
            return said
        if self.kept_until:
            return _("Kept at least until %(day)s, by decision %(decision)s.") % {
                "day": self.keep_until,
                "decision": self.keep_decision,
            }
        return ""


#: Nothing said.
NO_PRIVACY = Privacy()
NO_RETENTION = Retention()


def alive(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that have not been erased."""
    return {key: value for key, value in values.items() if not is_erased(value)}


def erased_words(value: Mapping[str, Any]) -> str:
    """What stands in the place of an erased answer."""
    return _("Erased on %(day)s") % {"day": value[ERASED]}
