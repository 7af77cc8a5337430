"""Reads of the accessibility checklist, the same few queries for one venue as for all."""

from collections.abc import Sequence

from programme.models import AccessibilityPoint, VenueCheck
from programme.venues.rules import Point, Verdict, verdict


def points_of(programme_id: int) -> list[AccessibilityPoint]:
    """The questions in use, in order."""
    return list(AccessibilityPoint.objects.filter(programme=programme_id, in_use=True))


def newest_checks(venue_ids: Sequence[int]) -> dict[int, VenueCheck]:
    """The check that counts, for each venue that has one."""
    checks = (
        VenueCheck.objects.filter(venue__in=venue_ids)
        .select_related("checked_by")
        .order_by("venue_id", "-checked_on", "-pk")
        .distinct("venue_id")
    )
    return {check.venue_id: check for check in checks}


def verdict_of(check: VenueCheck | None, points: Sequence[AccessibilityPoint]) -> Verdict:
    """What the check says of the points of today."""
    replies = {row["text"]: row["answer"] for row in check.answers} if check else None
    return verdict([Point(point.text, point.needed) for point in points], replies)
