"""What people must have been told, and whether they have."""

from collections.abc import Iterable

from people.models import NoticeVersion, Person, Receipt

#: Why time is reported and how personal data are used (R-177, R-220).
TIME_REPORTING = "tidsredovisning"


def current(key: str) -> NoticeVersion | None:
    """The newest version of the text, or none when the text does not exist."""
    return (
        NoticeVersion.objects.filter(notice__key=key)
        .select_related("notice")
        .order_by("-number")
        .first()
    )


def receipt_of(person: Person, key: str) -> Receipt | None:
    """The person's receipt for the newest version; an older receipt is not enough."""
    version = current(key)
    if version is None:
        return None
    return Receipt.objects.filter(person=person, version=version).select_related("version").first()


def never_informed(persons: Iterable[int], key: str) -> set[int]:
    """Those who have taken part of no version of the text; nobody while there is no text.

    An older version counts here: a new text asks for a new receipt, but nobody who has read
    the one before is uninformed. One query or two.
    """
    asked = set(persons)
    if not asked or current(key) is None:
        return set()
    told = Receipt.objects.filter(person__in=asked, version__notice__key=key)
    return asked - set(told.values_list("person", flat=True))
