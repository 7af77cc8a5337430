"""Numbers as the file shows them: twelve digits, or the code of a protected identity (B3)."""

from people import identity
from people.models import Identity, Sex

WOMAN, MAN = "Tf29", "Tf19"


def shown(ciphertext: bytes, person_id: int, *, protected: bool, sex: str) -> str:
    """The number of a stored identity, or birth date and code for a protected one.

    :raises people.identity.UnreadableIdentity: when it does not open.
    """
    number12 = identity.decrypt(Identity(person_id=person_id, ciphertext=ciphertext))
    return protected_code(number12, sex) if protected else number12


def protected_code(number12: str, sex: str) -> str:
    """ÅÅÅÅMMDDTf29 for a woman, ÅÅÅÅMMDDTf19 for a man; the day of birth without the added 60.

    Where the register says neither, the number's own digit decides: SCB knows two codes.
    """
    day = int(number12[6:8])
    born = f"{number12[:6]}{day - 60 if day > 60 else day:02d}"
    if sex in (Sex.WOMAN, Sex.MAN):
        return born + (WOMAN if sex == Sex.WOMAN else MAN)
    return born + (WOMAN if int(number12[10]) % 2 == 0 else MAN)
