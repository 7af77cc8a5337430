"""What people must have been told, and whether they have."""

from people.models import NoticeVersion, Person, Receipt


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
