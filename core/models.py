"""Base classes for database rows; they add no table of their own."""

import secrets

from django.db import models

# No vowels and no look-alikes: a reference read aloud on the phone is not
# misheard and never spells a word.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_public_id() -> str:
    """A random public reference (about 57 bits) for addresses.

    Addresses never carry primary keys: those tell how many rows there are and
    invite guessing.
    """
    number = secrets.randbelow(len(ALPHABET) ** 12)
    letters = []
    for _ in range(12):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


class PublicIdModel(models.Model):
    """A row that can stand in an address."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)

    class Meta:
        abstract = True
