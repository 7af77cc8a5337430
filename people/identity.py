"""Personal identity numbers: read, encrypted, found again and shown masked.

This module and ``actions.py`` are the only places that hold a number in the
clear, and never longer than the call. The cipher text carries the person's id,
so a row copied to somebody else does not open.
"""

import base64
import datetime
import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from personnummer import personnummer

from people.display import may_see
from people.models import Identity, Person, User

#: A sealed text that no key of today opens.
Unopened = InvalidToken

WRITTEN = re.compile(
    r"^(?P<century>18|19|20)?(?P<date>\d{6})(?P<sign>[-+]?)(?P<last>\d{4})$", re.ASCII
)
INTERIM = re.compile(r"^(?:18|19|20)?\d{6}[-+]?[A-Z]\d{2,3}$")
UNIMPORTANT = re.compile(r"[\s\u00a0]+")


class BadIdentityNumber(ValueError):
    """What was typed is not a number we can use; ``message`` says why, never what."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__("bad identity number")
        self.message = message


class UnreadableIdentity(RuntimeError):
    """A stored number does not open with any key, or belongs to somebody else."""


@dataclass(frozen=True)
class IdentityNumber:
    """A checked number in its twelve-digit form; never printed."""

    kind: Identity.Kind
    number12: str = field(repr=False)

    def __str__(self) -> str:
        return mask(self.number12)

    @property
    def born(self) -> datetime.date:
        """The date of birth that the number carries."""
        day = int(self.number12[6:8])
        return datetime.date(
            int(self.number12[:4]), int(self.number12[4:6]), day - 60 if day > 60 else day
        )


def parse(text: str, today: datetime.date | None = None) -> IdentityNumber:
    """Read a personal identity number or a co-ordination number, as people write them.

    :raises BadIdentityNumber: with words for the one who typed.
    """
    today = today or timezone.localdate()
    compact = UNIMPORTANT.sub("", text).replace("–", "-").upper()
    if INTERIM.match(compact):
        raise BadIdentityNumber(
            _(
                "This looks like an interim number, which has a letter in it. Statistics Sweden does "
                "not accept those. Leave the number out and add it when the person has received one."
            )
        )
    match = WRITTEN.match(compact)
    if match is None:
        raise BadIdentityNumber(_("Write the number with twelve digits, such as YYYYMMDD-NNNN."))
    century = match["century"] or _century(match["date"], match["sign"], today)
    number12 = f"{century}{match['date']}{match['last']}"
    if not personnummer.valid(number12):
        raise BadIdentityNumber(
            _(
                "The number is not right: the date or the last digit does not add up. Check what you typed."
            )
        )
    kind = (
        Identity.Kind.SAMORDNINGSNUMMER if int(number12[6:8]) > 60 else Identity.Kind.PERSONNUMMER
    )
    number = IdentityNumber(kind, number12)
    if number.born > today:
        raise BadIdentityNumber(_("The date of birth lies in the future. Check the year."))
    return number


def _century(date: str, sign: str, today: datetime.date) -> str:
    """The latest century in which the date is not in the future; one more back for «+»."""
    year = today.year - (today.year - int(date[:2])) % 100
    day = int(date[4:6])
    if (year, int(date[2:4]), day - 60 if day > 60 else day) > (today.year, today.month, today.day):
        year -= 100
    if sign == "+":
        year -= 100
    return f"{year // 100:02d}"


def mask(number12: str) -> str:
    """The number as it is shown: the last four digits hidden."""
    return f"{number12[:8]}-****"


def find_person(number: IdentityNumber) -> Person | None:
    """Whose number it is, found by its keyed hash; no number is decrypted."""
    return (
        Person.objects.select_related("unit")
        .filter(identity__digest=digest(number.number12))
        .first()
    )


def masked(person: Person, viewer: User | AnonymousUser | None) -> str:
    """The person's number with the last four digits hidden; empty when there is none.

    Note: select_related("identity", "unit") in lists, or each row costs a query.
    """
    if not may_see(person, viewer):
        return gettext("Protected identity")
    identity: Identity | None = getattr(person, "identity", None)
    return mask(decrypt(identity)) if identity else ""


def digest(number12: str) -> str:
    """A keyed hash: finds a number, and tells nothing to those without the key."""
    key = _derived(settings.IDENTITY_PEPPER, "digest")
    return hmac.new(key, number12.encode(), hashlib.sha256).hexdigest()


def encrypt(person_id: int, number12: str) -> bytes:
    """The number under the newest key, tied to the person."""
    return _vault().encrypt(f"{person_id}:{number12}".encode())


def decrypt(identity: Identity) -> str:
    """The number of a stored identity.

    :raises UnreadableIdentity: when no key opens it or it was moved between persons.
    """
    try:
        owner, number12 = _vault().decrypt(bytes(identity.ciphertext)).decode().split(":")
    except InvalidToken as error:
        raise UnreadableIdentity(f"identity {identity.pk} does not open") from error
    if int(owner) != identity.person_id:
        raise UnreadableIdentity(f"identity {identity.pk} belongs to another person")
    return number12


def born_of(person_ids: Collection[int]) -> dict[int, datetime.date]:
    """Dates of birth of those whose number is known, to count ages by; they go no further.

    One query; about fifty microseconds of decryption a person.
    """
    return {
        row.person_id: IdentityNumber(Identity.Kind(row.kind), decrypt(row)).born
        for row in Identity.objects.filter(person__in=person_ids)
    }


def reencrypted(identity: Identity) -> bytes:
    """The same cipher text under the newest key, for a change of keys."""
    return _vault().rotate(bytes(identity.ciphertext))


def seal_text(text: str, *, purpose: str = "second-factor") -> str:
    """Encrypt another secret: a second factor's seed, or a list that waits to be taken in.

    :param purpose: what it is for; a text sealed for one purpose does not open for another.
    """
    return _fernet(purpose).encrypt(text.encode()).decode()


def open_text(sealed: str, *, purpose: str = "second-factor") -> str:
    """What :func:`seal_text` sealed for the purpose.

    :raises Unopened: when no key of today opens it.
    """
    return _fernet(purpose).decrypt(sealed.encode()).decode()


def _vault() -> MultiFernet:
    return _fernet("vault")


def _fernet(purpose: str) -> MultiFernet:
    return _fernet_of(tuple(settings.IDENTITY_KEYS), purpose)


@lru_cache(maxsize=16)
def _fernet_of(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


@lru_cache(maxsize=32)
def _derived(secret: str, purpose: str) -> bytes:
    """Thirty-two bytes for one purpose, so no key serves two."""
    return HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=f"portal identity {purpose}".encode()
    ).derive(secret.encode())
