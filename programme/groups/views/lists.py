"""The list of groups."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pages import paginate
from programme.groups import reading
from programme.groups.views.base import arranged_districts, arranger
from programme.groups.words import GROUP_STATUS
from programme.models import Group
from programme.views.base import the_programme


@login_required
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups with how full they are and where they have come."""
    user = arranger(request)
    programme = the_programme()
    wanted = reading.GroupFilter(
        course=request.GET.get("kurs", ""),
        wave=request.GET.get("omgang", ""),
        district=request.GET.get("forvaltning", ""),
        state=request.GET.get("lage", ""),
    )
    groups = reading.narrowed(reading.groups_for(user), wanted)
    page = paginate(request.GET.get("page"), groups, per_page=50)
    limits = reading.limits_on(programme, timezone.localdate())
    return render(
        request,
        "groups/list.html",
        {
            "page": page,
            "rows": [
                {
                    "group": group,
                    "status": GROUP_STATUS[Group.State(group.state)],
                    "over": group.size > limits.highest,
                }
                for group in page.object_list
            ],
            "wanted": wanted,
            "courses": list(programme.courses.all()),
            "waves": list(programme.waves.all()),
            "districts": list(arranged_districts(user)),
            "states": Group.State.choices,
            "unplaced": reading.unplaced(user).count(),
        },
    )
