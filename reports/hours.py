"""The whole story of an hour: invited, marked, counted, attested, checked, corrected, certified."""

from django.db.models import Q

from people.models import User
from programme.models import (
    Attendance,
    Correction,
    CountedTime,
    Invitation,
    ReportRow,
    Segment,
    Statement,
)
from reports import queries
from reports.models import Certificate


def story(counted: CountedTime, viewer: User) -> list[queries.Line]:
    """Every operation on the rows that the hour rests on, and on those that rest on it."""
    person = counted.person_id
    # Whoever was written down by name only has rows of their own until they are merged.
    seat = Q(occasion=counted.occasion_id) & (Q(person=person) | Q(person__merged_into=person))
    month = Q(person=person, month__first_day=counted.day.replace(day=1))
    rows = {
        Invitation: Invitation.objects.filter(seat),
        Attendance: Attendance.objects.filter(seat),
        Segment: Segment.objects.filter(seat),
        ReportRow: ReportRow.objects.filter(person=person, evidence__occasion=counted.occasion_id),
        CountedTime: CountedTime.objects.filter(seat),
        Statement: Statement.objects.filter(month),
        Correction: Correction.objects.filter(seat),
        Certificate: Certificate.objects.filter(month),
    }
    return queries.told_of(
        {model: list(found.values_list("pk", flat=True)) for model, found in rows.items()}, viewer
    )
