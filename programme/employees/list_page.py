"""The page of a list that was read: what it would do, and whom it lacks."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.pages import paginate
from people.display import may_see, name_of
from people.models import Person, User
from programme.employees import actions
from programme.employees.forms import LeaveForm
from programme.employees.preview import SAME, WRONG, preview
from programme.models import EmployeeList

MOST_MISSING = 200


def shown(
    request: HttpRequest,
    found: EmployeeList,
    user: User,
    form: LeaveForm,
    ticked: Collection[str] = (),
) -> HttpResponse:
    """The page, with the last day's form as it was sent.

    :param ticked: the references of those who were ticked as having left.
    """
    seen = preview(*actions.opened(found), user)
    order = {WRONG: 0, SAME: 2}
    lines = sorted(seen.lines, key=lambda line: (order.get(line.kind, 1), line.number))
    persons = Person.objects.select_related("unit").in_bulk(
        [line.person for line in lines if line.person], field_name="public_id"
    )
    page = paginate(request.GET.get("page"), lines, per_page=100)
    lacking = seen.only_here[:MOST_MISSING]
    hidden = {key for key, person in persons.items() if not may_see(person, user)}
    return render(
        request,
        "employees/preview.html",
        {
            "batch": found,
            "shown": seen,
            "page": page,
            "rows": [
                (line, line.person in hidden, persons.get(line.person)) for line in page.object_list
            ],
            "counts": {kind: seen.number_of(kind) for kind in ("new", "moved", "changed", "same")},
            "missing": [(one, name_of(one, user), may_see(one, user)) for one in lacking],
            "missing_hidden": sum(not may_see(one, user) for one in lacking),
            "leaving": form,
            "ticked": ticked,
            "missing_more": max(len(seen.only_here) - MOST_MISSING, 0),
        },
        status=422 if form.errors else 200,
    )
