"""The municipalities that guests choose among; the list is staff's from then on."""

from collections.abc import Mapping

from programme.models import Municipality


def load_municipalities(names: Mapping[str, str]) -> None:
    """Add those that are missing, inside the caller's operation."""
    known = set(Municipality.objects.values_list("code", flat=True))
    Municipality.objects.bulk_create(
        Municipality(code=code, name=name) for code, name in names.items() if code not in known
    )
