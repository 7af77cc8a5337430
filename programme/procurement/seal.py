"""The seal: what lies in the store is unreadable, also to whoever reads the disk.

The key comes from the installation's keys by a derivation of its own, so a tender
does not open with the vault's key nor the vault with the tenders'.
"""

import base64
import json
from dataclasses import asdict, dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class BrokenSeal(RuntimeError):
    """A tender does not open with any key, or has been changed in the store."""


@dataclass(frozen=True)
class Facts:
    """Who sent a tender and what the file is; as secret as the tender itself."""

    supplier: str
    name: str
    content_type: str


def sealed(content: bytes) -> bytes:
    """The content, readable only with the installation's keys."""
    return _keys(tuple(settings.IDENTITY_KEYS)).encrypt(content)


def opened(token: bytes) -> bytes:
    """What was sealed.

    :raises BrokenSeal: when no key opens it.
    """
    try:
        return _keys(tuple(settings.IDENTITY_KEYS)).decrypt(bytes(token))
    except InvalidToken as error:
        raise BrokenSeal from error


def sealed_facts(facts: Facts) -> bytes:
    """The facts as one sealed value."""
    return sealed(json.dumps(asdict(facts)).encode())


def facts_of(token: bytes) -> Facts:
    """The facts again."""
    return Facts(**json.loads(opened(token)))


@lru_cache(maxsize=4)
def _keys(secrets: tuple[str, ...]) -> MultiFernet:
    def derived(secret: str) -> Fernet:
        key = HKDF(hashes.SHA256(), 32, None, b"procurement tenders").derive(secret.encode())
        return Fernet(base64.urlsafe_b64encode(key))

    return MultiFernet([derived(secret) for secret in secrets])
