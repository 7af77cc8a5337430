"""The lock that everything about an event's guests takes first."""

from programme.models import GuestList


def lock(list_id: int) -> GuestList:
    """The guest list until the transaction ends: two guests for the last seat wait here."""
    return (
        GuestList.objects.select_for_update(of=("self",), no_key=True)
        .select_related("occasion__programme", "occasion__district")
        .get(pk=list_id)
    )
