"""Why is this number what it is: one counted time, down to the times present."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from people.access import below, held_by
from people.display import name_of
from people.models import Capability, User
from programme.hours.words import worded
from programme.models import Attendance, CountedTime, Segment
from programme.views.base import user_of


def visible_to(user: User) -> QuerySet[CountedTime]:
    """One's own, and those of staff, occasions or money within reach."""
    reach = Q(person__user=user) | below(user, Capability.ARRANGE, "occasion__district")
    for capability in (Capability.CHECK_HOURS, Capability.SEE_ECONOMY, Capability.AUDIT):
        reach |= below(user, capability, "person__unit")
    return CountedTime.objects.filter(reach)


@login_required
@require_safe
def explained(request: HttpRequest, counted: str) -> HttpResponse:
    """Every step from the times present to the minutes, and the rows they come from."""
    user = user_of(request)
    found = get_object_or_404(
        visible_to(user).select_related("occasion", "person__unit", "rules"), public_id=counted
    )
    seat = {"occasion": found.occasion_id, "person": found.person_id}
    cluster = Q(person=found.person_id) | Q(person__merged_into=found.person_id)
    return render(
        request,
        "months/counted.html",
        {
            "counted": found,
            "name": name_of(found.person, user),
            "steps": worded(found),
            "mark": Attendance.objects.filter(**seat).select_related("marked_by").first(),
            "segments": Segment.objects.filter(cluster, occasion=found.occasion_id).select_related(
                "recorded_by", "voided_by", "evidence"
            ),
            "older": CountedTime.objects.filter(**seat).exclude(pk=found.pk).order_by("-pk"),
            "month": f"{found.day:%Y-%m}",
            "own": found.person.user_id == user.pk,
            "audits": held_by(user).covers(Capability.AUDIT, found.person.unit),
        },
    )
