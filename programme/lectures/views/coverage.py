"""How the themes are covered: the picture, and what its numbers are counted from."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.pages import paginate
from people.access import held_by
from people.display import name_of
from people.models import Capability, User
from programme.lectures import access, costs, coverage
from programme.occasions.access import seen_by
from programme.views.base import the_programme, user_of


def _counter(request: HttpRequest) -> User:
    user = user_of(request)
    if not (access.may_read(user) or held_by(user).can(Capability.SEE_TOTALS)):
        raise Http404
    return user


@login_required
@require_safe
def covered_page(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The lectures and occasions that a cell of the table is counted from."""
    user = _counter(request)
    found = coverage.behind(the_programme(), kind, key)
    if found is None:
        raise Http404
    page = paginate(request.GET.get("page"), list(found.occasions), per_page=100)
    reads = {one.pk for one in seen_by(user).filter(pk__in=[each.pk for each in page.object_list])}
    return render(
        request,
        "lectures/staff/covered.html",
        {
            "found": found,
            "page": page,
            "reads": reads,
            "may_read": access.may_read(user),
        },
    )


@login_required
@require_safe
def followers_page(request: HttpRequest, key: str) -> HttpResponse:
    """The persons that a principle's number of persons is counted from, by name."""
    user = _counter(request)
    if not access.reaches_persons(user):
        raise Http404
    found = coverage.followers(the_programme(), key, user)
    if found is None:
        raise Http404
    page = paginate(request.GET.get("page"), found.seen, per_page=100)
    page.object_list = [
        (name_of(one, user), one.unit.name, found.lectures[one.pk]) for one in page.object_list
    ]
    return render(
        request,
        "lectures/staff/followers.html",
        {"found": found, "page": page, "total": len(found.lectures), "theme": key},
    )


@login_required
@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """The picture of themes and modules; for those who see totals too."""
    user = _counter(request)
    return render(
        request,
        "lectures/staff/coverage.html",
        {
            "coverage": coverage.of_programme(the_programme()),
            "costs": costs.of_programme(the_programme()),
            "left": coverage.LEFT,
            "reaches_persons": access.reaches_persons(user),
            "may_read": access.may_read(user),
        },
    )
